import type { Finding, Severity } from '../model/finding.js';
import { lineIndexAt, lineSpan, locate, type SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';
import { displayWidth } from './cells.js';
import { type Excerpt, excerptOf } from './excerpt.js';
import type { RenderEnv } from './types.js';
import { visible } from './visible.js';

interface Mark {
  readonly span: Span;
  readonly label: string | null;
  /** Null for a related place. */
  readonly severity: Severity | null;
}

interface Sheet {
  readonly source: SourceFile;
  readonly marks: Mark[];
}

/**
 * The lines below a finding's headline: the file's line with the place marked by `^`, related places of the same file in
 * the same frame marked by `-`, other files below, and the notes.
 */
export function frameOf(finding: Finding, notes: readonly string[], env: RenderEnv): readonly string[] {
  const sheets = sheetsOf(finding);
  const digits = Math.max(...sheets.flatMap((sheet) => sheet.marks.map((mark) => digitsOf(sheet.source, mark.span))));
  const indent = ' '.repeat(digits + 1);
  const bar = env.paint('gutter', `${indent} |`);
  const lines: string[] = [];
  for (const [index, { source, marks }] of sheets.entries()) {
    const { line, column } = locate(source, marks[0]?.span.start ?? 0);
    const path = visible(source.path, env.unicode);
    const arrow = env.paint('gutter', index === 0 ? '-->' : ':::');
    lines.push(`${indent}${arrow} ${index === 0 ? `${path}:${line}:${column}` : `${path}:${line}`}`, bar);
    lines.push(...sheetLines(source, marks, digits, env));
  }
  if (notes.length > 0) lines.push(bar);
  for (const note of notes) {
    const [first = '', ...more] = wrap(note, env.width - digits - 4, env.unicode);
    lines.push(`${indent} ${env.paint('gutter', '=')} ${first}`);
    for (const text of more) lines.push(`${indent}   ${text}`);
  }
  return lines;
}

/** The finding's own file first, then the others in the order in which related places name them. */
function sheetsOf(finding: Finding): readonly Sheet[] {
  const sheets: Sheet[] = [
    { source: finding.at.file, marks: [{ span: finding.at.span, label: finding.label, severity: finding.severity }] },
  ];
  for (const place of finding.related) {
    const mark: Mark = { span: place.span, label: place.message, severity: null };
    const sheet = sheets.find((candidate) => candidate.source.path === place.file.path);
    if (sheet) sheet.marks.push(mark);
    else sheets.push({ source: place.file, marks: [mark] });
  }
  return sheets;
}

function sheetLines(source: SourceFile, marks: readonly Mark[], digits: number, env: RenderEnv): readonly string[] {
  const byLine = new Map<number, Mark[]>();
  for (const mark of marks) {
    const index = lineIndexAt(source, mark.span.start);
    const row = byLine.get(index);
    if (row) row.push(mark);
    else byLine.set(index, [mark]);
  }
  const room = Math.max(20, env.width - digits - 4);
  const lines: string[] = [];
  let previous = -1;
  for (const [index, row] of [...byLine].sort(([a], [b]) => a - b)) {
    if (previous >= 0 && index - previous === 2) lines.push(...plainLine(source, index - 1, digits, room, env));
    if (previous >= 0 && index - previous > 2) lines.push(env.paint('gutter', '...'));
    lines.push(...markedLine(source, index, row, digits, room, env));
    previous = index;
  }
  return lines;
}

function plainLine(source: SourceFile, index: number, digits: number, room: number, env: RenderEnv): readonly string[] {
  const line = lineSpan(source, index);
  const excerpt = excerptOf(source, line, { start: line.start, end: line.start }, room, env.unicode);
  return [numbered(index, excerpt, digits, env)];
}

function markedLine(
  source: SourceFile,
  index: number,
  marks: readonly Mark[],
  digits: number,
  room: number,
  env: RenderEnv,
): readonly string[] {
  const line = lineSpan(source, index);
  const lines: string[] = [];
  let rest = marks;
  while (rest[0]) {
    const excerpt = excerptOf(source, line, rest[0].span, room, env.unicode);
    const [anchor, ...others] = rest;
    const shown = [anchor, ...others.filter((mark) => excerpt.shows(mark.span))];
    rest = others.filter((mark) => !excerpt.shows(mark.span));
    lines.push(numbered(index, excerpt, digits, env));
    for (const mark of shown) {
      for (const text of underline(source, index, mark, excerpt, room, env)) {
        lines.push(`${env.paint('gutter', `${' '.repeat(digits + 2)}|`)} ${text}`);
      }
    }
  }
  return lines;
}

function underline(
  source: SourceFile,
  index: number,
  mark: Mark,
  excerpt: Excerpt,
  room: number,
  env: RenderEnv,
): readonly string[] {
  const style = mark.severity ?? 'related';
  const { start, width } = excerpt.columnsOf(mark.span);
  const drawn = ' '.repeat(start) + env.paint(style, (mark.severity ? '^' : '-').repeat(width));
  const label = labelOf(source, index, mark, env);
  if (label === '') return [drawn];
  const labelWidth = displayWidth(label);
  if (start + width + 1 + labelWidth <= room) return [`${drawn} ${env.paint(style, label)}`];
  const column = Math.max(0, Math.min(start, room - labelWidth));
  const below = wrap(label, room - column, env.unicode);
  return [drawn, ...below.map((text) => ' '.repeat(column) + env.paint(style, text))];
}

/** The mark's words, and where it ends if that is on a later line. */
function labelOf(source: SourceFile, index: number, mark: Mark, env: RenderEnv): string {
  const label = visible(mark.label ?? '', env.unicode);
  const last = lineIndexAt(source, Math.max(mark.span.start, mark.span.end - 1));
  if (last === index) return label;
  return label === '' ? `to line ${last + 1}` : `${label} (to line ${last + 1})`;
}

function numbered(index: number, excerpt: Excerpt, digits: number, env: RenderEnv): string {
  const gutter = env.paint('gutter', ` ${String(index + 1).padStart(digits)} |`);
  return excerpt.text === '' ? gutter : `${gutter} ${excerpt.text}`;
}

function digitsOf(source: SourceFile, span: Span): number {
  return String(locate(source, span.start).line).length;
}

/** Breaks text at blanks into lines of at most `width` columns; a longer word stays whole. Line feeds are kept. */
export function wrap(text: string, width: number, unicode: boolean): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    let column = 0;
    for (const word of visible(paragraph, unicode).split(' ')) {
      const size = displayWidth(word);
      if (column > 0 && column + 1 + size > width) {
        lines.push(line);
        line = word;
        column = size;
      } else {
        line = column > 0 || line !== '' ? `${line} ${word}` : word;
        column += size + (column > 0 ? 1 : 0);
      }
    }
    lines.push(line);
  }
  return lines;
}
