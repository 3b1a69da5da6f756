import type { Span } from '../model/span.js';
import type {
  Command,
  EnvAssignment,
  Joint,
  Nesting,
  Pipeline,
  Redirect,
  ShellOption,
  ShellWord,
  Wrapper,
} from './types.js';
import type { Resolution } from './wrappers.js';

/** What holds for all commands of one list of a script. */
export interface Scope {
  readonly nesting: readonly Nesting[];
  readonly conditional: boolean;
  /** True where nobody sees the status of the list: in a condition, in a substitution that is an argument. */
  readonly statusUnused: boolean;
  /** The (sub)shell that options are set for. */
  readonly shell: Span;
  /** Wrappers and environment of the inner script that it belongs to. */
  readonly wrappers: readonly Wrapper[];
  readonly assignments: readonly EnvAssignment[];
  /** How many substitutions and inner scripts it is in. */
  readonly depth: number;
}

/** The scope of a list that is nested in another one. */
export function within(scope: Scope, nesting: Nesting, conditional: boolean, statusUnused = scope.statusUnused): Scope {
  return { ...scope, nesting: [...scope.nesting, nesting], conditional, statusUnused };
}

/** How a command stands in its list. */
export interface Place {
  readonly previous: Joint;
  readonly next: Joint;
  readonly pipeline: number;
}

/** All that is found in a script, in the order of finding. */
export interface Collected {
  readonly commands: Command[];
  readonly pipelines: { members: number[]; pipes: Span[]; span: Span; statusUnused: boolean }[];
  readonly options: ShellOption[];
  readonly assigned: Set<string>;
  readonly errors: { message: string; span: Span }[];
}

export function newCollected(): Collected {
  return { commands: [], pipelines: [], options: [], assigned: new Set(), errors: [] };
}

/** Makes the command that `words` come to; `span` covers all of it. */
export function makeCommand(
  words: readonly ShellWord[],
  resolution: Resolution,
  redirects: readonly Redirect[],
  assignments: readonly EnvAssignment[],
  scope: Scope,
  place: Place,
  span: Span,
): Command {
  const { at, args } = resolution;
  return {
    name: resolution.name,
    tool: resolution.table?.name ?? null,
    nameWord: words[at] ?? null,
    words: at === 0 ? words : words.slice(at),
    subcommand: args.subcommand,
    subcommandWord: args.subcommandWord,
    flags: args.flags,
    operands: args.operands,
    redirects,
    assignments: joined(joined(scope.assignments, assignments), resolution.assignments),
    wrappers: joined(scope.wrappers, resolution.wrappers),
    nesting: scope.nesting,
    next: place.next,
    previous: place.previous,
    conditional: scope.conditional,
    pipeline: place.pipeline,
    span,
  };
}

/** The lists as one, or the one that is not empty as it is, since most commands have none of either. */
export function joined<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b];
}

/** Notes what a command does to the shell that runs it: options and names. */
export function noteEffects(command: Command, scope: Scope, collected: Collected): void {
  const { assigned } = collected;
  switch (command.name) {
    case '':
      if (command.nameWord === null) for (const each of command.assignments) assigned.add(each.name);
      return;
    case 'set':
      readSet(command.words.slice(1), scope, collected);
      return;
    case 'shopt':
      for (const word of command.operands) {
        const on = command.flags.some((flag) => flag.name === '-s');
        if (on || command.flags.some((flag) => flag.name === '-u'))
          addOption(word.value, on, word.span, scope, collected);
      }
      return;
    case 'export':
    case 'declare':
    case 'typeset':
    case 'local':
    case 'readonly':
    case 'read':
      for (const word of command.operands) {
        const name = /^[A-Za-z_]\w*/.exec(word.value)?.[0];
        if (name) assigned.add(name);
      }
      return;
    case 'printf':
      if (command.flags[0]?.name === '-v' && command.operands[0]?.literal) assigned.add(command.operands[0].value);
      return;
    default:
  }
}

const LETTERS: Readonly<Record<string, string>> = {
  e: 'errexit',
  u: 'nounset',
  x: 'xtrace',
  f: 'noglob',
  v: 'verbose',
};

/** `set -euxo pipefail`, `set +e`; also the arguments of a shell before `-c`. */
export function readSet(words: readonly ShellWord[], scope: Scope, collected: Collected): void {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as ShellWord;
    if (!word.literal || !/^[-+][A-Za-z]+$/.test(word.value)) return;
    const on = word.value[0] === '-';
    for (const letter of word.value.slice(1)) {
      // `-c` of a shell introduces the script and is no option of it.
      if (letter === 'c') continue;
      if (letter !== 'o' && letter !== 'O') addOption(LETTERS[letter] ?? letter, on, word.span, scope, collected);
      else {
        const name = words[++at];
        if (name) addOption(name.value, on, name.span, scope, collected);
      }
    }
  }
}

function addOption(name: string, on: boolean, span: Span, scope: Scope, collected: Collected): void {
  const start = Math.min(span.start, scope.shell.end);
  collected.options.push({ name, on, span, scope: { start, end: scope.shell.end } });
}

/**
 * The commands in the order in which they stand, with the pipelines' indices to match. Found order is that already but
 * where the body of a heredoc holds substitutions.
 */
export function inSourceOrder(collected: Collected): { commands: readonly Command[]; pipelines: readonly Pipeline[] } {
  const { commands, pipelines } = collected;
  const isSorted = commands.every((command, at) => at === 0 || startOf(commands[at - 1]) <= startOf(command));
  if (isSorted) return { commands, pipelines };
  const order = commands.map((_, index) => index).sort((a, b) => startOf(commands[a]) - startOf(commands[b]) || a - b);
  const places = new Map(order.map((from, to) => [from, to]));
  return {
    commands: order.map((index) => commands[index] as Command),
    pipelines: pipelines.map((pipeline) => ({
      ...pipeline,
      members: pipeline.members.map((member) => places.get(member) ?? -1),
    })),
  };
}

function startOf(command: Command | undefined): number {
  return command?.span.start ?? 0;
}
