import type { Place, Severity } from '../model/finding.js';
import type { Report } from '../model/report.js';
import { lineIndexAt, type SourceFile } from '../model/source.js';
import { displayWidth } from './cells.js';
import { shownFindings } from './shown.js';
import type { RenderEnv } from './types.js';
import { visible } from './visible.js';

const WORDS = { error: 'error', warning: 'warning', info: 'info', style: 'info' } satisfies Record<Severity, string>;

/**
 * `path:line.column-line.column: severity: message [rule]`, one line each, as Emacs and other tools of GNU read it:
 * https://www.gnu.org/prep/standards/html_node/Errors.html
 */
export function gnu(report: Report, env: RenderEnv): string {
  let out = '';
  for (const { at, severity, message, rule } of shownFindings(report)) {
    const place = env.paint('place', `${visible(at.file.path, env.unicode)}:${rangeOf(at)}:`);
    const word = env.paint(severity, `${WORDS[severity]}:`);
    const name = env.paint('gutter', `[${visible(rule, env.unicode)}]`);
    out += `${place} ${word} ${visible(message, env.unicode)} ${name}\n`;
  }
  return out;
}

/** Both ends are part of the range; a place between two characters has a begin alone. */
function rangeOf({ file, span }: Place): string {
  const start = columnOf(file, span.start);
  let end = span.end;
  while (end > span.start && /[\r\n]/.test(file.text.charAt(end - 1))) end--;
  if (end === span.start) return `${start.line}.${start.column}`;
  const last = columnOf(file, end);
  return `${start.line}.${start.column}-${last.line}.${Math.max(1, last.column - 1)}`;
}

const TAB = 8;

/** Beyond that nobody counts columns on a screen, and counting for each finding anew would take long. */
const COUNTED = 10_000;

/** Columns of a screen, from 1, tab stops every eight, as GNU counts them. */
function columnOf(file: SourceFile, offset: number): { readonly line: number; readonly column: number } {
  const index = lineIndexAt(file, offset);
  const start = file.lineStarts[index] ?? 0;
  if (offset - start > COUNTED) return { line: index + 1, column: offset - start + 1 };
  let width = 0;
  for (const [at, part] of file.text.slice(start, offset).split('\t').entries()) {
    if (at > 0) width += TAB - (width % TAB);
    width += displayWidth(part);
  }
  return { line: index + 1, column: width + 1 };
}
