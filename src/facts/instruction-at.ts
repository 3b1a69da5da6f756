import type { Document, Instruction } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';
import { memoise } from './lazy.js';

/**
 * The instruction whose text or heredoc an offset is in, the trigger for ONBUILD; null in a comment, be it within an
 * instruction, and between instructions.
 */
export const instructionAt = memoise((document: Document): ((offset: number) => Instruction | null) => {
  const { comments, instructions } = document;
  return (offset) => {
    if (holderOf(comments, offset)) return null;
    const found = holderOf(instructions, offset);
    return found?.keyword === 'ONBUILD' ? (found.trigger ?? found) : found;
  };
});

/** The one that an offset is in, of spans that are sorted and do not overlap. */
function holderOf<T extends { readonly span: Span }>(sorted: readonly T[], offset: number): T | null {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.span.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low];
  return found && found.span.start <= offset ? found : null;
}
