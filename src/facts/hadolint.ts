import type { CommandUse, Facts } from './types.js';

/**
 * Commands with one of the names as hadolint sees them, for rules under its semantics: those of RUN that the script itself
 * calls by that name. It looks into substitutions, branches and loops, but neither through `sudo` and `env` nor into
 * `sh -c '...'`.
 */
export function hadolintCommands(facts: Facts, ...names: readonly string[]): readonly CommandUse[] {
  return facts.commands(...names).filter(({ command }) => isPlain(command) && names.includes(command.name));
}

function isPlain({ wrappers, nesting }: CommandUse['command']): boolean {
  return wrappers.length === 0 && !nesting.includes('inner-script');
}
