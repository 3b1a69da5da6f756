import { compileName, hasWildcard } from './glob.js';
import { joinPath } from './paths.js';
import type { Fs } from './types.js';

/** Directories that one glob may look into before it counts as not found. */
const MOST_DIRECTORIES = 50;

/** True where the clean path with wildcards names at least one entry below `root`; a few directories are listed at most. */
export function resolveGlobOnDisk(fs: Fs, root: string, path: string): boolean {
  const parts = path.split('/');
  const pending = [{ directory: root, depth: 0 }];
  for (let looked = 0; looked < MOST_DIRECTORIES; looked++) {
    const next = pending.pop();
    if (!next) return false;
    const part = parts[next.depth] ?? '';
    const isLast = next.depth === parts.length - 1;
    if (!hasWildcard(part)) {
      const below = joinPath(next.directory, part);
      if (isLast && fs.lstat(below).ok) return true;
      if (!isLast) pending.push({ directory: below, depth: next.depth + 1 });
      continue;
    }
    const matches = compileName(part);
    const entries = fs.readDirectory(next.directory);
    if (!matches || !entries.ok) continue;
    for (const { name, kind } of entries.value) {
      if (!matches(name)) continue;
      if (isLast) return true;
      if (kind === 'directory' && name !== 'node_modules' && name !== '.git') {
        pending.push({ directory: joinPath(next.directory, name), depth: next.depth + 1 });
      }
    }
  }
  return false;
}
