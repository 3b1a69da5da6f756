import type { RunInstruction } from '../dockerfile/ast.js';
import { parseScript } from '../shell/parse.js';
import type { CommandUse, Facts } from './types.js';

/**
 * Commands with one of the names as hadolint sees them, for rules under its semantics: those of RUN that the script itself
 * calls by that name. It looks into substitutions, branches and loops, but neither through `sudo` and `env` nor into
 * `sh -c '...'`.
 */
export function hadolintCommands(facts: Facts, ...names: readonly string[]): readonly CommandUse[] {
  return facts.commands(...names).filter(({ command }) => isPlain(command) && names.includes(command.name));
}

/**
 * How many commands hadolint sees in a RUN. It reads every script as one of a POSIX shell, those of PowerShell too, and none
 * in a script that it cannot read.
 */
export function hadolintCommandCount(run: RunInstruction, facts: Facts): number {
  const uses = facts.commandsOf(run).filter(({ command }) => !command.nesting.includes('inner-script'));
  if (uses.length > 0 || run.command.form === 'exec') return uses.length;
  const script = parseScript({ text: run.argumentsText, offset: run.argumentsSpan.start }, 'sh');
  return script.errors.length > 0 ? 0 : script.commands.length;
}

function isPlain({ wrappers, nesting }: CommandUse['command']): boolean {
  return wrappers.length === 0 && !nesting.includes('inner-script');
}
