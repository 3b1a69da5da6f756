import { execFileSync } from 'node:child_process';

/**
 * Runs git and gives what it prints; null where it cannot be run or fails. Nothing that a repository configures is run by it:
 * no external diff, no file system monitor, no pager.
 */
export type Git = (args: readonly string[], directory: string) => string | null;

/** More than any list of names takes. */
const MOST_BYTES = 64_000_000;
/** In milliseconds. */
const PATIENCE = 30_000;

export const runGit: Git = (args, directory) => {
  try {
    return execFileSync('git', ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', ...args], {
      cwd: directory,
      encoding: 'utf8',
      maxBuffer: MOST_BYTES,
      timeout: PATIENCE,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
    });
  } catch {
    return null;
  }
};

/**
 * Files below a directory that differ from a revision, relative to it: changed, new, gone, and those that git does not know
 * yet; null where git cannot say.
 */
export function changedSince(revision: string, directory: string, git: Git): readonly string[] | null {
  const diff = ['diff', '--no-ext-diff', '--no-textconv', '--no-renames', '--relative', '--name-only', '-z'];
  const changed = git([...diff, '--end-of-options', revision, '--', '.'], directory);
  if (changed === null) return null;
  const fresh = git(['ls-files', '--others', '--exclude-standard', '-z', '--', '.'], directory) ?? '';
  return [...new Set([...changed.split('\0'), ...fresh.split('\0')])].filter((path) => path !== '').sort();
}

/** A file as a revision has it, by its path relative to a directory; null where it has none. */
export function fileAt(revision: string, path: string, directory: string, git: Git): string | null {
  return shown(`${revision}:./${path}`, directory, git);
}

/** A file as a revision has it, by its path from the top of the repository. */
export function fileFromTop(revision: string, path: string, directory: string, git: Git): string | null {
  return shown(`${revision}:${path}`, directory, git);
}

function shown(object: string, directory: string, git: Git): string | null {
  return git(['show', '--no-textconv', '--end-of-options', object], directory);
}

/** The path (from the top of the repository) that a file had before it was renamed; null where it was not. */
export function renamedFrom(revision: string, name: string, directory: string, git: Git): string | null {
  const prefix = git(['rev-parse', '--show-prefix'], directory);
  const diff = ['diff', '--no-ext-diff', '--no-textconv', '--find-renames', '--diff-filter=R', '--name-status', '-z'];
  const renames = prefix === null ? null : git([...diff, '--end-of-options', revision, '--'], directory);
  if (prefix === null || renames === null) return null;
  // Triples: R and the likeness, the old path, the new one.
  const parts = renames.split('\0');
  const at = parts.findIndex((path, index) => index % 3 === 2 && path === `${prefix.trimEnd()}${name}`);
  return at < 0 ? null : (parts[at - 1] ?? null);
}

/** Why git may not know a revision; null where nothing tells. */
export function missingRevision(directory: string, git: Git): 'no-repository' | 'shallow' | null {
  const shallow = git(['rev-parse', '--is-shallow-repository'], directory);
  if (shallow === null) return 'no-repository';
  return shallow.trim() === 'true' ? 'shallow' : null;
}
