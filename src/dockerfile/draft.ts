import type { Span } from '../model/span.js';
import type { Comment, Flag, Heredoc, Keyword, SyntaxProblem, SyntaxProblemKind, Word } from './ast.js';
import { expandWord } from './expand.js';
import type { Frontend } from './frontend.js';
import { type LogicalLine, spanOf } from './logical-line.js';
import type { CommandParts, Token } from './words.js';

/** What reading one file carries along. */
export interface ReadContext {
  readonly escape: '\\' | '`';
  readonly frontend: Frontend;
  /** The file is called Containerfile, so that podman or buildah may be what reads it. */
  readonly isContainerfile: boolean;
  /** The file holds one instruction and no comment. */
  readonly isOneLine: boolean;
  readonly problems: SyntaxProblem[];
  /** Names of the stages so far, in lower case. */
  readonly stageNames: Set<string>;
  /** Names that ARG declares before the first FROM. */
  readonly globalArgs: Set<string>;
}

/** What all instructions share; see `InstructionBase` of the document. */
export interface Base {
  readonly keywordText: string;
  readonly keywordSpan: Span;
  readonly span: Span;
  readonly flags: readonly Flag[];
  readonly argumentsSpan: Span;
  readonly argumentsText: string;
  readonly heredocs: readonly Heredoc[];
  readonly leadingComments: readonly Comment[];
  readonly stage: number;
  readonly onbuild: boolean;
}

/** An instruction before its arguments are read. */
export interface Draft {
  readonly line: LogicalLine;
  readonly keyword: Keyword | 'UNKNOWN';
  readonly parts: CommandParts;
  readonly base: Base;
  readonly context: ReadContext;
}

export function wordOf(draft: Draft, token: Token): Word {
  return { text: token.text, span: spanOf(draft.line, token.start, token.end) };
}

export function wordsOf(draft: Draft, tokens: readonly Token[]): Word[] {
  return tokens.map((token) => wordOf(draft, token));
}

export interface ProblemInput {
  readonly message: string;
  readonly help?: string | null;
  readonly span: Span;
  readonly suggestion?: string | null;
  /** True unless said otherwise. */
  readonly fatal?: boolean;
  readonly uncertain?: boolean;
  readonly related?: SyntaxProblem['related'];
}

/**
 * Adds a problem. BuildKit looks at an ONBUILD trigger only when an image is built on this one, so what is wrong in
 * it does not stop this build.
 */
export function report(draft: Draft, kind: SyntaxProblemKind, input: ProblemInput): void {
  const span = input.span.end > input.span.start ? input.span : draft.base.keywordSpan;
  draft.context.problems.push({
    kind,
    message: input.message,
    help: input.help ?? null,
    span,
    suggestion: input.suggestion ?? null,
    fatal: (input.fatal ?? true) && !draft.base.onbuild && !input.uncertain,
    ...(input.uncertain ? { uncertain: true } : {}),
    ...(input.related ? { related: input.related } : {}),
  });
}

/** How a message on something fatal ends. */
export function consequence(draft: Draft): string {
  return draft.base.onbuild ? 'builds on top of this image stop here' : 'the build stops here';
}

/** Reports a word that BuildKit's expansion refuses whatever values its variables have. */
export function checkExpansion(
  draft: Draft,
  word: Word,
  { keepQuotes = false, help = null }: { readonly keepQuotes?: boolean; readonly help?: string | null } = {},
): void {
  const result = expandWord(word.text, () => null, { escape: draft.context.escape, keepQuotes });
  if (result.ok) return;
  report(draft, 'invalid-expansion', {
    message: `${result.message}: ${consequence(draft)}`,
    help: help ?? expansionHelp(result.message, draft.context.escape),
    span: partOf(word, result.start, result.end),
  });
}

/** The place of a part of a word; the whole word where lines were joined or JSON was decoded in it. */
function partOf(word: Word, start: number, end: number): Span {
  const { span, text } = word;
  if (span.end - span.start !== text.length) return span;
  return { start: span.start + start, end: span.start + end };
}

function expansionHelp(message: string, escapeCharacter: string): string {
  const quote = message.includes('single quote') ? "'" : message.includes('double quote') ? '"' : null;
  if (quote) return `close it, or write ${escapeCharacter}${quote} where the quote itself is meant`;
  const literal = `${escapeCharacter}$ where the dollar sign itself is meant`;
  return message.includes('not closed') ? `close it with }, or write ${literal}` : `write ${literal}`;
}
