import { cover } from '../model/span.js';
import { type Arguments, readArguments } from './arguments.js';
import { findTool, type ToolTable } from './tools.js';
import type { EnvAssignment, ShellWord, Wrapper } from './types.js';

/** What the words of a simple command come to when the runners before the command are seen through. */
export interface Resolution {
  readonly wrappers: readonly Wrapper[];
  /** Those that `env` and `sudo` are given. */
  readonly assignments: readonly EnvAssignment[];
  /** Index of the word that names the command. */
  readonly at: number;
  /** See {@link Command.name}. */
  readonly name: string;
  readonly table: ToolTable | null;
  readonly args: Arguments;
  /** Words that are, joined by blanks, a script for the shell that the last wrapper is; null: none. */
  readonly script: ScriptWords | null;
}

export interface ScriptWords {
  readonly from: number;
  readonly to: number;
  /** Name of the shell, where the wrapper is one. */
  readonly shell: string | null;
}

/** `sudo sudo sudo ...`: more than this is no command that anyone writes. */
const MOST_WRAPPERS = 32;

/** Subcommands that run the command that follows. */
const RUNNERS: Readonly<Record<string, ReadonlySet<string>>> = {
  npm: new Set(['exec']),
  pnpm: new Set(['exec', 'dlx']),
  yarn: new Set(['exec', 'dlx']),
  bun: new Set(['x']),
  bundle: new Set(['exec']),
  poetry: new Set(['run']),
  pipenv: new Set(['run']),
  pipx: new Set(['run']),
  conda: new Set(['run']),
  uv: new Set(['run', 'tool run']),
};

/** Sees through `sudo`, `env`, `sh -c`, `python -m pip`, ... by the tables of tools. */
export function resolveCommand(words: readonly ShellWord[]): Resolution {
  const wrappers: Wrapper[] = [];
  const assignments: EnvAssignment[] = [];
  let at = 0;
  let forced: string | null = null;
  for (;;) {
    const name: string = forced ?? programName(words[at]);
    const table = name === '' ? null : findTool(name);
    const step: Step | null =
      table && wrappers.length < MOST_WRAPPERS ? seeThrough(words, at, name, table, assignments) : null;
    if (step) {
      wrappers.push(step.wrapper);
      if (step.script) {
        const args = NO_ARGUMENTS;
        return { wrappers, assignments, at, name, table, args, script: step.script };
      }
      at = step.at;
      forced = step.name ?? null;
      continue;
    }
    return { wrappers, assignments, at, name, table, args: readArguments(words, at + 1, table), script: null };
  }
}

/** The same with the shell itself as the command, where its script has no commands that can be told. */
export function withoutScript(words: readonly ShellWord[], resolution: Resolution): Resolution {
  if (resolution.script === null) return resolution;
  const { at, table } = resolution;
  const wrappers = resolution.wrappers.slice(0, -1);
  return { ...resolution, wrappers, args: readArguments(words, at + 1, table), script: null };
}

const NO_ARGUMENTS: Arguments = { subcommand: null, subcommandWord: null, flags: [], operands: [], rest: 0 };

/** Last part of the path of a literal program word; empty otherwise. */
function programName(word: ShellWord | undefined): string {
  if (!word?.literal) return '';
  const { value } = word;
  return value.slice(value.lastIndexOf('/') + 1);
}

interface Step {
  readonly wrapper: Wrapper;
  readonly at: number;
  /** The name where the word says more than that: `yarn` for `corepack yarn@4`. */
  readonly name?: string;
  readonly script?: ScriptWords;
}

function seeThrough(
  words: readonly ShellWord[],
  at: number,
  name: string,
  table: ToolTable,
  assignments: EnvAssignment[],
): Step | null {
  if (table.syntax.has('shell')) return throughShell(words, at, name, table);
  if (table.wraps !== null) return throughWrapper(words, at, name, table, assignments);
  if (table.name === 'python') return throughPython(words, at, name, table);
  if (table.name === 'corepack') return throughCorepack(words, at, name, table);
  const runs = RUNNERS[table.name];
  if (!runs || words.length <= at + 2) return null;
  const args = readArguments(words, at + 1, table, 0);
  if (args.subcommand === null || !runs.has(args.subcommand)) return null;
  return args.rest < words.length ? step(words, at, name, args, args.rest, packageName(words[args.rest])) : null;
}

/** `sh -c '...'`; a shell that runs a file, or reads its input, is a command of its own. */
function throughShell(words: readonly ShellWord[], at: number, name: string, table: ToolTable): Step | null {
  const args = readArguments(words, at + 1, table, 0);
  if (args.rest >= words.length || !args.flags.some((flag) => flag.name === '-c')) return null;
  return { ...step(words, at, name, args, args.rest), script: { from: args.rest, to: args.rest + 1, shell: name } };
}

