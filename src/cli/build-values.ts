import { resolvePath } from '../context/paths.js';
import { UsageError } from '../model/errors.js';
import type { Io } from './io.js';

/** Absolute path of `--context`; null where it was not given. @throws UsageError where it is no directory that can be read */
export function contextRootOf({ context }: { readonly context: string | null }, io: Io): string | null {
  if (context === null) return null;
  const root = resolvePath(io.cwd, context);
  if (!io.fs.readDirectory(root).ok) throw new UsageError(`--context: ${context}: no directory that can be read`);
  return root;
}

/** As `docker build` has it, `NAME` alone takes the value of the environment and counts for nothing where it is not set. */
export function buildArgsOf(
  { buildArgs }: { readonly buildArgs: readonly string[] },
  io: Io,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const text of buildArgs) {
    const equals = text.indexOf('=');
    const name = equals === -1 ? text : text.slice(0, equals);
    if (name === '') throw new UsageError(`--build-arg: "${text}" has no name`);
    const value = equals === -1 ? io.env[name] : text.slice(equals + 1);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}
