import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';
import type { Heredoc } from './ast.js';
import { skipSpace } from './text.js';

/** Spaces in place of all characters but line ends, so that offsets and line numbers stay as they are. */
export function blank(text: string): string {
  return text.replace(/[^\n]+/g, (run) => ' '.repeat(run.length));
}

/**
 * The text that a shell parser is to read for `span`, of the same length as the span, so that `result[i]` stands at
 * `span.start + i` of the file:
 *
 * - in the command line, comment lines and blank lines between continued lines are spaces, their line ends too;
 *   the continuation is a backslash directly before its `\n`, whatever the escape character is and whatever blanks
 *   followed it;
 * - in the bodies of heredocs (`heredocs` are those of the instruction) only the carriage return of a line end is
 *   replaced, by a space.
 *
 * `span` may be that of the command, of a heredoc's body, or run through both.
 */
export function shellText(
  source: SourceFile,
  span: Span,
  escapeCharacter: '\\' | '`',
  heredocs: readonly Heredoc[] = [],
): string {
  const firstBody = heredocs[0]?.body.start ?? Number.POSITIVE_INFINITY;
  const border = Math.min(Math.max(firstBody, span.start), span.end);
  const command = source.text.slice(span.start, border);
  const bodies = source.text.slice(border, span.end);
  return maskCommand(command, escapeCharacter) + (bodies.includes('\r') ? bodies.replaceAll('\r\n', ' \n') : bodies);
}

function maskCommand(command: string, escapeCharacter: '\\' | '`'): string {
  if (!command.includes('\n')) return command;
  const out: string[] = [];
  let continued = false;
  for (let from = 0; from < command.length; ) {
    const newline = command.indexOf('\n', from);
    const next = newline === -1 ? command.length : newline + 1;
    const line = command.slice(from, next);
    if (continued && isSkipped(line)) {
      out.push(' '.repeat(line.length));
    } else if (newline === -1) {
      out.push(line);
    } else {
      const masked = maskLineEnd(line, escapeCharacter);
      continued = masked.continued;
      out.push(masked.text);
    }
    from = next;
  }
  return out.join('');
}

/** A comment or a blank line. */
function isSkipped(line: string): boolean {
  const at = skipSpace(line, 0, line.length);
  return at === line.length || line.charCodeAt(at) === 35;
}

function maskLineEnd(line: string, escapeCharacter: '\\' | '`'): { text: string; continued: boolean } {
  let content = line.length - 1;
  while (content > 0 && line.charCodeAt(content - 1) === 13) content--;
  let at = content - 1;
  while (at >= 0 && (line.charCodeAt(at) === 32 || line.charCodeAt(at) === 9)) at--;
  if (at >= 0 && line[at] === escapeCharacter && (at === 0 || line[at - 1] !== escapeCharacter)) {
    return { text: `${line.slice(0, at)}${' '.repeat(line.length - 2 - at)}\\\n`, continued: true };
  }
  return { text: `${line.slice(0, content)}${' '.repeat(line.length - 1 - content)}\n`, continued: false };
}
