import { parseImageReference } from '../../dockerfile/image-reference.js';
import { stageReferences } from '../../facts/stage-references.js';
import type { Facts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import type { Span } from '../../model/span.js';
import { defineRule, list } from '../define-rule.js';

/** Which registries may be built from is for the people to say whose image it is; the rule holds the file against that. */
export default defineRule({
  id: 'base/allowed-registries',
  summary: 'Take images from allowed registries only',
  category: 'security',
  severity: 'error',
  presets: [],
  since: '0.2.0',
  aliases: ['DL3026'],
  like: { hadolint: { severity: 'error' } },
  options: {
    allow: list({
      describe: 'Registries that images may come from, such as `docker.io` or `*.example.com`; empty: all of them',
    }),
  },
  messages: {
    other: ({ registry, allowed }: { registry: string; allowed: string }) => ({
      message: `this image comes from \`${registry}\`, which is not among the allowed registries`,
      help: `take it from ${allowed}, or add the registry to the option \`allow\``,
    }),
  },
  check({ facts, options, report }) {
    if (options.allow.length === 0) return;
    const allowed = shorten(options.allow.map((one) => `\`${one}\``).join(', '), 80);
    for (const { at, registry } of registriesUsed(facts)) {
      if (options.allow.some((one) => matches(one, registry))) continue;
      report('other', { at, data: { registry: shorten(registry), allowed } });
    }
  },
});

/** Where every image of FROM, COPY and RUN is pulled from, as far as that is known. */
function registriesUsed(facts: Facts): readonly { at: Span; registry: string }[] {
  const used: { at: Span; registry: string }[] = [];
  const add = (at: Span, registry: string | null): void => {
    if (registry !== null) used.push({ at, registry });
  };
  for (const { parent, image, stage } of facts.stages) {
    if (parent || !image.word || image.scratch || facts.context?.namedContexts.has(image.text ?? '')) continue;
    add(stage.from.image?.span ?? image.word.span, image.reference?.registry ?? writtenRegistry(image.word.text));
  }
  for (const { stage, text, span, literal, namedContext } of stageReferences(facts)) {
    if (stage || namedContext || text === 'scratch' || /^\d+$/.test(text)) continue;
    const parsed = literal ? parseImageReference(text) : null;
    add(span, parsed ? (parsed.ok ? parsed.value.registry : null) : writtenRegistry(text));
  }
  return used.sort((a, b) => a.at.start - b.at.start);
}

/** The registry at the head of a word whose rest holds an unknown variable. */
function writtenRegistry(word: string): string | null {
  const head = /^([\w.-]+(?::\d+)?)\//.exec(word)?.[1];
  return head !== undefined && /[.:]|^localhost$/.test(head) ? head : null;
}

/** `*` stands for any text, at the beginning (`*.example.com`), the end (`registry.*`), or alone. */
function matches(pattern: string, registry: string): boolean {
  const own = pattern === 'index.docker.io' || pattern === 'hub.docker.com' ? 'docker.io' : pattern;
  const star = own.indexOf('*');
  if (star < 0) return own === registry;
  const [head, tail] = [own.slice(0, star), own.slice(star + 1).replaceAll('*', '')];
  return registry.length >= head.length + tail.length && registry.startsWith(head) && registry.endsWith(tail);
}
