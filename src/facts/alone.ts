import type { CommandUse, Facts } from './types.js';

/** True where a command is all that its RUN does: no other command, pipe, redirection or heredoc. */
export function isCommandAlone(use: CommandUse, facts: Facts): boolean {
  const { command, instruction } = use;
  const [only, more] = facts.commandsOf(instruction);
  return (
    only === use &&
    !more &&
    instruction.heredocs.length === 0 &&
    command.redirects.length === 0 &&
    command.nesting.length === 0
  );
}
