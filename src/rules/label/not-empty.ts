import { certainValue, labelsOf } from '../../facts/labels.js';
import { defineRule, list } from '../define-rule.js';

/** A label without a value says no more than none, and takes back what the base image said. */
export default defineRule({
  id: 'label/not-empty',
  summary: 'Give labels that must say something a value',
  category: 'correctness',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3051'],
  like: { hadolint: { severity: 'warning' } },
  options: { labels: list({ describe: 'Labels that must not be empty' }) },
  messages: {
    empty: ({ key }: { key: string }) => ({
      message: `\`${key}\` is empty: that is as good as no label, and takes back what the base image says there`,
      help: 'give it a value, or leave the label out',
    }),
  },
  check({ facts, options, report }) {
    if (options.labels.length === 0) return;
    for (const label of labelsOf(facts)) {
      if (label.key === null || !options.labels.includes(label.key)) continue;
      if (certainValue(label, facts) === '') report('empty', { at: label.pair.span, data: { key: label.key } });
    }
  },
});
