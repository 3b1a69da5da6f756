import { fromWords, globalArguments, stopsBuild, undeclaredIn, valueByDefault } from '../../facts/from-arguments.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, semantics } from '../define-rule.js';

/** An ARG that FROM needs and that has no default: `docker build .` fails, and nothing says what to pass. */
export default defineRule({
  id: 'base/default-arg',
  summary: 'Give the arguments of FROM a default that works',
  category: 'reproducibility',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['InvalidDefaultArgInFrom'],
  like: { buildkit: { severity: 'warning', options: { semantics: 'buildkit' } } },
  options: { semantics: semantics('buildkit') },
  messages: {
    empty: ({ text, name }: { text: string; name: string }) => ({
      message: `\`${text}\` is empty in a plain \`docker build\`, which stops there without saying what it needs`,
      help: `give ARG ${name} a default, or write \`\${${name}:?tell what to pass}\``,
    }),
    invalid: ({ text, value, name }: { text: string; value: string; name: string }) => ({
      message: `\`${text}\` comes to \`${value}\` in a plain \`docker build\`, which is no image, and the build stops`,
      help: `give ARG ${name} a default that works, or write \`\${${name}:?tell what to pass}\``,
    }),
  },
  check({ facts, options, report }) {
    const isOurs = options.semantics === 'plimsoll';
    const said = new Set<string>();
    for (const from of fromWords(facts)) {
      if (from.kind !== 'image') continue;
      const value = valueByDefault(from, facts);
      if (value === null || !stopsBuild('image', value, facts)) continue;
      const names = [...from.word.text.matchAll(/\$\{?(\w+)/g)].map((match) => match[1] ?? '');
      // Who builds it knows what to pass; what nothing declares is another rule's.
      if (isOurs && (undeclaredIn(from, facts).length > 0 || names.some((name) => isSupplied(name)))) continue;
      // Many stages on one argument are one thing to mend.
      if (isOurs && said.has(from.word.text)) continue;
      said.add(from.word.text);
      const declared = globalArguments(facts);
      const pair = names.flatMap((name) => declared.get(name) ?? [])[0];
      const data = { text: shorten(from.word.text), value: shorten(value), name: pair?.key.text ?? names[0] ?? '' };
      report(value === '' ? 'empty' : 'invalid', {
        at: from.word.span,
        data,
        related: pair ? [{ at: pair.span, message: pair.value ? 'its default' : 'has no default' }] : [],
      });
    }

    function isSupplied(name: string): boolean {
      return facts.options.buildArgs.has(name) || (facts.context?.suppliedArgs.has(name) ?? false);
    }
  },
});