function throughWrapper(
  words: readonly ShellWord[],
  at: number,
  name: string,
  table: ToolTable,
  assignments: EnvAssignment[],
): Step | null {
  if (table.name === 'eval') {
    if (words.length <= at + 1) return null;
    const step: Step = { wrapper: { name, span: spanOf(words, at), flags: [] }, at: at + 1 };
    return { ...step, script: { from: at + 1, to: words.length, shell: null } };
  }
  const skips = typeof table.wraps === 'number' ? table.wraps : 0;
  const switchesUser = table.name === 'su' || table.name === 'runuser';
  const args = readArguments(words, at + 1, table, switchesUser ? null : skips);
  const runsOperands = table.name === 'runuser' && args.flags.some(({ name }) => name === '-u' || name === '--user');
  const script = runsOperands ? null : commandString(words, args, table);
  if (script !== null)
    return { ...step(words, at, name, args, script), script: { from: script, to: script + 1, shell: null } };
  if (table.name === 'su') return null;
  let rest = args.rest;
  if (table.name === 'runuser') {
    // With `-u USER` the operands are the command; without, they are a user and arguments for that user's shell.
    const first = args.operands[0];
    if (!first || !runsOperands) return null;
    rest = words.indexOf(first);
  }
  if (table.name === 'command' && args.flags.some((flag) => flag.name === '-v' || flag.name === '-V')) return null;
  const given: EnvAssignment[] = [];
  if (table.wraps === 'assignments') rest = takeAssignments(words, rest, given);
  if (rest >= words.length) return null;
  assignments.push(...given);
  const runsPackage = table.name === 'npx' || table.name === 'pnpx' || table.name === 'bunx' || table.name === 'uvx';
  return step(words, at, name, args, rest, runsPackage ? packageName(words[rest]) : undefined);
}

/** Index of the word that is the command line: the value of `su -c`, `flock -c`, `env -S`. */
function commandString(words: readonly ShellWord[], args: Arguments, table: ToolTable): number | null {
  const names = table.name === 'env' ? ['-S', '--split-string'] : table.commandFlags;
  if (names.length === 0) return null;
  const flag = args.flags.findLast((each) => names.includes(each.name) && each.value !== null);
  if (flag) {
    const index = words.indexOf(flag.word);
    return words[index + 1]?.value === flag.value ? index + 1 : null;
  }
  // flock takes the file first, then -c; runuser the user.
  const option = args.operands.find((word) => names.includes(word.value)) ?? words[args.rest];
  const index = option && names.includes(option.value) ? words.indexOf(option) + 1 : words.length;
  return index < words.length ? index : null;
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=/;

function takeAssignments(words: readonly ShellWord[], from: number, assignments: EnvAssignment[]): number {
  let at = from;
  for (; at < words.length; at++) {
    const word = words[at] as ShellWord;
    const name = ASSIGNMENT.exec(word.value)?.[1];
    if (name === undefined) break;
    assignments.push({ name, value: assignedValue(word, name), span: word.span });
  }
  return at;
}

function assignedValue(word: ShellWord, name: string): ShellWord {
  const plain = word.text.startsWith(`${name}=`) && word.span.end - word.span.start === word.text.length;
  const skip = plain ? name.length + 1 : 0;
  return {
    ...word,
    value: word.value.slice(name.length + 1),
    text: word.text.slice(skip),
    span: { start: word.span.start + skip, end: word.span.end },
  };
}

/** `python -m pip` is pip; any other module is an argument of python's. */
function throughPython(words: readonly ShellWord[], at: number, name: string, table: ToolTable): Step | null {
  const args = readArguments(words, at + 1, table, 0);
  const flag = args.flags.at(-1);
  if (flag?.name !== '-m' || flag.value === null || !flag.literal || !findTool(flag.value)) return null;
  const index = words.indexOf(flag.word) + (flag.span.end === flag.word.span.end ? 0 : 1);
  return index > at ? step(words, at, name, args, index, flag.value) : null;
}

/** `corepack yarn install`, `corepack yarn@1.22.19 install`. */
function throughCorepack(words: readonly ShellWord[], at: number, name: string, table: ToolTable): Step | null {
  const inner = words[at + 1];
  const program = packageName(inner);
  if (!inner || !/^(?:yarn|yarnpkg|pnpm|pnpx|npm|npx)$/.test(program)) return null;
  const args = readArguments(words.slice(0, at + 1), at + 1, table);
  return step(words, at, name, args, at + 1, program === 'yarnpkg' ? 'yarn' : program);
}

/** The name of a package that a runner fetches and runs, without its version: `serve` for `serve@14`. */
function packageName(word: ShellWord | undefined): string {
  if (!word?.literal) return '';
  const version = word.value.indexOf('@', 1);
  const name = version === -1 ? word.value : word.value.slice(0, version);
  return name.startsWith('@') ? name : name.slice(name.lastIndexOf('/') + 1);
}

function step(
  words: readonly ShellWord[],
  at: number,
  name: string,
  args: Arguments,
  next: number,
  inner?: string,
): Step {
  const last = words[Math.max(at, next - 1)] as ShellWord;
  const wrapper = { name, span: cover(spanOf(words, at), last.span), flags: args.flags };
  return inner === undefined ? { wrapper, at: next } : { wrapper, at: next, name: inner };
}

function spanOf(words: readonly ShellWord[], at: number) {
  return (words[at] as ShellWord).span;
}
