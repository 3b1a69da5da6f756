import type { Git } from '../../src/cli/git.js';
import type { Io, Output } from '../../src/cli/io.js';
import { main } from '../../src/cli/main.js';
import { createMemoryFs, type MemoryEntry } from '../../src/context/memory-fs.js';
import { createNodeFs } from '../../src/context/node-fs.js';
import type { Fs } from '../../src/context/types.js';
import { UsageError } from '../../src/model/errors.js';
import type { Engine } from '../../src/shellcheck/types.js';

export const PACKAGE_ROOT = process.cwd().replaceAll('\\', '/');

export interface CliSetup {
  /** Relative to the working directory, which is `/here`; or absolute. */
  readonly files?: Readonly<Record<string, MemoryEntry>>;
  readonly cwd?: string;
  readonly env?: Io['env'];
  readonly stdin?: string | Uint8Array;
  /** Columns of the terminal that both streams are; none: pipes. */
  readonly terminal?: number;
  readonly isWindows?: boolean;
  /** Paths that cannot be written. */
  readonly readOnly?: readonly string[];
  /** Milliseconds that pass between two looks at the clock. */
  readonly tick?: number;
  /** Engines of ShellCheck that are installed; one that finds nothing where it is not said. */
  readonly engines?: { readonly [kind in 'native' | 'wasm']?: () => Engine };
  /** What `--registry` asks with; else nothing answers. */
  readonly fetch?: Io['fetch'];
  /** What git answers; it fails where this is not said. */
  readonly git?: Git;
  /** Stands between the files and the program. */
  readonly wrap?: (fs: Fs) => Fs;
}

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Files that were written, by absolute path. */
  readonly written: Readonly<Record<string, string>>;
}

const QUIET: NonNullable<CliSetup['engines']> = { native: quietEngine };

/** Runs the command line in memory. */
export async function plimsoll(argv: readonly string[], setup: CliSetup = {}): Promise<CliResult> {
  const { cwd = '/here', files = {}, terminal, readOnly = [], tick = 0, wrap = (fs: Fs) => fs } = setup;
  const written: Record<string, string> = {};
  const disk = createNodeFs();
  let memory = createMemoryFs({ [`${cwd}/`]: '', ...files }, { base: cwd });
  const at = (path: string) => (path.startsWith(PACKAGE_ROOT) ? disk : memory);
  const fs = wrap({
    lstat: (path) => at(path).lstat(path),
    readDirectory: (path) => at(path).readDirectory(path),
    readFile: (path, limit) => at(path).readFile(path, limit),
    readLink: (path) => at(path).readLink(path),
    realPath: (path) => at(path).realPath(path),
  });
  let time = 0;
  const out = stream(terminal);
  const err = stream(terminal);
  const io: Io = {
    cwd,
    home: '/home/someone',
    packageRoot: PACKAGE_ROOT,
    env: setup.env ?? {},
    isWindows: setup.isWindows ?? false,
    fs,
    stdout: out.output,
    stderr: err.output,
    readStdin: () =>
      typeof setup.stdin === 'string' ? new TextEncoder().encode(setup.stdin) : (setup.stdin ?? new Uint8Array()),
    writeFile(path, text) {
      if (readOnly.includes(path)) throw new UsageError(`cannot write ${path}: permission denied`);
      written[path] = text;
      memory = createMemoryFs({ [`${cwd}/`]: '', ...files, ...written }, { base: cwd });
    },
    openShellcheck: async (kind) => (setup.engines ?? QUIET)[kind]?.() ?? null,
    writeCache(path, text) {
      written[path] = text;
    },
    openGit: async () => setup.git ?? (() => null),
    fetch: setup.fetch ?? (() => Promise.reject(new Error('no test goes on the net'))),
    clock: () => {
      time += tick;
      return time;
    },
  };
  const code = await main(argv, io);
  return { code, out: out.text(), err: err.text(), written };
}

/** A ShellCheck that has nothing to say. */
export function quietEngine(): Engine {
  return {
    id: 'quiet',
    check: async (scripts) => scripts.map(() => ({ ok: true, remarks: [] })),
    close() {},
  };
}

function stream(columns: number | undefined): { output: Output; text(): string } {
  let text = '';
  return {
    output: {
      isTty: columns !== undefined,
      columns: columns ?? null,
      write: (more) => {
        text += more;
      },
    },
    text: () => text,
  };
}
