import { type Command, findFlag, type Nesting, type Script } from '../shell/types.js';
import { memoise } from './lazy.js';
import type { CommandUse, Facts } from './types.js';
import { resolveInImage } from './variables.js';

/** Flags by which a package manager is sent to another directory. */
const DIRECTORY_FLAGS: Readonly<Record<string, readonly string[]>> = {
  npm: ['--prefix', '-C'],
  yarn: ['--cwd'],
  pnpm: ['--dir', '-C', '--prefix'],
  bun: ['--cwd'],
  git: ['-C'],
};

/**
 * The absolute directory in which a command runs: WORKDIR, then each `cd` that stands before it in its script, then its
 * own flag. Null where any of them is not known.
 *
 * @param workdir where the script begins; for the command of a container that is the WORKDIR at the end of its stage
 */
export function directoryOf(use: CommandUse, facts: Facts, workdir = workdirAt(use, facts)): string | null {
  let directory = workdir;
  const moves = use.script && movesOf(use.script);
  const count = moves ? (moves.before.get(use.command) ?? moves.all.length) : 0;
  if (count > MOST_MOVES) return null;
  for (const command of moves?.all.slice(0, count) ?? []) {
    if (!isHeard(command, use)) continue;
    const target = command.operands[0];
    if (command.conditional || !target?.literal) return null;
    directory = resolveInImage(directory, target.value);
  }
  const { name } = use.command;
  const flags = Object.hasOwn(DIRECTORY_FLAGS, name) ? DIRECTORY_FLAGS[name] : undefined;
  const flag = flags && findFlag(use.command, ...flags);
  if (!flag) return directory;
  return flag.literal && flag.value !== null ? resolveInImage(directory, flag.value) : null;
}

/** No person writes more of them into one script. */
const MOST_MOVES = 200;

/** Each `cd` of a script, and how many stand before each of its commands; null where there is none. */
const movesOf = memoise((script: Script) => {
  const all = script.commands.filter(({ name }) => name === 'cd');
  if (all.length === 0) return null;
  const before = new Map<Command, number>();
  let count = 0;
  for (const command of script.commands) {
    before.set(command, count);
    if (command.name === 'cd') count++;
  }
  return { all, before };
});

function workdirAt(use: CommandUse, facts: Facts): string | null {
  const { workdir } = facts.stateAt(use.instruction);
  return workdir ? workdir.value : (use.stage?.image.workdir ?? null);
}

/** Whether a `cd` still holds for a later command: one in a subshell or an inner script ends with it. */
function isHeard(cd: Command, use: CommandUse): boolean {
  if (cd.previous === '|' || cd.next === '|' || cd.next === '&') return false;
  const closed = (one: Nesting): boolean => one === 'subshell' || one === 'substitution' || one === 'inner-script';
  if (cd.nesting.filter(closed).length === 0) return true;
  if (cd.nesting.some((one, index) => use.command.nesting[index] !== one)) return false;
  // Both stand in subshells of the same kinds; they are the same unless one is closed between them.
  const source = use.script?.source;
  if (!source) return false;
  let depth = 0;
  for (const char of source.text.slice(cd.span.end - source.offset, use.command.span.start - source.offset)) {
    if (char === '(') depth++;
    else if (char === ')' && depth-- === 0) return false;
  }
  return true;
}
