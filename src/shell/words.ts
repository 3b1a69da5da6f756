import type * as unbash from 'unbash';
import { type Frame, frameBuilder, placeOf } from './frame.js';
import type { ShellWord } from './types.js';

/** A script that is nested in a word: `$( )`, backticks, `<( )`. */
export interface NestedScript {
  readonly node: unbash.CommandExpansionPart | unbash.ProcessSubstitutionPart | unbash.ArithmeticCommandExpansion;
  readonly script: unbash.ParsedScript;
}

/** What stands in an inner script for a substitution that the outer shell makes; see {@link innerOfWords}. */
const PLACEHOLDER = /\$__/;

/** Characters that may begin an expansion, a substitution or a pattern. */
const SPECIAL = /[$`*?[{(]/;

/**
 * Makes a word of the parser's node; scripts nested in it are added to `nested`.
 *
 * @param textOf gives the text as written for a place; null where there is no source to take it from
 */
export function toWord(
  node: unbash.Word | unbash.Assignment,
  frame: Frame,
  nested: NestedScript[],
  textOf: ((from: number, to: number) => string) | null,
): ShellWord {
  const span = placeOf(frame, node.pos, node.end);
  const text = frame.ends !== null && textOf ? textOf(span.start, span.end) : node.text;
  if (!SPECIAL.test(node.text)) return { value: valueOfNode(node), text, span, literal: true, variables: NONE };
  const found: Found = { literal: true, variables: new Set(), nested, depth: 0 };
  visitNode(node, found);
  const value = PLACEHOLDER.test(node.text) ? text : valueOfNode(node);
  return { value, text, span, literal: found.literal, variables: [...found.variables] };
}

/** Adds the scripts nested in any node to `nested`. */
export function collectNested(node: unbash.SyntaxNode | undefined, nested: NestedScript[]): void {
  if (node) visitNode(node, { literal: true, variables: new Set(), nested, depth: 0 });
}

function valueOfNode(node: unbash.Word | unbash.Assignment): string {
  if (node.type === 'Word') return node.value;
  if (node.value.type === 'ArrayValue') return node.text;
  return node.text.slice(0, node.value.pos - node.pos) + node.value.value;
}

interface Found {
  literal: boolean;
  readonly variables: Set<string>;
  readonly nested: NestedScript[];
  depth: number;
}

const NONE: readonly string[] = [];

/** Levels of parts in parts. The parser reads a text again for each, which 10,000 of `$((` would make slow. */
const MOST_LEVELS = 48;

/** Goes through the parts of a word. */
function visitNode(node: unbash.SyntaxNode, found: Found): void {
  if (found.depth >= MOST_LEVELS) {
    found.literal = false;
    return;
  }
  found.depth++;
  visitParts(node, found);
  found.depth--;
}

function visitParts(node: unbash.SyntaxNode, found: Found): void {
  switch (node.type) {
    case 'Word':
    case 'ArithmeticWord':
    case 'HereDocBody':
      for (const part of node.parts ?? []) visitNode(part, found);
      if (node.type === 'ArithmeticWord') for (const [name] of node.value.matchAll(NAME)) addVariable(found, name);
      return;
    case 'DoubleQuoted':
    case 'LocaleString':
      for (const part of node.parts) visitNode(part, found);
      return;
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      found.literal = false;
      for (const part of node.parts ?? []) visitNode(part, found);
      return;
    case 'SimpleExpansion':
      found.literal = false;
      addVariable(found, node.text.slice(1));
      return;
    case 'ParameterExpansion':
      found.literal = false;
      addVariable(found, node.parameter);
      if (node.index) visitNode(node.index, found);
      if (node.operation) visitOperation(node.operation, found);
      return;
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticCommandExpansion':
      found.literal = false;
      if (node.script) found.nested.push({ node, script: node.script });
      return;
    case 'ArithmeticExpansion':
      found.literal = false;
      if (node.expression) visitNode(node.expression, found);
      return;
    case 'Assignment':
      if (node.index) visitNode(node.index, found);
      visitNode(node.value, found);
      return;
    case 'ArrayValue':
      found.literal = false;
      for (const element of node.elements) visitNode(element, found);
      return;
    case 'ArithmeticBinary':
    case 'TestBinary':
      visitNode(node.left, found);
      visitNode(node.right, found);
      return;
    case 'ArithmeticUnary':
    case 'TestUnary':
    case 'TestNot':
      visitNode(node.operand, found);
      return;
    case 'ArithmeticTernary':
      for (const child of [node.test, node.consequent, node.alternate]) visitNode(child, found);
      return;
    case 'ArithmeticGroup':
    case 'TestGroup':
      visitNode(node.expression, found);
      return;
    case 'TestLogical':
      for (const operand of node.operands) visitNode(operand, found);
      return;
    default:
      return;
  }
}

const NAME = /[A-Za-z_]\w*/g;

function visitOperation(operation: unbash.ParameterOperation, found: Found): void {
  switch (operation.type) {
    case 'Default':
    case 'Remove':
    case 'Transform':
      visitNode(operation.operand, found);
      return;
    case 'CaseModification':
      if (operation.operand) visitNode(operation.operand, found);
      return;
    case 'Replace':
      visitNode(operation.pattern, found);
      visitNode(operation.replacement, found);
      return;
    case 'Slice':
      visitNode(operation.offset, found);
      if (operation.length) visitNode(operation.length, found);
      return;
    default:
      return;
  }
}

function addVariable(found: Found, name: string): void {
  // A name of underscores stands for a substitution that the outer shell makes.
  if (name !== '' && !/^_+$/.test(name)) found.variables.add(name);
}

/** A script that a word holds, and whether all of its text is known. */
export interface InnerScript {
  readonly frame: Frame;
  /** False where the outer shell puts something in. */
  readonly exact: boolean;
  /** True where nothing of it is known. */
  readonly empty: boolean;
}

/** The text that a shell started with these words, joined by blanks, is given as its script. */
export function innerOfWords(nodes: readonly (unbash.Word | unbash.Assignment)[], frame: Frame): InnerScript {
  const builder = frameBuilder(frame);
  const state = { exact: true, empty: true };
  nodes.forEach((node, index) => {
    const previous = nodes[index - 1];
    if (previous) builder.replace(' ', previous.end, node.pos);
    if (node.type === 'Word' && node.parts) for (const part of node.parts) decodePart(part, frame, builder, state);
    else if (node.type === 'Word') decodeText(frame.text, node.pos, node.end, null, builder, state);
    else builder.copy(node.pos, node.end);
  });
  return { frame: builder.build(), ...state };
}

/** The script that a heredoc gives to a shell. */
export function innerOfHeredoc(doc: unbash.HereDoc, frame: Frame): InnerScript {
  const builder = frameBuilder(frame);
  const state = { exact: true, empty: true };
  const { body, delimiter } = doc;
  if (delimiter?.quoted) {
    builder.copy(body.pos, body.end);
    state.empty = body.end === body.pos;
  } else if (body.parts) {
    for (const part of body.parts) {
      if (part.type === 'Literal') decodeText(frame.text, part.pos, part.end, IN_HEREDOC, builder, state);
      else decodePart(part, frame, builder, state);
    }
  } else decodeText(frame.text, body.pos, body.end, IN_HEREDOC, builder, state);
  return { frame: builder.build(), ...state };
}

type Builder = ReturnType<typeof frameBuilder>;

const IN_QUOTES = '$`"\\\n';
const IN_HEREDOC = '$`\\\n';

function decodePart(
  part: unbash.WordPart,
  frame: Frame,
  builder: Builder,
  state: { exact: boolean; empty: boolean },
): void {
  switch (part.type) {
    case 'Literal':
      decodeText(frame.text, part.pos, part.end, null, builder, state);
      return;
    case 'SingleQuoted': {
      const closed = part.end - part.pos > 1 && frame.text[part.end - 1] === "'";
      builder.copy(part.pos + 1, closed ? part.end - 1 : part.end);
      state.empty = false;
      return;
    }
    case 'AnsiCQuoted':
      builder.replace(part.value, part.pos, part.end);
      state.empty = false;
      return;
    case 'DoubleQuoted':
    case 'LocaleString':
      for (const child of part.parts) {
        if (child.type === 'Literal') decodeText(frame.text, child.pos, child.end, IN_QUOTES, builder, state);
        else decodePart(child, frame, builder, state);
      }
      return;
    case 'CommandExpansion':
    case 'ArithmeticExpansion':
    case 'ProcessSubstitution':
      // The outer shell runs it: the inner one sees only what comes out.
      builder.replace(`$${'_'.repeat(Math.max(2, part.end - part.pos - 1))}`, part.pos, part.end);
      state.exact = false;
      return;
    default:
      builder.copy(part.pos, part.end);
      state.exact = false;
  }
}

/** Copies a text without its escapes; `escapable`: what a backslash takes effect on, null: everything. */
function decodeText(
  text: string,
  from: number,
  to: number,
  escapable: string | null,
  builder: Builder,
  state: { empty: boolean },
): void {
  let copied = from;
  for (let at = text.indexOf('\\', from); at !== -1 && at < to - 1; at = text.indexOf('\\', at)) {
    const next = text[at + 1] ?? '';
    if (escapable === null || escapable.includes(next)) {
      builder.copy(copied, at);
      // The place of an escaped character is that of its backslash too.
      if (next !== '\n') builder.replace(next, at, at + 2);
      copied = at + 2;
    }
    at += 2;
  }
  builder.copy(copied, to);
  if (to > from) state.empty = false;
}

/**
 * The text of a script in backticks with escapes in it, which the parser reads decoded; null where the decoding is not
 * what the parser made of it.
 */
export function innerOfBackticks(part: { pos: number; end: number }, decoded: string, frame: Frame): Frame | null {
  for (const escapable of ['$`\\', IN_QUOTES]) {
    const builder = frameBuilder(frame);
    decodeText(frame.text, part.pos + 1, part.end - 1, escapable, builder, { empty: true });
    const inner = builder.build();
    if (inner.text === decoded) return inner;
  }
  return null;
}
