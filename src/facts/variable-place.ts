import type { Document, Word } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';

/** Where a word uses a variable. */
export interface VariablePlace {
  /** `$NAME` or `${NAME}`, the first that no default guards; the word where that cannot be told. */
  readonly span: Span;
  /** The name alone, to be written over; null where it cannot be told. */
  readonly nameSpan: Span | null;
  /** True where every use says what to take instead (`${NAME:-x}`, `${NAME:+x}`, `${NAME:?x}`). */
  readonly guarded: boolean;
}

/** Finds a variable of a word as it is written in the file. */
export function placeOfVariable(name: string, { span }: Word, document: Document): VariablePlace {
  const text = document.source.text.slice(span.start, span.end);
  let guarded: VariablePlace | null = null;
  for (const match of text.matchAll(/\$(\{?)(\w+|[@*#?!$-])(:?[-+?])?/g)) {
    const { index } = match;
    if (match[2] !== name || text[index - 1] === document.escape) continue;
    const brace = match[1] ?? '';
    const nameStart = index + 1 + brace.length;
    const nameEnd = nameStart + name.length;
    const close = brace === '' ? nameEnd : text.indexOf('}', nameEnd) + 1 || nameEnd;
    const place = {
      span: { start: span.start + index, end: span.start + close },
      nameSpan: { start: span.start + nameStart, end: span.start + nameEnd },
      guarded: brace !== '' && match[3] !== undefined,
    };
    if (!place.guarded) return place;
    guarded ??= place;
  }
  return guarded ?? { span, nameSpan: null, guarded: false };
}
