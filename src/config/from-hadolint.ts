import { nameRules } from '../engine/rule-names.js';
import type { Rule } from '../rules/define-rule.js';
import { HADOLINT_FORMATS, type HadolintReading, type HadolintSettings, meaningOf } from './hadolint.js';
import type { Level, Sourced } from './types.js';

/**
 * A `.plimsoll.yaml` that says what a configuration of hadolint says, with comments for who reads it first. What has no
 * counterpart is a comment too.
 *
 * @param name the file of hadolint's, as shown.
 */
export function renderFromHadolint(
  { settings, warnings }: HadolintReading,
  name: string,
  rules: readonly Rule[],
): string {
  const { layer, comments, warnings: unknown } = meaningOf(settings, nameRules(rules));
  const rest = [...warnings, ...unknown, ...remarks(settings, rules)];
  const entries = [...ruleLines(layer.rules, rules), ...codeLines(layer.codes)];
  return [
    `# Configuration of plimsoll, made from ${name}, which is not read beside this file.`,
    '# What holds for a file, and why: plimsoll --print-config Dockerfile',
    '',
    '# The rules of hadolint with its severities. Without this line, or with recommended here, plimsoll has its own.',
    'extends: plimsoll:hadolint',
    '',
    '# Findings from here on make the exit code 1: error, warning, info, style, none.',
    layer.threshold ? `threshold: ${layer.threshold.value}` : '# threshold: info',
    ...(comments ? ['', '# Whose comments silence findings.', `comments: [${comments.value.join(', ')}]`] : []),
    '',
    '# off, on, a severity, or both a severity and options. The rules: plimsoll rules',
    ...(entries.length > 0 ? ['rules:', ...entries] : ['# rules: {}']),
    ...(rest.length > 0
      ? ['', '# What could not be taken over:', ...rest.map((line) => `# - ${line.replace(/\s+/g, ' ')}`)]
      : []),
    '',
  ].join('\n');
}

/** What is said of each rule, its code of hadolint behind it; several entries of a rule are one. */
function ruleLines(entries: ReturnType<typeof meaningOf>['layer']['rules'], rules: readonly Rule[]): readonly string[] {
  return rules.flatMap((rule) => {
    const own = entries.filter((entry) => entry.rule === rule.id);
    if (own.length === 0) return [];
    const code = rule.aliases.find((alias) => /^DL\d{4}$/.test(alias));
    const remark = code === undefined ? '' : ` # ${code}`;
    const level = own.findLast((entry) => entry.level)?.level?.value;
    const options = own.flatMap((entry) => [...entry.options]);
    if (options.length === 0) return level === undefined ? [] : [`  ${rule.id}: ${level}${remark}`];
    return [
      `  ${rule.id}:${remark}`,
      ...(level === undefined ? [] : [`    severity: ${level}`]),
      '    options:',
      // JSON is YAML, and knows how to quote.
      ...options.map(([option, { value }]) => `      ${option}: ${JSON.stringify(value)}`),
    ];
  });
}

function codeLines(codes: ReadonlyMap<string, Sourced<Level>>): readonly string[] {
  return [...codes].sort().map(([code, { value }]) => `  ${code}: ${value}`);
}

function remarks(settings: HadolintSettings, rules: readonly Rule[]): readonly string[] {
  const { format, noColor, verbose, trustedRegistries } = settings;
  const ours = format ? HADOLINT_FORMATS.get(format.value) : null;
  const lines: string[] = [];
  if (format)
    lines.push(
      `format: ${format.value}: ${ours ? `a flag here, --format ${ours}` : 'plimsoll has no format that is like it'}`,
    );
  if (noColor?.value) lines.push('no-color: a flag here, --no-color, or the variable NO_COLOR');
  if (verbose?.value) lines.push('verbose: plimsoll --print-config says more');
  if (trustedRegistries.length > 0 && !rules.some(({ id }) => id === 'base/allowed-registries'))
    lines.push(`trustedRegistries: ${trustedRegistries.map(({ value }) => value).join(', ')}`);
  return lines;
}
