import type { Document } from '../dockerfile/ast.js';
import { memoise } from './lazy.js';

/** Whether an offset is part of an instruction or a heredoc: not of a comment, nor between instructions. */
export const isInstructionText = memoise((document: Document): ((offset: number) => boolean) => {
  const inside = (spans: readonly { readonly span: { readonly start: number; readonly end: number } }[]) => {
    return (offset: number) => {
      let low = 0;
      let high = spans.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((spans[middle]?.span.end ?? 0) <= offset) low = middle + 1;
        else high = middle;
      }
      return (spans[low]?.span.start ?? Number.POSITIVE_INFINITY) <= offset;
    };
  };
  const isComment = inside(document.comments);
  const isInstruction = inside(document.instructions);
  return (offset) => isInstruction(offset) && !isComment(offset);
});
