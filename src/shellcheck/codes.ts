/**
 * Codes of ShellCheck that cannot hold in a Dockerfile, with the reason. Those about the `#!` line speak of a line that we
 * wrote ourselves.
 */
export const CODES_OFF: ReadonlyMap<number, string> = new Map([
  [1008, 'speaks of our own #! line'],
  [1071, 'speaks of our own #! line'],
  [1090, 'a sourced file is in the image, where ShellCheck cannot follow it'],
  [1091, 'a sourced file is in the image, where ShellCheck cannot follow it'],
  [1113, 'speaks of our own #! line'],
  [1114, 'speaks of our own #! line'],
  [1115, 'speaks of our own #! line'],
  [1128, 'the #! line of a heredoc stands where it should'],
  [2096, 'speaks of our own #! line'],
  [2148, 'a RUN has no #! line; SHELL or the image names the shell'],
  [2187, 'BusyBox ash is read as what it is, where ShellCheck knows it'],
  [2239, 'speaks of our own #! line'],
]);

/**
 * Codes that say what POSIX or a certain shell lacks (SC3xxx). They hold only where the shell is known: in an image that
 * nobody knows, `/bin/sh` may well be bash.
 */
export function isPortability(code: number): boolean {
  return code >= 3000 && code < 4000;
}
