import type { Span } from './span.js';

/** A place as people and report formats count it. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** A text file that was read once and never changes. */
export interface SourceFile {
  /** The path as it is shown: relative to the working directory, with forward slashes. */
  readonly path: string;
  /** The decoded text without its byte order mark. */
  readonly text: string;
  readonly hasBom: boolean;
  /** The line end that a fix writes: that of the first line, `\n` where there is none. */
  readonly eol: '\n' | '\r\n';
  /** Offsets at which lines begin; a line ends at `\n`, as BuildKit reads it. Never empty. */
  readonly lineStarts: readonly number[];
}

/** Makes a {@link SourceFile} of text that is already decoded; strips one leading byte order mark. */
export function createSource(path: string, raw: string): SourceFile {
  const hasBom = raw.charCodeAt(0) === 0xfeff;
  const text = hasBom ? raw.slice(1) : raw;
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const firstEnd = text.indexOf('\n');
  const eol = firstEnd > 0 && text.charCodeAt(firstEnd - 1) === 13 ? '\r\n' : '\n';
  return { path, text, hasBom, eol, lineStarts };
}

/** Line and column of an offset; an offset outside the text is moved to its nearest end. */
export function locate(source: SourceFile, offset: number): Position {
  const at = Math.max(0, Math.min(offset, source.text.length));
  const line = lineIndexAt(source, at);
  return { line: line + 1, column: at - (source.lineStarts[line] ?? 0) + 1 };
}

/** Index, from 0, of the line that holds the offset. */
export function lineIndexAt(source: SourceFile, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The span of a line (index from 0) without its line end. */
export function lineSpan(source: SourceFile, index: number): Span {
  const start = source.lineStarts[index] ?? source.text.length;
  let end = source.lineStarts[index + 1] ?? source.text.length;
  if (end > start && source.text.charCodeAt(end - 1) === 10) end--;
  if (end > start && source.text.charCodeAt(end - 1) === 13) end--;
  return { start, end };
}

export function textAt(source: SourceFile, span: Span): string {
  return source.text.slice(span.start, span.end);
}
