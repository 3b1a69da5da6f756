import type { Dirent, Stats } from 'node:fs';
import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import type { EntryKind, FileStat, Fs, FsFailure, FsResult } from './types.js';

/** The disk. The only place outside the command line that imports `node:fs`. Never throws, and never opens a pipe. */
export function createNodeFs(): Fs {
  return {
    lstat: (path) =>
      present(
        guard(() => lstatSync(path, QUIET)),
        toStat,
      ),
    readDirectory: (path) =>
      guard(() =>
        readdirSync(path, { withFileTypes: true })
          .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
          .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
      ),
    readFile: (path, limit) => readRegularFile(path, limit ?? Number.POSITIVE_INFINITY),
    readLink: (path) => guard(() => toSlashes(readlinkSync(path))),
    realPath: (path) => guard(() => toSlashes(realpathSync(path))),
  };
}

/** Most look-ups are for files that are not there; an exception for each would cost more than all else. */
const QUIET = { throwIfNoEntry: false } as const;

function readRegularFile(path: string, limit: number): FsResult<Uint8Array> {
  // Opening a pipe would wait for its writer, so that the kind is asked first.
  const isFile = present(
    guard(() => statSync(path, QUIET)),
    (stat) => stat.isFile(),
  );
  if (!isFile.ok) return isFile;
  if (!isFile.value) return { ok: false, reason: 'not-a-file' };
  const opened = guard(() => openSync(path, 'r'));
  if (!opened.ok) return opened;
  const descriptor = opened.value;
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { ok: false, reason: 'not-a-file' };
    if (stat.size > limit) return { ok: false, reason: 'too-large' };
    const value = readFileSync(descriptor);
    // Files below /proc and the like say that they are empty.
    return value.length > limit ? { ok: false, reason: 'too-large' } : { ok: true, value };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  } finally {
    closeSync(descriptor);
  }
}

function present<T, U>(result: FsResult<T | undefined>, convert: (value: T) => U): FsResult<U> {
  if (!result.ok) return result;
  return result.value === undefined ? { ok: false, reason: 'missing' } : { ok: true, value: convert(result.value) };
}

function guard<T>(read: () => T): FsResult<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): FsFailure {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'missing';
    case 'EACCES':
    case 'EPERM':
      return 'denied';
    case 'EISDIR':
      return 'not-a-file';
    case 'ERR_FS_FILE_TOO_LARGE':
      return 'too-large';
    default:
      return 'io';
  }
}

function toStat(stat: Stats): FileStat {
  const kind = kindOf(stat);
  // A disk of Windows has no such bits, and Docker sends every file from there as executable.
  const executable = kind === 'file' && (process.platform === 'win32' || (stat.mode & 0o111) !== 0);
  return { kind, size: kind === 'directory' ? 0 : stat.size, executable };
}

function kindOf(entry: Stats | Dirent): EntryKind {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'directory';
  return entry.isFile() ? 'file' : 'other';
}

function toSlashes(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
}
