import { findFlag } from '../shell/types.js';
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
 */
export function directoryOf(use: CommandUse, facts: Facts): string | null {
  const { workdir } = facts.stateAt(use.instruction);
  let directory = workdir ? workdir.value : (use.stage?.image.workdir ?? null);
  for (const command of use.script?.commands ?? []) {
    if (command === use.command) break;
    if (command.name !== 'cd') continue;
    const closed = command.nesting.includes('subshell') || command.nesting.includes('substitution');
    if (closed && !sameNesting(command.nesting, use.command.nesting)) continue;
    const target = command.operands[0];
    if (command.conditional || !target?.literal) return null;
    directory = resolveInImage(directory, target.value);
  }
  const flag = findFlag(use.command, ...(DIRECTORY_FLAGS[use.command.name] ?? []));
  if (!flag) return directory;
  return flag.literal && flag.value !== null ? resolveInImage(directory, flag.value) : null;
}

function sameNesting(outer: readonly string[], inner: readonly string[]): boolean {
  return outer.every((one, index) => inner[index] === one);
}
