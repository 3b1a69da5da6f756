import { tagSpan } from '../../facts/base-word.js';
import { type EndOfLife, endOfLife } from '../../facts/end-of-life.js';
import { defineRule, list } from '../define-rule.js';

/** Rebuilding an image on a dead base brings no fix for what is found in it: the tag will never change again. */
export default defineRule({
  id: 'base/no-eol',
  summary: 'Build on releases that still get security fixes',
  category: 'security',
  // The day comes without an edit, and a third of real files are past it: advice that turns no build red by itself.
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  options: {
    allow: list({ describe: 'Images that may be past their end of life, as FROM names them (`node:12-alpine`)' }),
  },
  messages: {
    image: (d: Found) => ({
      message: `\`${d.image}\` is ${d.end.product}, which ${reached(d.end)}`,
      help: advice(d.end),
    }),
    variant: (d: Found) => ({
      message: `\`${d.image}\` is built on ${d.end.product}, which ${reached(d.end)}`,
      help: advice(d.end),
    }),
    repository: (d: Found) => ({
      message: `\`${d.image}\` is no longer rebuilt, so it gets no security fixes: the repository was given up${d.end.date ? ` after ${d.end.date}` : ''}`,
      help: advice(d.end),
    }),
  },
  check({ facts, options, report }) {
    const seen = new Set<string>();
    for (const stage of facts.stages) {
      const { text, reference } = stage.image;
      if (stage.parent || stage.role === 'unreachable' || text === null || !reference) continue;
      if (seen.has(text) || options.allow.includes(text)) continue;
      seen.add(text);
      const end = endOfLife(reference, facts.options.now);
      const at = end && (end.part === 'repository' ? (stage.image.word?.span ?? null) : tagSpan(stage.image));
      if (at) report(end.part, { at, data: { image: text.replace(/@.*/, ''), end } });
    }
  },
});

interface Found {
  readonly image: string;
  readonly end: EndOfLife;
}

function reached(end: EndOfLife): string {
  return end.date === null
    ? 'is past its end of life and gets no more security fixes'
    : `reached its end of life on ${end.date} and gets no more security fixes`;
}

function advice({ replacement, lts }: EndOfLife): string {
  if (replacement === null) return 'move to a release that still gets security fixes';
  return `move to \`${replacement}\`${lts ? ', a line with long-term support' : ''}`;
}
