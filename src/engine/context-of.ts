import { openContext } from '../context/build-context.js';
import { locateContext } from '../context/locate-context.js';
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
 * The build context of a Dockerfile; null where there is none.
 *
 * @param path where the file stands, absolute; null: nowhere, so that only `--context` gives it one.
 */
export function contextOf(run: ContextPlace, path: string | null, document: Document): BuildContext | null {
  const dockerfile = path;
  if (run.context !== null) {
    const displayRoot = displayFrom(run.cwd, run.context);
    return openContext(run.fs, { root: run.context, displayRoot, dockerfile, certainty: 'given' });
  }
  if (dockerfile === null) return null;
  const ceiling = repositoryOf(run.fs, parentOf(dockerfile));
  const { root, certainty } = locateContext(run.fs, { dockerfile, document, ceiling, cwd: run.cwd });
  return openContext(run.fs, { root, displayRoot: displayFrom(run.cwd, root), dockerfile, certainty });
}

/** The directory that holds `.git`, from `directory` upwards. */
function repositoryOf(fs: Fs, directory: string): string | null {
  for (let at = directory; ; at = parentOf(at)) {
    if (fs.lstat(joinPath(at, '.git')).ok) return at;
    if (at === parentOf(at)) return null;
  }
}
