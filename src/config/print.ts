import { locate } from '../model/source.js';
import type { Origin, PrintedConfig, PrintedRule } from './types.js';

/**
 * Text of `--print-config`: a configuration in YAML, with the origin of each value as a comment behind it. Stable: the
 * same input gives the same text, rules sorted by id.
 *
 * @param file the Dockerfile, as shown.
 */
export function renderPrintConfig(printed: PrintedConfig, file: string): string {
  const lines = [
    `# What holds for ${file}`,
    `# Configuration: ${printed.config ?? 'none'}`,
    ...(printed.ignored
      ? [`# Left out by ignore: ${JSON.stringify(printed.ignored.pattern)} (${placeText(printed.ignored.place)})`]
      : []),
    'extends:',
    ...printed.presets.map(({ value, origin }) => `  - plimsoll:${value} ${remark(origin)}`),
    `threshold: ${printed.threshold.value} ${remark(printed.threshold.origin)}`,
    ...(printed.rulesVersion
      ? [`rulesVersion: "${printed.rulesVersion.value}" ${remark(printed.rulesVersion.origin)}`]
      : []),
    ...(printed.comments
      ? [`comments: ${JSON.stringify(printed.comments.value)} ${remark(printed.comments.origin)}`]
      : []),
    ...runLines(printed),
    'rules:',
    ...printed.rules.flatMap(ruleLines),
    ...printed.codes.map(({ code, level }) => `  ${code}: ${level.value} ${remark(level.origin)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** A few words on where a value comes from: `preset strict`, `.plimsoll.yaml:4`, `--rule x=off`. */
function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'preset':
      return `preset ${origin.preset}`;
    case 'file':
      return placeText(origin.place);
    case 'environment':
      return origin.variable;
    case 'command-line':
      return origin.flag;
  }
}

function ruleLines({ rule, severity, origin, options }: PrintedRule): readonly string[] {
  if (severity === null) {
    const why = origin.kind === 'preset' ? `# not in ${origin.preset}` : remark(origin);
    return [`  ${rule}: off ${why}`];
  }
  if (options.length === 0) return [`  ${rule}: ${severity} ${remark(origin)}`];
  return [
    `  ${rule}:`,
    `    severity: ${severity} ${remark(origin)}`,
    '    options:',
    ...options.map(({ name, value, origin: from }) => `      ${name}: ${JSON.stringify(value)} ${remark(from)}`),
  ];
}

/** What holds for the whole run; there is no key for it in a configuration of ours. */
function runLines({ hadolint }: PrintedConfig): readonly string[] {
  const said = { format: hadolint?.format, 'no-color': hadolint?.noColor, verbose: hadolint?.verbose };
  return Object.entries(said).flatMap(([name, sourced]) =>
    sourced ? [`# ${name}: ${sourced.value} (${originText(sourced.origin)})`] : [],
  );
}

function remark(origin: Origin): string {
  return `# ${originText(origin)}`;
}

function placeText({ file, span }: Extract<Origin, { kind: 'file' }>['place']): string {
  return `${file.path}:${locate(file, span.start).line}`;
}
