import type { KeyValue, PairsInstruction } from '../../dockerfile/ast.js';
import type { Facts } from '../../facts/types.js';
import { placeOfVariable } from '../../facts/variable-place.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, semantics } from '../define-rule.js';

/** All values of one ENV are expanded before any of its variables is set. */
export default defineRule({
  id: 'instruction/env-self-reference',
  summary: 'Use a variable only below the ENV that sets it',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3044'],
  like: { hadolint: { severity: 'error', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    notYet: ({ name, user }: { name: string; user: string }) => ({
      message: `\`${user}\` does not get this \`$${name}\`: an ENV expands all of its values before it sets any`,
      help: `set \`${user}\` in an ENV of its own below`,
    }),
  },
  check({ document, facts, options, report }) {
    for (const env of facts.instructions('ENV')) {
      if (env.pairs.length < 2 || !env.argumentsText.includes('$')) continue;
      for (const [setting, using] of references(env)) {
        const name = setting.key.text;
        if (options.semantics === 'plimsoll' && mayBeMeant(name, setting, using, env, facts)) continue;
        if (options.semantics === 'hadolint' && isSetBefore(name, env, facts)) continue;
        report('notYet', {
          at: using.value ? placeOfVariable(name, using.value, document).span : using.span,
          data: { name: shorten(name), user: shorten(using.key.text) },
          related: [{ at: setting.key.span, message: 'takes effect with the next instruction' }],
        });
        break;
      }
    }
  },
});

/** Each pair whose variable another pair of the instruction uses, with that pair. */
function references({ pairs }: PairsInstruction): readonly (readonly [KeyValue, KeyValue])[] {
  const byName = new Map(pairs.map((pair) => [pair.key.text, pair]));
  const found: (readonly [KeyValue, KeyValue])[] = [];
  for (const using of pairs) {
    for (const name of namesIn(using.value?.text ?? '')) {
      const setting = byName.get(name);
      if (setting && setting !== using) found.push([setting, using]);
    }
  }
  return found;
}

/** Variables of a value, single quotes and escaped dollars left out. */
function namesIn(value: string): readonly string[] {
  if (!value.includes('$')) return [];
  const open = value.replace(/\\[\\$]/g, '').replace(/^'[^']*'$/, '');
  return [...open.matchAll(/\$(?:(\w+)|\{(\w+)\})/g)].map(([, plain, braced]) => plain ?? braced ?? '');
}

function isSetBefore(name: string, env: PairsInstruction, facts: Facts): boolean {
  const { env: variables, args } = facts.stateAt(env);
  return variables.get(name) !== undefined || args.get(name) !== undefined;
}

/** The value from before may be meant: that of a variable set above, or one that the image brings. */
function mayBeMeant(name: string, setting: KeyValue, using: KeyValue, env: PairsInstruction, facts: Facts): boolean {
  if (isSetBefore(name, env, facts)) return true;
  // The reader of `A=$B B=1` is told by the order; and what adds to a value of the image knows that there is one.
  return setting.span.start > using.span.start || namesIn(setting.value?.text ?? '').includes(name) || name === 'PATH';
}
