import type { Document, RunInstruction } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';
import type { Facts } from './types.js';

/**
 * An edit that puts a command at the end of a RUN, in the manner of its lines: `&&` at their end, at their beginning, or
 * all on one line. Only a plain chain of `&&` can be carried on without a look at what its last command means; null for
 * anything else.
 */
export function appendToChain(
  instruction: RunInstruction,
  command: string,
  facts: Facts,
  { source, escape: escapeCharacter }: Document,
): { readonly span: Span; readonly text: string } | null {
  const [only, more] = facts.scriptsOf(instruction);
  if (!only || more || only.from !== 'instruction' || instruction.heredocs.length > 0) return null;
  const { commands, errors } = only.script;
  const isChain = commands.every(({ next, nesting }) => (next === '&&' || next === null) && nesting.length === 0);
  if (!isChain || errors.length > 0 || commands.some(({ conditional }) => conditional)) return null;
  const { end } = instruction.command.span;
  const text = source.text.slice(instruction.span.start, end);
  return { span: { start: end, end }, text: joined(text, command, escapeCharacter, source.eol) };
}

function joined(text: string, command: string, escapeCharacter: string, eol: string): string {
  const last = text.slice(text.lastIndexOf('\n') + 1);
  if (last === text) return ` && ${command}`;
  const indent = /^\s*/.exec(last)?.[0] ?? '';
  if (/&&[ \t]*\S\r?\n/.test(text)) return ` && ${escapeCharacter}${eol}${indent}${command}`;
  return ` ${escapeCharacter}${eol}${/^\s*&&/.test(last) ? indent : '    '}&& ${command}`;
}
