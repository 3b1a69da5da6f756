import type { Instruction } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';
import type { Command, Script } from '../shell/types.js';
import type { Facts } from './types.js';

/** A piece of text that an instruction writes into a file. */
export interface WrittenText {
  /** What was looked for. */
  readonly span: Span;
  readonly match: RegExpMatchArray;
  /** All of the command or here-document that it is part of. */
  readonly around: string;
  readonly instruction: Instruction;
}

/**
 * Where a RUN prints what `pattern` finds (`echo`, `printf`, a here-document, the replacement of `sed`), or COPY brings it in
 * a here-document. Comments are not among it.
 *
 * @param pattern global
 */
export function writtenText(facts: Facts, pattern: RegExp): readonly WrittenText[] {
  if (facts.document.source.text.search(pattern) === -1) return [];
  const found: WrittenText[] = [];
  for (const instruction of facts.instructions('RUN', 'COPY', 'ADD')) {
    if (instruction.keyword === 'RUN') {
      for (const { script } of facts.scriptsOf(instruction)) {
        const { text, offset } = script.source;
        for (const match of text.matchAll(pattern)) {
          const around = isComment(text, match.index) ? null : writerOf(script, offset + match.index, instruction);
          if (around !== null) found.push({ span: spanOf(match, offset), match, around, instruction });
        }
      }
      continue;
    }
    for (const { content, body } of instruction.heredocs) {
      for (const match of content.matchAll(pattern)) {
        if (!isComment(content, match.index))
          found.push({ span: spanOf(match, body.start), match, around: content, instruction });
      }
    }
  }
  return found;
}

function spanOf(match: RegExpExecArray, offset: number): Span {
  return { start: offset + match.index, end: offset + match.index + match[0].length };
}

function isComment(text: string, index: number): boolean {
  return /^\s*#/.test(text.slice(text.lastIndexOf('\n', index - 1) + 1, index + 1));
}

const PRINTERS = new Set(['echo', 'printf', 'cat', 'tee']);

/** Text of the command that writes what stands at an offset; null where it only speaks of it. */
function writerOf(script: Script, at: number, instruction: Instruction): string | null {
  const heredoc = instruction.heredocs.find(({ body }) => body.start <= at && at < body.end);
  const command = script.commands.findLast(({ span }) => span.start <= at && at < span.end);
  if (command) {
    const text = textOf(script, command);
    if (PRINTERS.has(command.name)) return text;
    if (command.name !== 'sed') return null;
    return /(?:^|['"\s;])s([/|,#@!])(?:(?!\1).){1,200}\1(?:(?!\1).){0,200}$/.test(
      text.slice(0, at - command.span.start),
    )
      ? text
      : null;
  }
  if (!heredoc) return null;
  const reader = script.commands.find(({ redirects }) =>
    redirects.some(({ span }) => span.start <= heredoc.marker.start && heredoc.marker.start < span.end),
  );
  return reader ? textOf(script, reader) + heredoc.content : heredoc.content;
}

function textOf({ source }: Script, { span }: Command): string {
  return source.text.slice(span.start - source.offset, span.end - source.offset);
}
