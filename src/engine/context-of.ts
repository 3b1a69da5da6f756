import { openContext } from '../context/build-context.js';
import { type LocatedContext, locateContext } from '../context/locate-context.js';
import { displayFrom, joinPath, parentOf } from '../context/paths.js';
import type { BuildContext, Fs } from '../context/types.js';
import type { Document } from '../dockerfile/ast.js';

/** Where a build context is looked for. */
export interface ContextPlace {
  readonly fs: Fs;
  readonly cwd: string;
  /** `--context`, absolute; null: found for each file. */
  readonly context: string | null;
}

/**
 * Where a Dockerfile is built; null where that is nowhere.
 *
 * @param path where the file stands, absolute; null: nowhere, so that only `--context` gives it a context.
 */
export function placeOf(run: ContextPlace, path: string | null, document: Document): LocatedContext | null {
  if (run.context !== null) return { root: run.context, certainty: 'given', reason: 'given' };
  if (path === null) return null;
  const ceiling = repositoryOf(run.fs, parentOf(path));
  return locateContext(run.fs, { dockerfile: path, document, ceiling, cwd: run.cwd });
}

/** The build context at a place. `path` as for {@link placeOf}. */
export function contextAt(run: ContextPlace, { root, certainty }: LocatedContext, path: string | null): BuildContext {
  return openContext(run.fs, { root, displayRoot: displayFrom(run.cwd, root), dockerfile: path, certainty });
}

/** The directory that holds `.git`, from `directory` upwards. */
function repositoryOf(fs: Fs, directory: string): string | null {
  for (let at = directory; ; at = parentOf(at)) {
    if (fs.lstat(joinPath(at, '.git')).ok) return at;
    if (at === parentOf(at)) return null;
  }
}
