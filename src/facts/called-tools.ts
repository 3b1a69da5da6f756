import type { Instruction } from '../dockerfile/ast.js';
import { textAt } from '../model/source.js';
import type { Span } from '../model/span.js';
import type { Command } from '../shell/types.js';
import { remember } from './lazy.js';
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

/** They run the command as it is, in the same root. Not sudo: where that is missing too, it is what the script ends at. */
const TRANSPARENT: ReadonlySet<string> = new Set(
  'env exec time timeout nice nohup command eatmydata sh bash ash dash tini dumb-init gosu su-exec catatonit'.split(
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
  const flow = flowOf(commands);
  const isDefined = remember((name: string) => hasDefinition(name, text));
  for (const [index, command] of commands.entries()) {
    const outcome = outcomeWithout(index, commands, flow);
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
    if (!word?.literal || !isOnPath(word.value) || isDefined(command.name)) continue;
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
function hasDefinition(name: string, text: string): boolean {
  return text.includes(`${name}()`) || text.includes(`function ${name}`) || text.includes(`alias ${name}`);
}

/** The places in a script at which its outcome is decided, found once for all its commands. */
interface Flow {
  /** Of each command, the next one from it on that is joined by anything but `&&` or a pipe; -1 for none. */
  readonly ends: readonly number[];
  /** The first `set -e`. */
  readonly stopsFrom: number;
}

function flowOf(commands: readonly Command[]): Flow {
  const ends: number[] = new Array<number>(commands.length).fill(-1);
  for (let index = commands.length - 1; index >= 0; index--) {
    const next = commands[index]?.next;
    ends[index] = next === ';' || next === '||' || next === '&' ? index : (ends[index + 1] ?? -1);
  }
  const stop = commands.findIndex(
    ({ name, words }) => name === 'set' && words.some(({ value }) => /^-\w*e\w*$|^errexit$/.test(value)),
  );
  return { ends, stopsFrom: stop === -1 ? Number.POSITIVE_INFINITY : stop };
}

/** An `exit 1` stands close behind its `||`. */
const MOST_BETWEEN = 20;

function outcomeWithout(from: number, commands: readonly Command[], flow: Flow): Call['outcome'] | null {
  const command = commands[from];
  if (!command || command.conditional || !command.wrappers.every(({ name }) => TRANSPARENT.has(name))) return null;
  if (command.nesting.some((one) => one !== 'inner-script' && one !== 'group' && one !== 'substitution')) return null;
  // Within a substitution only the words are missing, and what comes of that is another matter.
  const outcome = command.nesting.includes('substitution') || command.next === '|' ? 'goes-on' : 'fails';
  const end = flow.ends[from] ?? -1;
  const next = commands[end]?.next;
  if (next === '&') return null;
  if (next === '||') {
    const other = commands.slice(end + 1, end + MOST_BETWEEN).find(({ previous }) => previous === '||');
    return other && FAILURES.has(other.name) && other.operands[0]?.value !== '0' ? outcome : null;
  }
  return next === ';' && flow.stopsFrom > from ? 'goes-on' : outcome;
}
