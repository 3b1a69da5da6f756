/**
 * A half-open range of a file's text.
 *
 * Units are UTF-16 code units of {@link SourceFile.text} (the byte order mark, if there was one, is not part of the
 * text). Everything below the reporters speaks in spans; lines and columns exist only in {@link SourceFile.locate}.
 */
export interface Span {
  /** Offset of the first code unit. */
  readonly start: number;
  /** Offset after the last code unit; never less than `start`. */
  readonly end: number;
}

export function span(start: number, end: number): Span {
  return { start, end };
}

/** The smallest span that holds both. */
export function cover(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** True where the two share at least one code unit. */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
