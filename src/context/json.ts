import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';

export interface JsonProblem {
  readonly message: string;
  readonly span: Span;
}

/** A JSON document with the place of every value; as much of a broken one as can be read. */
export interface JsonDocument {
  readonly root: Node | null;
  readonly problems: readonly JsonProblem[];
}

/** Reads strict JSON, as npm does: comments and trailing commas are problems. Never throws. */
export function parseJson(source: SourceFile): JsonDocument {
  if (source.text.trim() === '') return { root: null, problems: [{ message: 'is empty', span: firstSpan(source) }] };
  const errors: ParseError[] = [];
  try {
    const root = parseTree(source.text, errors, { disallowComments: true, allowTrailingComma: false });
    return { root: root ?? null, problems: errors.slice(0, 1).map((error) => describe(source, error)) };
  } catch (error) {
    // The parser is recursive: thousands of nested brackets exhaust the stack.
    if (!(error instanceof RangeError)) throw error;
    return { root: null, problems: [{ message: 'too deeply nested to be read', span: firstSpan(source) }] };
  }
}

/** Only the first error is told: those after it follow from it. */
function describe(source: SourceFile, { error, offset, length }: ParseError): JsonProblem {
  const words = printParseErrorCode(error);
  const message = MESSAGES[words] ?? 'is not valid JSON here';
  const start = Math.min(offset, Math.max(0, source.text.length - 1));
  const end = Math.min(source.text.length, Math.max(start + 1, offset + length));
  return { message, span: { start, end } };
}

const MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'is not a JSON value',
  InvalidNumberFormat: 'is not a JSON number',
  PropertyNameExpected: 'a property name in double quotes is expected here; a trailing comma is not allowed',
  ValueExpected: 'a value is expected here; a trailing comma is not allowed',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing here',
  CloseBraceExpected: 'a closing brace is missing',
  CloseBracketExpected: 'a closing bracket is missing',
  EndOfFileExpected: 'the file should end before this',
  InvalidCommentToken: 'comments are not allowed in JSON',
  UnexpectedEndOfComment: 'comments are not allowed in JSON',
  UnexpectedEndOfString: 'the string is not closed',
  UnexpectedEndOfNumber: 'the number is not complete',
  InvalidUnicode: 'is not a valid escape',
  InvalidEscapeCharacter: 'is not a valid escape',
  InvalidCharacter: 'has a character that JSON does not allow',
};

function firstSpan(source: SourceFile): Span {
  return { start: 0, end: Math.min(1, source.text.length) };
}

/** What a problem says of its place, as a sentence of its own. */
export function problemSentence(message: string): string {
  return /^(?:is|has|should) /.test(message) ? `it ${message}` : message;
}

export function spanOf(node: Node): Span {
  return { start: node.offset, end: node.offset + node.length };
}

/** Names and values of an object, the last of two equal names as JSON.parse has it; empty for anything else. */
export function membersOf(node: Node | null | undefined): ReadonlyMap<string, Node> {
  const members = new Map<string, Node>();
  if (node?.type !== 'object') return members;
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key && value) members.set(String(key.value), value);
  }
  return members;
}
