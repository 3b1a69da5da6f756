import type { Word } from '../../dockerfile/ast.js';
import { defaultOf, hasFewTags, isLocalImage } from '../../facts/base-word.js';
import { suggestedTag } from '../../facts/suggested-tag.js';
import type { Span } from '../../model/span.js';
import { defineRule, list, semantics } from '../define-rule.js';

/** `latest` is whatever was pushed last: two builds of one file differ, and a cached one is older than it says. */
export default defineRule({
  id: 'base/no-latest',
  summary: 'Name the version of a base image instead of latest',
  category: 'reproducibility',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3007'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  options: {
    tags: list({ describe: 'Tags that move, for instance also `stable` and `edge`', default: ['latest'] }),
    semantics: semantics('hadolint'),
  },
  messages: {
    moving: ({ tag, tagged, only }: { tag: string; tagged: string | null; only: boolean }) => ({
      message: `\`${tag}\` is another image with every release: the next build may start from another major version`,
      help: only
        ? `pin its digest (\`:${tag}@sha256:...\`), as this registry has few other tags`
        : `name a version${tagged === null ? '' : `, such as \`${tagged}\``}`,
    }),
  },
  check({ facts, options, report }) {
    for (const { image, parent } of facts.stages) {
      const { word, reference } = image;
      const tag = reference?.tag ?? null;
      if (parent || !word || !reference || tag === null || reference.digest !== null || !options.tags.includes(tag))
        continue;
      const literal = tagSpan(word, tag);
      if (options.semantics === 'hadolint' ? literal === null : isLocalImage(reference, facts)) continue;
      const by = literal ? null : defaultOf(word, facts);
      report('moving', {
        at: literal ?? word.span,
        data: { tag, tagged: suggestedTag(reference, facts.options.now), only: hasFewTags(reference) },
        related: by ? [{ at: by.span, message: 'the value that it has by default' }] : [],
      });
    }
  },
});

/** Where the tag stands in a word that ends with it; null where a variable brings it. */
function tagSpan({ text, span }: Word, tag: string): Span | null {
  const isWhole = span.end - span.start === text.length && text.endsWith(`:${tag}`);
  return isWhole ? { start: span.end - tag.length, end: span.end } : null;
}
