import type { Span } from '../model/span.js';

/**
 * A text that the shell parser reads, with the place in the Dockerfile of each of its code units.
 *
 * Most texts stand in the Dockerfile as they are (`base`). Others do not: lines that BuildKit joins, the string of
 * `sh -c "echo \"hi\""`, several words of `eval`. Those carry a map.
 */
export interface Frame {
  readonly text: string;
  /** Where `text[0]` stands; of meaning only without a map. */
  readonly base: number;
  /** Place of each code unit and, one longer than the text, of its end; null: one to one from `base`. */
  readonly starts: Int32Array | null;
  /** Offset after each code unit; null: one after its start. */
  readonly ends: Int32Array | null;
}

export function plainFrame(text: string, base: number): Frame {
  return { text, base, starts: null, ends: null };
}

/** A frame all of whose places are the same span: where nothing more exact is known. */
export function blurredFrame(text: string, span: Span): Frame {
  const starts = new Int32Array(text.length + 1).fill(span.start);
  const ends = new Int32Array(text.length).fill(span.end);
  return { text, base: span.start, starts, ends };
}

/**
 * The script of an instruction as the shell gets it: BuildKit takes a backslash at the end of a line, and the line end,
 * out of the text before any shell reads it, also in single quotes and comments. The bodies of heredocs, which follow
 * the first line end that is not continued, are left as they are.
 */
export function joinedFrame(text: string, base: number): Frame {
  const first = text.indexOf('\\\n');
  if (first === -1) return plainFrame(text, base);
  const starts = new Int32Array(text.length + 1);
  let joined = '';
  let length = 0;
  let from = 0;
  for (let end = text.indexOf('\n', first); end !== -1; end = text.indexOf('\n', from)) {
    if (text.charCodeAt(end - 1) !== 92 || text.charCodeAt(end - 2) === 92) break;
    joined += text.slice(from, end - 1);
    for (let at = from; at < end - 1; at++) starts[length++] = base + at;
    from = end + 1;
  }
  joined += text.slice(from);
  for (let at = from; at <= text.length; at++) starts[length++] = base + at;
  return { text: joined, base, starts: starts.subarray(0, length), ends: null };
}

/**
 * The place in the Dockerfile of a range of the frame's text. Ranges are cut to the text: the parser puts the end of an
 * unclosed word that ends in a backslash one behind it.
 */
export function placeOf(frame: Frame, from: number, to: number): Span {
  const { starts, text } = frame;
  const first = Math.min(from, text.length);
  const last = Math.min(to, text.length);
  if (starts === null) return { start: frame.base + first, end: frame.base + last };
  const start = starts[first] ?? frame.base;
  if (last <= first) return { start, end: start };
  const end = frame.ends === null ? (starts[last - 1] ?? start) + 1 : (frame.ends[last - 1] ?? start);
  return { start, end: Math.max(start, end) };
}

/** Builds a frame of pieces of another one. */
export interface FrameBuilder {
  /** Takes over `from` up to `to` of the outer text. */
  copy(from: number, to: number): void;
  /** Adds a text that stands for the range as a whole. */
  replace(text: string, from: number, to: number): void;
  build(): Frame;
}

export function frameBuilder(outer: Frame): FrameBuilder {
  const pieces: { text: string; from: number; to: number; exact: boolean }[] = [];
  return {
    copy(from, to) {
      if (to <= from) return;
      const last = pieces.at(-1);
      if (last?.exact && last.to === from) {
        last.to = to;
        last.text += outer.text.slice(from, to);
      } else pieces.push({ text: outer.text.slice(from, to), from, to, exact: true });
    },
    replace(text, from, to) {
      if (text.length > 0) pieces.push({ text, from, to, exact: false });
    },
    build() {
      const [only] = pieces;
      if (!only) return plainFrame('', outer.base);
      if (pieces.length === 1 && only.exact && outer.starts === null) {
        return plainFrame(only.text, outer.base + only.from);
      }
      return assemble(outer, pieces);
    },
  };
}

function assemble(outer: Frame, pieces: readonly { text: string; from: number; to: number; exact: boolean }[]): Frame {
  const text = pieces.map((piece) => piece.text).join('');
  const starts = new Int32Array(text.length + 1);
  const ends = new Int32Array(text.length);
  let length = 0;
  for (const piece of pieces) {
    const whole = piece.exact ? null : placeOf(outer, piece.from, piece.to);
    for (let at = 0; at < piece.text.length; at++) {
      const place = whole ?? placeOf(outer, piece.from + at, piece.from + at + 1);
      starts[length] = place.start;
      ends[length++] = place.end;
    }
  }
  starts[length] = ends[length - 1] ?? outer.base;
  return { text, base: starts[0] ?? outer.base, starts, ends };
}
