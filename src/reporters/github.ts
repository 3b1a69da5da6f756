import type { Finding, Severity } from '../model/finding.js';
import type { Report } from '../model/report.js';
import { locate } from '../model/source.js';
import { visible } from './visible.js';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice', style: 'notice' } satisfies Record<
  Severity,
  string
>;

/**
 * Workflow commands, one annotation a line:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function github(report: Report): string {
  let out = '';
  for (const file of report.files) {
    for (const finding of file.findings) if (!finding.suppressed) out += annotation(finding);
  }
  for (const { path, message } of report.failures) {
    out += `::error file=${property(visible(path))},title=plimsoll::${data(visible(message))}\n`;
  }
  return out;
}

function annotation(finding: Finding): string {
  const start = locate(finding.at.file, finding.at.span.start);
  const end = locate(finding.at.file, finding.at.span.end);
  const properties: [string, string][] = [
    ['file', visible(finding.at.file.path)],
    ['line', String(start.line)],
    ['endLine', String(end.line)],
  ];
  // The runner drops columns, with a complaint in the log, where an annotation covers more than one line.
  if (start.line === end.line) properties.push(['col', String(start.column)], ['endColumn', String(end.column)]);
  properties.push(['title', finding.rule]);
  const words = finding.help ? `${visible(finding.message)}\n${visible(finding.help)}` : visible(finding.message);
  const head = properties.map(([name, value]) => `${name}=${property(value)}`).join(',');
  return `::${COMMANDS[finding.severity]} ${head}::${data(words)}\n`;
}

/** As the runner's own toolkit escapes them. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
