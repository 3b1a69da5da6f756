import { fstatSync, mkdirSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { createNodeFs } from '../context/node-fs.js';
import type { Fs } from '../context/types.js';
import { UsageError } from '../model/errors.js';
import type { Fetch } from '../registry/client.js';
import type { Engine } from '../shellcheck/types.js';
import type { Git } from './git.js';

/** A stream that text goes to. */
export interface Output {
  readonly isTty: boolean;
  /** Columns of the terminal; null where it is none or does not say. */
  readonly columns: number | null;
  /** @throws UsageError where the text cannot be written; a reader that has gone is no error. */
  write(text: string): void;
}

/** The outer world as the command line sees it; tests bring their own. Paths are absolute with forward slashes. */
export interface Io {
  readonly cwd: string;
  readonly home: string | null;
  /** Where package.json and docs/ of plimsoll itself stand. */
  readonly packageRoot: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True where `\` separates the parts of a path. */
  readonly isWindows: boolean;
  readonly fs: Fs;
  readonly stdout: Output;
  readonly stderr: Output;
  readStdin(): Uint8Array;
  /** @throws UsageError with the reason. */
  writeFile(path: string, text: string): void;
  /** Null where that engine is not installed. */
  openShellcheck(kind: 'native' | 'wasm'): Promise<Engine | null>;
  /** Writes a file that only spares work; where it cannot be written, the work is done again. Makes its folder. */
  writeCache(path: string, text: string): void;
  /** Only used by `layers --since`. */
  openGit(): Promise<Git>;
  /** Only used with `--registry`. */
  readonly fetch: Fetch;
  /** Milliseconds since some fixed time. */
  clock(): number;
}

/** The process that we are in. */
export function processIo(packageRoot: string): Io {
  const isWindows = process.platform === 'win32';
  const home = isWindows ? process.env.USERPROFILE : process.env.HOME;
  const slashes = (path: string) => (isWindows ? path.replaceAll('\\', '/') : path);
  let cwd: string | null = null;
  return {
    // Asked only where it is needed, since it may be gone.
    get cwd() {
      cwd ??= slashes(workingDirectory());
      return cwd;
    },
    home: home === undefined ? null : slashes(home),
    packageRoot: slashes(packageRoot),
    env: process.env,
    isWindows,
    fs: createNodeFs(),
    stdout: outputOf(1, 'standard output'),
    stderr: outputOf(2, null),
    readStdin: () => readFileSync(0),
    writeFile(path, text) {
      try {
        writeFileSync(path, text);
      } catch (error) {
        throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
      }
    },
    async openShellcheck(kind) {
      if (kind === 'native') return (await import('../shellcheck/native.js')).openNative({ env: process.env });
      const { openWasm } = await import('../shellcheck/wasm.js');
      return openWasm({ packageRoot, workerFile: `${packageRoot}/dist/shellcheck-worker.cjs` });
    },
    writeCache(path, text) {
      try {
        mkdirSync(dirname(path), { recursive: true });
        // Put in place at once, so that another run never reads half of it.
        const part = `${path}.${process.pid}`;
        writeFileSync(part, text);
        renameSync(part, path);
      } catch {
        // A read-only home, a full disk: the next run is slower.
      }
    },
    openGit: async () => (await import('./git.js')).runGit,
    // Looked up when it is called: Node loads its client with it.
    fetch: (url, init) => fetch(url, init),
    // `performance` would load a good deal of Node with it.
    clock: () => Number(process.hrtime.bigint() / 1000n) / 1000,
  };
}

/** @throws UsageError */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new UsageError(
      `there is no working directory: ${codeOf(error) === 'ENOENT' ? 'it was removed' : reasonOf(error)}`,
    );
  }
}

/** What went wrong, in a person's words. */
function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'EROFS') return 'the file system is read-only';
  if (code === 'ENOENT') return 'its directory is not there';
  if (code === 'ENOTDIR') return 'a part of the path is no directory';
  if (code === 'EISDIR') return 'it is a directory';
  if (code === 'ENOSPC') return 'no space is left';
  return code ?? String(error);
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/**
 * Writes to the descriptor itself: `process.stdout` costs some milliseconds to set up, tells of a failure only later,
 * and may lose text at exit.
 *
 * @param name for the message of a failure; null: a failure is not worth a word.
 */
function outputOf(descriptor: 1 | 2, name: string | null): Output {
  const stream = () => (descriptor === 1 ? process.stdout : process.stderr);
  let isTty: boolean | null = null;
  let isClosed = false;
  const output: Output = {
    get isTty() {
      isTty ??= isCharacterDevice(descriptor) && Boolean(stream().isTTY);
      return isTty;
    },
    get columns() {
      return output.isTty ? stream().columns || null : null;
    },
    write(text) {
      if (isClosed || text === '') return;
      // A console of Windows takes Unicode only through its own calls.
      if (process.platform === 'win32' && output.isTty) {
        stream().write(text);
        return;
      }
      try {
        writeAll(descriptor, Buffer.from(text));
      } catch (error) {
        isClosed = true;
        const code = codeOf(error);
        if (name !== null && code !== 'EPIPE' && code !== 'EOF') {
          throw new UsageError(`cannot write to ${name}: ${reasonOf(error)}`);
        }
      }
    },
  };
  return output;
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      // The pipe is full and set not to block: wait for its reader.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}
