import { certainValue, labelsOf } from '../facts/labels.js';
import { defineRule, list, type Rule } from './define-rule.js';

interface LabelValueRule {
  readonly id: string;
  readonly summary: string;
  /** hadolint's. */
  readonly code: string;
  /** What the value is to be, for the option and the message: "a URL". */
  readonly wanted: string;
  /** Labels of which that is known without being told. */
  readonly labels?: readonly string[];
  /** What comes of another value. */
  readonly cost: string;
  isValid(value: string): boolean;
  /** What to write instead. */
  help(value: string): string;
}

/** A rule on the form of what labels say. An empty value is none: it takes back the label of the base image. */
export function labelValueRule({ id, summary, code, wanted, labels = [], cost, isValid, help }: LabelValueRule): Rule {
  return defineRule({
    id,
    summary,
    category: 'correctness',
    severity: 'info',
    presets: ['recommended', 'strict'],
    since: '0.2.0',
    aliases: [code],
    like: { hadolint: { severity: 'warning', options: { labels: [] } } },
    options: { labels: list({ describe: `Labels whose value must be ${wanted}`, default: labels }) },
    messages: {
      invalid: ({ key, value }: { key: string; value: string }) => ({
        message: `\`${key}\` says \`${shortened(value)}\`, which is not ${wanted}: ${cost}`,
        help: help(value),
      }),
    },
    check({ facts, options, report }) {
      if (options.labels.length === 0) return;
      for (const label of labelsOf(facts)) {
        if (label.key === null || !options.labels.includes(label.key)) continue;
        const value = certainValue(label, facts);
        if (value === null || value === '' || isValid(value)) continue;
        const at = label.pair.value?.span ?? label.pair.span;
        report('invalid', { at, data: { key: label.key, value } });
      }
    },
  });
}

function shortened(value: string): string {
  const line = value.slice(0, 200).replace(/[\s`]+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
