import type { CommandUse } from './types.js';

/** True where something other than a terminal is on the input of a command: `yes |`, `<<< y`, a heredoc. */
export function hasAnswer({ command }: CommandUse): boolean {
  if (command.redirects.some(({ operator }) => operator.startsWith('<'))) return true;
  const isPiped = command.previous === '|' || command.previous === '|&';
  // xargs takes the pipe, and gives its command an empty input.
  return isPiped && command.wrappers.every(({ name }) => name !== 'xargs');
}
