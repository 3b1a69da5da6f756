import { PRESETS, presetEntry } from '../../src/engine/presets.js';
import type { OptionSpec, Rule } from '../../src/rules/define-rule.js';

const START = '<!-- generated from the rule; run `npm run generate` -->';
const END = '<!-- end of what is generated -->';

/** What stands at the top of a rule's page: summary, metadata, options. */
export function headOf(rule: Rule): string {
  const presets = presetsOf(rule)
    .map((name) => `\`${name}\``)
    .join(', ');
  const aliases = rule.aliases.length === 0 ? 'none' : rule.aliases.map((alias) => `\`${alias}\``).join(', ');
  const fix = rule.fix === null ? 'no' : rule.fix === 'safe' ? 'safe (`--fix`)' : 'suggestion (`--fix-suggestions`)';
  return [
    START,
    `${rule.summary}.`,
    '',
    '| severity | category | presets | aliases | fix | since |',
    '|---|---|---|---|---|---|',
    `| ${rule.severity} | ${rule.category} | ${presets} | ${aliases} | ${fix} | ${rule.since} |`,
    ...optionsOf(rule),
    '',
    `To silence it: \`# plimsoll ignore=${rule.id} -- the reason\` above the instruction, or \`${rule.id}: off\` under`,
    '`rules` in .plimsoll.yaml.',
    END,
  ].join('\n');
}

/** The page with its generated part made new; put behind the title where there is none yet. */
export function withHead(page: string, head: string): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start !== -1 && end !== -1) return page.slice(0, start) + head + page.slice(end + END.length);
  const [title = '', ...rest] = page.split('\n');
  const body = rest.join('\n').replace(/^\n+/, '');
  return `${title}\n\n${head}\n\n${body}`;
}

/** Presets that turn the rule on. */
function presetsOf(rule: Rule): readonly string[] {
  return PRESETS.filter((preset) => presetEntry(rule, preset)?.on);
}

function optionsOf(rule: Rule): readonly string[] {
  const entries = Object.entries(rule.options);
  if (entries.length === 0) return [];
  return [
    '',
    '| option | takes | default | meaning |',
    '|---|---|---|---|',
    ...entries.map(
      ([name, spec]) => `| \`${name}\` | ${takes(spec)} | \`${JSON.stringify(spec.default)}\` | ${spec.describe} |`,
    ),
  ];
}

function takes(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'list':
      return 'a list of texts';
    case 'text':
      return spec.values ? spec.values.map((value) => `\`${value}\``).join(', ') : 'a text';
    case 'number':
      return `a number from ${spec.minimum}`;
    case 'flag':
      return 'true or false';
  }
}
