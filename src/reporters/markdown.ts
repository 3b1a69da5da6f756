import type { Finding, Severity } from '../model/finding.js';
import type { Failure, Report } from '../model/report.js';
import { locate } from '../model/source.js';
import { countFindings } from './counts.js';
import { shownFindings } from './shown.js';
import type { RenderEnv } from './types.js';
import { visible } from './visible.js';

const MARKS = { error: '🔴 error', warning: '🟡 warning', info: '🔵 info', style: '⚪ style' } satisfies Record<
  Severity,
  string
>;

/** GitHub drops the summary of a step that has more than 1 MiB; what is left is for the words around the rows. */
const ROOM = 1_000_000;

/** A heading, the summary and a table: for the summary of a CI job or a comment. */
export function markdown(report: Report, env: RenderEnv): string {
  const findings = shownFindings(report);
  const parts: string[] = [];
  const summary = countFindings(report);
  if (summary !== null && !(env.quiet && findings.length === 0)) parts.push(`### plimsoll\n\n${escapeText(summary)}\n`);
  const failures = fitting(report.failures, ROOM, failureLine);
  if (findings.length > 0) {
    const rows = fitting(findings, ROOM - failures.bytes, (finding) => row(finding, report));
    parts.push(`| Severity | Place | Finding | Rule |\n|---|---|---|---|\n${rows.text}`);
    if (rows.left > 0) parts.push(`${rows.left} more: a report of this format has at most 1 MB.\n`);
  }
  if (report.failures.length > 0) {
    const more = failures.left > 0 ? `- ${failures.left} more\n` : '';
    parts.push(`Not linted:\n\n${failures.text}${more}`);
  }
  return parts.join('\n');
}

/** The first of the items that fit into so many bytes, as lines. */
function fitting<T>(items: readonly T[], room: number, lineOf: (item: T) => string) {
  let text = '';
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    const line = lineOf(item);
    const size = Buffer.byteLength(line);
    if (bytes + size > room) return { text, bytes, left: items.length - index };
    text += line;
    bytes += size;
  }
  return { text, bytes, left: 0 };
}

function failureLine({ path, message }: Failure): string {
  return `- ${code(path)}: ${escapeText(message)}\n`;
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

/** GitHub looks for mentions in the text that is left at the end: only something behind the `@` keeps it from one. */
function plain(text: string): string {
  return text.replace(/[&<>\\`*_{}[\]#|~$@]/g, (character) => {
    if (character === '@') return '@&#8203;';
    return /[&<>]/.test(character) ? `&#${character.charCodeAt(0)};` : `\\${character}`;
  });
}

/** HTML rather than backticks: what a file holds cannot end it, nor the cell of the table. */
function code(text: string): string {
  const escaped = visible(text).replace(/[&<>|\\`*_~@[\]$]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<code>${escaped}</code>`;
}
