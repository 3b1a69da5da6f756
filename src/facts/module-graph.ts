import { joinPath, parentOf } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import type { SourceFile } from '../model/source.js';
import { moduleFile } from './entry-file.js';
import { relativeImports } from './listen-call.js';

/** In UTF-16 units; a longer file is a bundle, in which nothing is found by its shape. */
export const LONGEST_FILE = 500_000;

export interface ModuleFile {
  /** Relative to the context. */
  readonly path: string;
  readonly source: SourceFile;
}

/** A file of the context and the files that it imports by a relative path, nearest first, at most `limit` of them. */
export function* moduleGraph(entry: string, context: BuildContext, limit: number): Iterable<ModuleFile> {
  const queue = [entry];
  const seen = new Set(queue);
  for (let read = 0; read < limit; read++) {
    const path = queue.shift();
    if (path === undefined) return;
    const source = context.read(path);
    if (!source || source.text.length > LONGEST_FILE) continue;
    yield { path, source };
    for (const name of relativeImports(source.text)) {
      const file = moduleFile(joinPath(parentOf(path), name), context);
      if (file === null || seen.has(file)) continue;
      seen.add(file);
      queue.push(file);
    }
  }
}
