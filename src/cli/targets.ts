import { baseName, displayFrom, joinPath, parentOf, resolvePath } from '../context/paths.js';
import type { EntryKind, Fs, FsFailure } from '../context/types.js';
import type { Failure } from '../model/report.js';
import { isDockerfileName } from './file-names.js';
import { createGitIgnore } from './git-ignore.js';
import type { Io } from './io.js';

/** A file to lint. */
export interface Target {
  /** Absolute; null for standard input. */
  readonly path: string | null;
  /** Relative to the working directory. */
  readonly display: string;
}

export interface Targets {
  /** In the order of the arguments, files of a directory by name; none twice. */
  readonly targets: readonly Target[];
  /** Arguments that name nothing, directories that cannot be read. */
  readonly failures: readonly Failure[];
}

/** Never entered: what is in them is not the project's own. */
const SKIPPED = new Set(['.git', 'node_modules']);

/** Finds what the arguments name: files, directories, globs, and `-` for standard input. */
export async function findTargets(paths: readonly string[], io: Io): Promise<Targets> {
  const targets = new Map<string, Target>();
  const failures: Failure[] = [];
  const addFile = (path: string) => targets.set(path, { path, display: displayFrom(io.cwd, path) });
  const fail = (path: string, message: string) => failures.push({ path, message });
  for (const argument of paths) {
    if (argument === '-') {
      targets.set('-', { path: null, display: '<stdin>' });
      continue;
    }
    const text = io.isWindows ? argument.replaceAll('\\', '/') : argument;
    const path = resolvePath(io.cwd, text);
    const kind = kindOf(io.fs, path);
    if (kind === 'directory') {
      const before = failures.length;
      const found = await walk(io, path, isDockerfileName, fail);
      for (const file of found) addFile(file);
      if (found.length === 0 && failures.length === before)
        fail(displayFrom(io.cwd, path), 'no Dockerfile in this directory');
    } else if (kind === null && isGlob(text)) {
      const found = await expandGlob(io, text, fail);
      for (const file of found) addFile(file);
      if (found.length === 0) fail(argument, 'no file matches this pattern');
    } else {
      // What is not there or cannot be read is found out, and said, when it is read.
      addFile(path);
    }
  }
  return { targets: [...targets.values()], failures };
}

/** What a read failed for, in a person's words. */
export function failureMessage(reason: FsFailure): string {
  switch (reason) {
    case 'missing':
      return 'no such file or directory';
    case 'denied':
      return 'permission denied';
    case 'not-a-file':
      return 'not a regular file';
    case 'too-large':
      return 'too large to be read';
    case 'io':
      return 'cannot be read';
  }
}

/** Kind of what a path leads to, links followed. */
function kindOf(fs: Fs, path: string): EntryKind | null {
  const real = fs.realPath(path);
  if (!real.ok) return null;
  const stat = fs.lstat(real.value);
  return stat.ok ? stat.value.kind : null;
}

type Fail = (path: string, message: string) => void;

/** Absolute paths of the files below a directory, by name; links are not followed, and .gitignore is obeyed. */
async function walk(io: Io, root: string, isWanted: (name: string, path: string) => boolean, fail: Fail) {
  const found: string[] = [];
  const gitIgnore = await createGitIgnore(io.fs, root);
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const listing = io.fs.readDirectory(directory);
    if (!listing.ok) {
      fail(displayFrom(io.cwd, directory), failureMessage(listing.reason));
      continue;
    }
    if (listing.value.some((entry) => entry.name === '.gitignore')) await gitIgnore.enter(directory);
    const below: string[] = [];
    for (const { name, kind } of listing.value) {
      const path = joinPath(directory, name);
      if (kind === 'directory') {
        if (!SKIPPED.has(name) && !gitIgnore.ignores(path, true)) below.push(path);
      } else if (kind === 'file' && isWanted(name, path) && !gitIgnore.ignores(path, false)) found.push(path);
    }
    pending.push(...below.reverse());
  }
  return found;
}

function isGlob(text: string): boolean {
  return /[*?[\]{}]|[!+@]\(/.test(text);
}

/** For shells that leave globs alone. A pattern that names no file, such as `services/**`, means Dockerfiles. */
async function expandGlob(io: Io, text: string, fail: Fail): Promise<readonly string[]> {
  const { default: picomatch } = await import('picomatch');
  const pattern = resolvePath(io.cwd, text);
  const { base } = picomatch.scan(pattern);
  const root = kindOf(io.fs, base) === 'directory' ? base : parentOf(base);
  if (kindOf(io.fs, root) !== 'directory') return [];
  const isMatch = picomatch(pattern, { dot: true });
  const anyName = /^\*+$/.test(baseName(pattern));
  return walk(io, root, (name, path) => isMatch(path) && (!anyName || isDockerfileName(name)), fail);
}
