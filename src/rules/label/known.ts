import { labelsOf } from '../../facts/labels.js';
import { defineRule, flag, list } from '../define-rule.js';

/** Where others read an image's labels by a list, a label beside the list is read by nobody, or is misspelt. */
export default defineRule({
  id: 'label/known',
  summary: 'Set only labels that are agreed on',
  category: 'style',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3050'],
  like: { hadolint: { severity: 'info' } },
  options: {
    labels: list({ describe: 'Labels that are agreed on' }),
    strict: flag({ describe: 'Report all others; without it the rule is silent' }),
  },
  messages: {
    unknown: ({ key }: { key: string }) => ({
      message: `\`${key}\` is none of the labels that are agreed on, so nobody reads it`,
      help: 'correct its name, leave it out, or add it to `labels` of this rule',
    }),
  },
  check({ facts, options, report }) {
    if (!options.strict) return;
    for (const { key, pair } of labelsOf(facts)) {
      if (key === null || key === '' || options.labels.includes(key)) continue;
      report('unknown', { at: pair.key.span, data: { key } });
    }
  },
});
