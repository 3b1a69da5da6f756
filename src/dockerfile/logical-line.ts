import type { Span } from '../model/span.js';
import type { Heredoc } from './ast.js';

/**
 * One instruction as BuildKit's line scanner hands it on: continued lines joined, comment lines and blank lines between
 * them left out. `text[i]` stands in the file where {@link offsetOf} says.
 */
export interface LogicalLine {
  readonly text: string;
  /** Where each physical piece begins in {@link text}; ascending, the first is 0. */
  readonly pieces: readonly number[];
  /** Where each piece begins in the file. */
  readonly offsets: readonly number[];
  /** From the first character that is no space to the end of the last line with content, heredocs not included. */
  readonly span: Span;
  /** Index of the first physical line. */
  readonly firstLine: number;
  readonly heredocs: readonly Heredoc[];
  /** End of the last heredoc's terminator, or of its body where there is none; that of `span` without heredocs. */
  readonly end: number;
}

/** The file offset of a character of the logical line. */
function offsetOf(line: LogicalLine, index: number): number {
  const { pieces, offsets } = line;
  let low = 0;
  if (pieces.length > 1) {
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((pieces[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
  }
  return (offsets[low] ?? 0) + index - (pieces[low] ?? 0);
}

/** The span in the file of `[start, end)` of the logical line. */
export function spanOf(line: LogicalLine, start: number, end: number): Span {
  if (end > start) return { start: offsetOf(line, start), end: offsetOf(line, end - 1) + 1 };
  const at = start > 0 ? offsetOf(line, start - 1) + 1 : offsetOf(line, 0);
  return { start: at, end: at };
}
