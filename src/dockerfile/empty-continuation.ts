import type { SourceFile } from '../model/source.js';
import type { SyntaxProblem } from './ast.js';
import { KEYWORDS } from './keywords.js';
import { isBlank } from './text.js';

export interface BlankLines {
  /** The escape character that continues over the first of them. */
  readonly from: number;
  /** Indices of the blank lines of the instruction. */
  readonly blanks: readonly number[];
  /** Where the text goes on after the first of them; -1 where the file ends. */
  readonly next: number;
}

/**
 * BuildKit takes blank lines in a continued instruction with a warning. Where the text after them begins with a keyword,
 * it is likely the escape character that is one too many.
 * {@link https://docs.docker.com/reference/build-checks/no-empty-continuation/}
 */
export function emptyContinuation(source: SourceFile, { from, blanks, next }: BlankLines): SyntaxProblem {
  const keyword = next === -1 ? null : keywordAt(source.text, next);
  const span = { start: from, end: from + 1 };
  const problem = { kind: 'empty-continuation', span, suggestion: null, fatal: false } as const;
  if (keyword !== null) {
    let start = from;
    while (start > 0 && isBlank(source.text.charCodeAt(start - 1))) start--;
    return {
      ...problem,
      message: `\`${keyword}\` below is read as part of this instruction, since it is continued over the blank line`,
      help: `delete the \`${source.text[from]}\` to end the instruction here`,
      related: [{ span: { start: next, end: next + keyword.length }, message: 'no instruction of its own' }],
      remedy: {
        safe: false,
        title: `delete the ${source.text[from]}`,
        edits: [{ span: { start, end: from + 1 }, text: '' }],
      },
    };
  }
  return {
    ...problem,
    message: 'a blank line stands inside this instruction, which future versions of Docker will refuse',
    help: 'delete the blank line, or end the instruction before it',
    remedy: {
      safe: true,
      title: blanks.length === 1 ? 'delete the blank line' : 'delete the blank lines',
      edits: blanks.map((index) => ({ span: wholeLine(source, index), text: '' })),
    },
  };
}

function wholeLine({ text, lineStarts }: SourceFile, index: number): { start: number; end: number } {
  return { start: lineStarts[index] ?? text.length, end: lineStarts[index + 1] ?? text.length };
}

/** A keyword in capitals with a blank behind it, as no shell has it at the start of a line. */
function keywordAt(text: string, at: number): string | null {
  return KEYWORDS.find((word) => text.startsWith(word, at) && isBlank(text.charCodeAt(at + word.length))) ?? null;
}
