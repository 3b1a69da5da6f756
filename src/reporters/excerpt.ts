import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';
import { type Cell, cellsOf } from './cells.js';

/** One line of a file, or the part of it around a place, as it is printed. */
export interface Excerpt {
  readonly text: string;
  /** True where the begin of the span can be seen in it. */
  shows(span: Span): boolean;
  /** Columns, from 0, under the part of the span that can be seen; at least one wide. */
  columnsOf(span: Span): { readonly start: number; readonly width: number };
}

/**
 * Lays out a line in `room` columns. A longer line is cut to the part around `anchor`, and only that part of the file is
 * looked at: a line of some megabytes costs no more than a short one.
 */
export function excerptOf(source: SourceFile, line: Span, anchor: Span, room: number, unicode: boolean): Excerpt {
  const reach = room * 2 + 16;
  const from = wholeCharacter(source.text, Math.max(line.start, Math.min(anchor.start, line.end) - reach));
  const to = wholeCharacter(source.text, Math.min(line.end, Math.max(anchor.start, line.start) + reach));
  const cells = cellsOf(source.text.slice(from, to), from, unicode);
  const total = widthOf(cells);
  if (from === line.start && to === line.end && total <= room) return excerptOfCells(cells, '', '', false);

  const mark = unicode ? '…' : '...';
  const before = widthOf(cells.filter((cell) => cell.end <= anchor.start));
  const wanted = Math.min(room, widthOf(cells.filter((cell) => overlaps(cell, anchor))) || 1);
  const fitsFromStart = from === line.start && before + wanted + mark.length <= room;
  const left = fitsFromStart ? 0 : Math.max(0, before - Math.max(4, Math.floor((room - wanted) / 2)));
  const cutLeft = left > 0 || from > line.start;

  const kept: Cell[] = [];
  let column = 0;
  let used = cutLeft ? mark.length : 0;
  let cutRight = to < line.end;
  for (const cell of cells) {
    const at = column;
    column += cell.width;
    if (at < left) continue;
    const isLast = cell.end === line.end;
    if (used + cell.width + (isLast ? 0 : mark.length) > room) {
      cutRight = true;
      break;
    }
    kept.push(cell);
    used += cell.width;
  }
  return excerptOfCells(kept, cutLeft ? mark : '', cutRight ? mark : '', cutRight);
}

function excerptOfCells(cells: readonly Cell[], prefix: string, suffix: string, cutRight: boolean): Excerpt {
  const first = cells[0]?.start ?? 0;
  const last = cells.at(-1)?.end ?? 0;
  return {
    text: (prefix + cells.map((cell) => cell.text).join('') + suffix).trimEnd(),
    shows: (span) => (prefix === '' || span.start >= first) && (!cutRight || span.start < last),
    columnsOf(span) {
      let start = prefix.length;
      let width = 0;
      for (const cell of cells) {
        if (cell.end <= span.start) start += cell.width;
        else if (overlaps(cell, span)) width += cell.width;
        else break;
      }
      return { start, width: Math.max(1, width) };
    },
  };
}

function overlaps(cell: Cell, span: Span): boolean {
  return cell.start < span.end && span.start < cell.end;
}

function widthOf(cells: readonly Cell[]): number {
  let width = 0;
  for (const cell of cells) width += cell.width;
  return width;
}

/** Moves an offset off the second half of a surrogate pair. */
function wholeCharacter(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset + 1 : offset;
}
