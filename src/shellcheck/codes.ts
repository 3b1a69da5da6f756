import type { Severity } from '../model/finding.js';
import type { ShellcheckSettings } from './types.js';

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
 * Codes that are nearly always wrong of a RUN although they might hold, with the reason: off unless the configuration names
 * them, or the preset is hadolint's. Found by reading what they say of 600 real files.
 */
export const CODES_QUIET: ReadonlyMap<number, string> = new Map([
  [2016, 'a `$` in single quotes is meant for the file or the program that gets the text (26 of 27 real findings)'],
  [2035, 'no file of an image that is built begins with a dash, and `apk del *-dev` is no pattern for files'],
  [2043, 'a loop over one key or package is written so that another can be added'],
  [2046, '`$(nproc)` has nothing to be split, `$(test ... && echo --flag)` must be (44 of 44 real findings)'],
  [2185, '`find` of GNU and of BusyBox, which images have, begins in the working directory by itself'],
  [2211, 'a command such as `/opt/*/bin/tool` is a path with a version in it'],
]);

/**
 * Codes that are advice here: ShellCheck warns of them, but what they tell of breaks hardly any build, and a warning turns
 * pipelines red.
 */
export const CODES_MILD: ReadonlyMap<number, { readonly severity: Severity; readonly reason: string }> = new Map([
  [2010, { severity: 'info', reason: 'the names of files that `ls` gives `grep` are those of the image' }],
  [2034, { severity: 'info', reason: 'a variable that is set and not used breaks nothing' }],
  [2038, { severity: 'info', reason: 'the names of files that `find` gives `xargs` are those of the image' }],
  [2155, { severity: 'info', reason: 'what is lost is the exit code of a command that hardly ever fails' }],
  [2156, { severity: 'info', reason: 'the names of files that `find` gives a shell are those of the image' }],
]);

/**
 * Codes that say what POSIX or a certain shell lacks (SC3xxx), or that shells differ in (`echo "\\n"`). They hold only where
 * the shell is known: in an image that nobody knows, `/bin/sh` may well be bash.
 */
export function isPortability(code: number): boolean {
  return (code >= 3000 && code < 4000) || code === 2028;
}

/** True where a code, `SC2086`, may be reported at all. */
export function isCodeOn(code: string, { codes, semantics }: ShellcheckSettings): boolean {
  const chosen = codes.get(code);
  const number = Number(code.slice(2));
  if (chosen === null || CODES_OFF.has(number)) return false;
  return chosen !== undefined || semantics === 'hadolint' || !CODES_QUIET.has(number);
}
