import type { Finding, Severity } from '../model/finding.js';
import type { Report } from '../model/report.js';
import { locate } from '../model/source.js';
import { sentenceOf } from './sentence.js';
import { findingsByPath, NOT_LINTED } from './shown.js';
import { XML_DECLARATION, xmlTag } from './xml.js';

const SEVERITIES = { error: 'error', warning: 'warning', info: 'info', style: 'info' } satisfies Record<
  Severity,
  string
>;

/** Checkstyle's XML, version 4.3, which Jenkins, reviewdog and others read. */
export function checkstyle(report: Report): string {
  let out = `${XML_DECLARATION}<checkstyle version="4.3">\n`;
  for (const [path, findings] of findingsByPath(report)) out += fileOf(path, findings.map(errorOf));
  for (const { path, message } of report.failures) {
    const attributes = { line: 1, severity: 'error', message, source: sourceOf(NOT_LINTED) };
    out += fileOf(path, [xmlTag('error', attributes)]);
  }
  return `${out}</checkstyle>\n`;
}

function fileOf(path: string, errors: readonly string[]): string {
  const tag = xmlTag('file', { name: path });
  if (errors.length === 0) return `  <${tag}/>\n`;
  return `  <${tag}>\n${errors.map((error) => `    <${error}/>\n`).join('')}  </file>\n`;
}

function errorOf(finding: Finding): string {
  const { line, column } = locate(finding.at.file, finding.at.span.start);
  return xmlTag('error', {
    line,
    column,
    severity: SEVERITIES[finding.severity],
    message: sentenceOf(finding),
    source: sourceOf(finding.rule),
  });
}

/** In Checkstyle it is the class of a check; readers take what is behind the last dot for the kind of the finding. */
function sourceOf(rule: string): string {
  return `plimsoll.${rule}`;
}
