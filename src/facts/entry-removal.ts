import type { Document, Instruction } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';

interface Entry {
  readonly span: Span;
}

/**
 * An edit that takes one of the words or pairs out of an instruction, and the instruction with it where it is the only
 * one. Null where a comment stands in between, whose place would then be unclear.
 *
 * @param entries all words or pairs of the instruction, in order, `entry` among them
 */
export function entryRemoval(
  instruction: Instruction,
  entries: readonly Entry[],
  entry: Entry,
  { source }: Document,
): { span: Span; text: string } | null {
  const index = entries.indexOf(entry);
  const next = entries[index + 1];
  const before = entries[index - 1];
  let span: Span;
  if (next) span = { start: entry.span.start, end: next.span.start };
  else if (before) span = { start: before.span.end, end: entry.span.end };
  else {
    const lineEnd = source.text.indexOf('\n', instruction.span.end);
    const start = source.text.lastIndexOf('\n', instruction.span.start - 1) + 1;
    span = { start, end: lineEnd === -1 ? source.text.length : lineEnd + 1 };
  }
  return /\n[ \t]*#/.test(source.text.slice(span.start, span.end)) ? null : { span, text: '' };
}
