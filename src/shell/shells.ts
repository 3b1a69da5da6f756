import type { Dialect, ForeignShell } from './types.js';

/** What runs a script. */
export interface ShellChoice {
  /** Null where it is foreign or not known. */
  readonly dialect: Dialect | null;
  readonly foreign: ForeignShell | null;
  /** `errexit` and `pipefail` where the arguments turn them on. */
  readonly options: ReadonlySet<string>;
}

const DIALECTS: Readonly<Record<string, Dialect>> = {
  sh: 'sh',
  bash: 'bash',
  rbash: 'bash',
  dash: 'dash',
  ash: 'ash',
  ksh: 'ksh',
  ksh93: 'ksh',
  mksh: 'ksh',
  pdksh: 'ksh',
  zsh: 'zsh',
};

const FOREIGN: Readonly<Record<string, ForeignShell>> = { powershell: 'powershell', pwsh: 'powershell', cmd: 'cmd' };

/**
 * The shell of a SHELL instruction's strings: `["/bin/bash", "-eo", "pipefail", "-c"]`, `["powershell", "-Command"]`.
 * Runners before the shell (`/usr/bin/env bash`, `busybox sh`) are seen through. A program that is no known shell gives
 * `other`; an empty list nothing.
 */
export function detectShell(argv: readonly string[]): ShellChoice {
  let at = 0;
  while (at < argv.length - 1 && isRunner(argv[at] ?? '', argv[at + 1] ?? '')) at++;
  const program = argv[at];
  if (program === undefined || program === '') return { dialect: null, foreign: null, options: new Set() };
  const name = programName(program);
  const dialect = Object.hasOwn(DIALECTS, name) ? (DIALECTS[name] ?? null) : null;
  if (dialect === null) {
    const foreign = Object.hasOwn(FOREIGN, name) ? (FOREIGN[name] ?? null) : 'other';
    return { dialect: null, foreign, options: new Set() };
  }
  return { dialect, foreign: null, options: shellOptions(argv.slice(at + 1)) };
}

/**
 * The interpreter that the first line of a script names (`#!/usr/bin/env -S bash -e`); null where the line is no `#!`
 * line. Any program that is no shell, such as python, gives `other`.
 *
 * @see https://docs.docker.com/reference/dockerfile/#here-documents
 */
export function detectShebang(firstLine: string): ShellChoice | null {
  if (!firstLine.startsWith('#!')) return null;
  const words = firstLine.slice(2).split('\n', 1)[0]?.trim().split(/\s+/) ?? [];
  return detectShell(words.filter((word) => word !== ''));
}

/** The dialect of a shell's name, null for any other program. */
export function dialectOf(program: string): Dialect | null {
  return Object.hasOwn(DIALECTS, program) ? (DIALECTS[program] ?? null) : null;
}

/** Turns on what `-e`, `-o pipefail`, `-euxo pipefail` and the like in a shell's arguments turn on. */
function shellOptions(args: readonly string[]): ReadonlySet<string> {
  const options = new Set<string>();
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (/^-[a-zA-Z]+$/.test(word)) {
      for (const letter of word.slice(1)) {
        if (letter === 'e') options.add('errexit');
        if (letter === 'o' || letter === 'O') {
          const name = args[++at] ?? '';
          if (name === 'errexit' || name === 'pipefail') options.add(name);
        }
      }
    }
  }
  return options;
}

function isRunner(program: string, next: string): boolean {
  const name = programName(program);
  if (name === 'busybox' || name === 'env') return true;
  // Options and assignments of env.
  return /^(?:-|\w+=)/.test(program) && next !== '';
}

/** Last part of a path of either kind, in lower case, without `.exe`. */
function programName(program: string): string {
  const base = program.split(/[\\/]/).at(-1) ?? '';
  return base.toLowerCase().replace(/\.exe$/, '');
}
