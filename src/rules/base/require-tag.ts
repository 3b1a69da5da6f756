import { defaultOf, hasFewTags, isLocalImage } from '../../facts/base-word.js';
import { isVariableToHadolint } from '../../facts/hadolint.js';
import { suggestedTag } from '../../facts/suggested-tag.js';
import { defineRule, semantics } from '../define-rule.js';

/** Without a tag Docker takes `latest`, which is another image every few weeks. */
export default defineRule({
  id: 'base/require-tag',
  summary: 'Name the version of a base image',
  category: 'reproducibility',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3006'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    untagged: ({ image, tagged, only }: { image: string; tagged: string | null; only: boolean }) => ({
      message: `\`${image}\` without a tag means \`latest\`: the next build may start from ${only ? 'another image' : 'another major version'}`,
      help: only
        ? `pin its digest (\`${image}@sha256:...\`), as this registry has few tags`
        : `name a version${tagged === null ? `: \`${image}:<version>\`` : `, such as \`${tagged}\``}`,
    }),
  },
  check({ facts, options, report }) {
    for (const { image, parent } of facts.stages) {
      const { word, reference } = image;
      if (parent || !word || !reference || reference.tag !== null || reference.digest !== null) continue;
      if (options.semantics === 'hadolint' ? isVariableToHadolint(word.text) : isLocalImage(reference, facts)) continue;
      const by = defaultOf(word, facts);
      report('untagged', {
        at: word.span,
        data: {
          image: reference.familiarName,
          tagged: suggestedTag(reference, facts.options.now),
          only: hasFewTags(reference),
        },
        related: by ? [{ at: by.span, message: 'the value that it has by default' }] : [],
      });
    }
  },
});
