import { posix } from 'node:path';
import type { Fs } from '../context/types.js';

/**
 * What is found in the nearest directory up to the one that holds `.git`, or up to `ceiling` (inclusive), or the root of
 * the disk; null where nothing is.
 *
 * @param directory absolute, forward slashes.
 * @param memo answers by directory, shared between calls of one run.
 * @param lookIn what one directory holds.
 */
export function searchUpwards(
  fs: Fs,
  directory: string,
  ceiling: string | null,
  memo: Map<string, string | null>,
  lookIn: (directory: string) => string | null,
): string | null {
  const visited: string[] = [];
  let found: string | null = null;
  for (let at = directory; ; at = posix.dirname(at)) {
    const known = memo.get(at);
    if (known !== undefined) {
      found = known;
      break;
    }
    visited.push(at);
    found = lookIn(at);
    if (found !== null || at === ceiling || fs.lstat(posix.join(at, '.git')).ok || posix.dirname(at) === at) break;
  }
  for (const at of visited) memo.set(at, found);
  return found;
}
