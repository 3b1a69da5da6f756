import type { Instruction } from '../dockerfile/ast.js';
import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';

/** An edit that puts a line above an instruction and the comments that belong to it. */
export function lineAbove(instruction: Instruction, line: string, source: SourceFile): { span: Span; text: string } {
  const { start } = (instruction.leadingComments[0] ?? instruction).span;
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  return { span: { start: lineStart, end: lineStart }, text: `${line}${source.eol}` };
}
