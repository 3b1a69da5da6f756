import type { Instruction } from '../dockerfile/ast.js';
import { textAt } from '../model/source.js';
import type { Span } from '../model/span.js';
import type { Command } from '../shell/types.js';
import type { Facts } from './types.js';

/** A program that an instruction calls by its name, whatever else is there. */
export interface Call {
  readonly name: string;
  /** Of the name as written. */
  readonly span: Span;
  readonly command: Command;
  /** What becomes of the instruction where there is no such program: an error, or it goes on without. */
  readonly outcome: 'fails' | 'goes-on';
}

/** They run the command as it is, in the same root. */
const TRANSPARENT: ReadonlySet<string> = new Set(
  'sudo env exec time timeout nice nohup command eatmydata sh bash ash dash tini dumb-init gosu su-exec catatonit'.split(
    ' ',
  ),
);

/** Wrappers that are tools themselves. */
const WRAPPING_TOOLS: ReadonlySet<string> = new Set(['bash', 'tini']);

/** What ends a script as failed, wherever it stands. */
const FAILURES: ReadonlySet<string> = new Set(['exit', 'false', 'return', 'kill']);

/** A look for what is there: whoever does that is prepared for what is not. */
const LOOKS = /\b(?:command\s+-v|which|type|hash|whereis)\b|\[\[?\s+!?\s*-[xfe]\s|\btest\s+-[xfe]\s/;

/**
 * The programs that an instruction is certain to call, in order: none of a branch, a loop or a function, none with a
 * fallback behind it, none in a script that looks first, and none by a path of its own.
 */
export function callsOf(instruction: Instruction, facts: Facts): readonly Call[] {
  const uses = facts.commandsOf(instruction);
  const text = textAt(facts.document.source, instruction.span);
  if (LOOKS.test(text) || uses.some(({ script }) => (script?.errors.length ?? 0) > 0)) return [];
  const commands = uses.map(({ command }) => command);
  const calls: Call[] = [];
  const wrappers = new Set<number>();
  for (const [index, command] of commands.entries()) {
    const outcome = outcomeWithout(command, index, commands);
    if (outcome === null) continue;
    for (const { name, span } of command.wrappers) {
      if (!WRAPPING_TOOLS.has(name) || wrappers.has(span.start)) continue;
      wrappers.add(span.start);
      const word = wordAt(span.start, facts);
      // What the wrapper is given may go on where the wrapper itself would end.
      const isAll = commands.every((one) => one.wrappers.some((other) => other.span.start === span.start));
      if (isOnPath(word.text)) calls.push({ name, span: word.span, command, outcome: isAll ? 'fails' : outcome });
    }
    const word = command.nameWord;
    if (!word?.literal || !isOnPath(word.value) || isDefined(command.name, text)) continue;
    calls.push({ name: command.name, span: word.span, command, outcome });
  }
  return calls;
}

/** The word that begins at a place, without the quote of an exec form. */
function wordAt(start: number, { document }: Facts): { readonly text: string; readonly span: Span } {
  const [, quote = '', text = ''] = /^(["']?)([^\s"',;&|]*)/.exec(document.source.text.slice(start, start + 200)) ?? [];
  const from = start + quote.length;
  return { text, span: { start: from, end: from + text.length } };
}

/** Called by its name, or where systems have their programs. */
function isOnPath(program: string): boolean {
  return !program.includes('/') || /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/.test(program);
}

/** The script has a function or an alias of that name. */
function isDefined(name: string, text: string): boolean {
  return text.includes(`${name}()`) || text.includes(`function ${name}`) || text.includes(`alias ${name}`);
}

function outcomeWithout(command: Command, from: number, commands: readonly Command[]): Call['outcome'] | null {
  if (command.conditional || !command.wrappers.every(({ name }) => TRANSPARENT.has(name))) return null;
  if (command.nesting.some((one) => one !== 'inner-script' && one !== 'group' && one !== 'substitution')) return null;
  // Within a substitution only the words are missing, and what comes of that is another matter.
  let outcome: Call['outcome'] = command.nesting.includes('substitution') || command.next === '|' ? 'goes-on' : 'fails';
  for (let index = from; index < commands.length; index++) {
    const next = commands[index]?.next;
    if (next === '&') return null;
    if (next === '||') {
      const other = commands.slice(index + 1).find(({ previous }) => previous === '||');
      return other && FAILURES.has(other.name) && other.operands[0]?.value !== '0' ? outcome : null;
    }
    if (next === ';') {
      if (!stopsOnError(commands, from)) outcome = 'goes-on';
      return outcome;
    }
  }
  return outcome;
}

/** `set -e` before it. */
function stopsOnError(commands: readonly Command[], before: number): boolean {
  return commands
    .slice(0, before)
    .some(({ name, words }) => name === 'set' && words.some(({ value }) => /^-\w*e\w*$|^errexit$/.test(value)));
}
