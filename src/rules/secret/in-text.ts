import type { Instruction } from '../../dockerfile/ast.js';
import { instructionAt } from '../../facts/instruction-at.js';
import { tokensIn } from '../../facts/tokens.js';
import { contains, type Span } from '../../model/span.js';
import { defineRule } from '../define-rule.js';

/** A token in an instruction is in the repository, in the history of the image and, from a heredoc, in its files. */
export default defineRule({
  id: 'secret/in-text',
  summary: 'Keep tokens and private keys out of the Dockerfile',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    token: ({ what }: { what: string }) => ({
      message: `${what} stands here, for everyone who has this file or the image`,
      help: 'revoke it, then hand a new one to the RUN that needs it with --mount=type=secret',
    }),
  },
  check({ document, report }) {
    const tokens = tokensIn(document.source.text);
    if (tokens.length === 0) return;
    const holder = instructionAt(document);
    for (const { what, span, secret, mayBePublic } of tokens) {
      const instruction = holder(span.start);
      if (!instruction || isOfVariable(span, mayBePublic, instruction)) continue;
      if (mayBePublic && isForPages(document.source.text, span)) continue;
      report('token', { at: span, data: { what }, sensitive: [secret] });
    }
  },
});

/** What ARG and ENV hold is told by secret/arg-or-env, as long as no other variable is part of it. */
function isOfVariable(span: Span, mayBePublic: boolean, instruction: Instruction): boolean {
  if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') return false;
  const pair = instruction.pairs.find(({ value }) => value && contains(value.span, span));
  return mayBePublic || (pair?.value != null && !pair.value.text.includes('$'));
}

/** Keys of maps and of Firebase are part of the pages that use them. */
function isForPages(text: string, { start }: Span): boolean {
  return /firebase|maps|public|vite_|react_app|youtube/i.test(text.slice(Math.max(0, start - 120), start));
}
