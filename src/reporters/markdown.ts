import type { Finding, Severity } from '../model/finding.js';
import type { Report } from '../model/report.js';
import { locate } from '../model/source.js';
import { countFindings } from './counts.js';
import type { RenderEnv } from './types.js';
import { visible } from './visible.js';

const MARKS = { error: '🔴 error', warning: '🟡 warning', info: '🔵 info', style: '⚪ style' } satisfies Record<
  Severity,
  string
>;

/** A heading, the summary and a table: for the summary of a CI job or a comment. */
export function markdown(report: Report, env: RenderEnv): string {
  const findings = report.files.flatMap((file) => file.findings.filter((finding) => !finding.suppressed));
  const parts: string[] = [];
  const summary = countFindings(report);
  if (summary !== null && !(env.quiet && findings.length === 0)) parts.push(`### plimsoll\n\n${escapeText(summary)}\n`);
  if (findings.length > 0) {
    const rows = findings.map((finding) => row(finding, report));
    parts.push(`| Severity | Place | Finding | Rule |\n|---|---|---|---|\n${rows.join('')}`);
  }
  if (report.failures.length > 0) {
    const lines = report.failures.map(({ path, message }) => `- ${code(path)}: ${escapeText(message)}\n`);
    parts.push(`Not linted:\n\n${lines.join('')}`);
  }
  return parts.join('\n');
}

function row(finding: Finding, report: Report): string {
  const { line } = locate(finding.at.file, finding.at.span.start);
  const url = report.rules.get(finding.rule)?.url;
  const rule = url ? `[${escapeText(finding.rule)}](${encodeURI(url)})` : escapeText(finding.rule);
  const help = finding.help ? `<br>${escapeText(finding.help)}` : '';
  const place = code(`${finding.at.file.path}:${line}`);
  return `| ${MARKS[finding.severity]} | ${place} | ${escapeText(finding.message)}${help} | ${rule} |\n`;
}

/** Text that Markdown and HTML leave as it is; code between backticks stays code. */
function escapeText(text: string): string {
  return visible(text)
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? code(part.slice(1, -1)) : plain(part)))
    .join('');
}

function plain(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/[\\`*_{}[\]#|~@$]/g, '\\$&');
}

/** HTML rather than backticks: what a file holds cannot end it, nor the cell of the table. */
function code(text: string): string {
  const escaped = visible(text).replace(/[&<>|\\`*_~@[\]$]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<code>${escaped}</code>`;
}
