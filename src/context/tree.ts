import { joinPath } from './paths.js';
import type { DirectoryEntry, EntryKind, FileStat, Fs } from './types.js';

/** Where a path leads, links in it followed as far as they stay inside. */
export type Lookup =
  /** `path` is the entry itself; `kind` is never `link` unless the caller asked not to follow the last part. */
  | { readonly found: 'entry'; readonly path: string; readonly kind: EntryKind }
  /** `at` is the first part that is not there, `within` the directory that lacks it. */
  | { readonly found: 'nothing'; readonly at: string; readonly within: string; readonly rest: readonly string[] }
  /** A link that leaves the root or leads nowhere, or a directory that cannot be read. */
  | { readonly found: 'unknown' };

/**
 * One directory tree read lazily and at most once, never left through a link. Paths are relative to its root with
 * forward slashes, clean, `.` for the root.
 */
export interface Tree {
  /** Names and kinds in a directory (no links in the path); null where it cannot be listed. */
  list(directory: string): readonly DirectoryEntry[] | null;
  /** An entry by its exact name; `checkCase` lists the directory, since a disk may take names in any case. */
  entry(directory: string, name: string, checkCase: boolean): EntryKind | 'denied' | null;
  /** Follows links; the last part too unless `followLast` is false. */
  lookup(path: string, options?: { readonly followLast?: boolean; readonly checkCase?: CheckCase }): Lookup;
  stat(path: string): FileStat | null;
}

/** Which directories may be listed to compare the case of a name. */
export type CheckCase = (directory: string) => boolean;

/** Longer chains of links end as the kernel ends them. */
const LONGEST_LINK_CHAIN = 40;

/** A Windows path with a drive letter. */
const DRIVE = /^[A-Za-z]:/;

export function createTree(fs: Fs, root: string): Tree {
  const listings = new Map<string, readonly DirectoryEntry[] | null>();
  const indices = new Map<string, ReadonlyMap<string, EntryKind>>();
  const stats = new Map<string, FileStat | 'denied' | null>();
  const absolute = (path: string): string => (path === '.' ? root : joinPath(root, path));

  const list = (directory: string): readonly DirectoryEntry[] | null => {
    const known = listings.get(directory);
    if (known !== undefined) return known;
    const read = fs.readDirectory(absolute(directory));
    const value = read.ok ? read.value : null;
    listings.set(directory, value);
    return value;
  };

  const index = (directory: string): ReadonlyMap<string, EntryKind> | null => {
    const known = indices.get(directory);
    if (known) return known;
    const entries = list(directory);
    if (!entries) return null;
    const value = new Map(entries.map((entry) => [entry.name, entry.kind]));
    indices.set(directory, value);
    return value;
  };

  const lstat = (path: string): FileStat | 'denied' | null => {
    const known = stats.get(path);
    if (known !== undefined) return known;
    const read = fs.lstat(absolute(path));
    const value = read.ok ? read.value : read.reason === 'missing' ? null : 'denied';
    stats.set(path, value);
    return value;
  };

  const entry = (directory: string, name: string, checkCase: boolean): EntryKind | 'denied' | null => {
    const names = checkCase ? index(directory) : indices.get(directory);
    if (names) return names.get(name) ?? null;
    const stat = lstat(joinPath(directory, name));
    return stat === null || stat === 'denied' ? stat : stat.kind;
  };

  const lookup: Tree['lookup'] = (path, { followLast = true, checkCase = () => false } = {}) => {
    const pending = path === '.' ? [] : path.split('/').reverse();
    let at = '.';
    let kind: EntryKind = 'directory';
    for (let links = 0; ; ) {
      const name = pending.pop();
      if (name === undefined) return { found: 'entry', path: at, kind };
      if (kind !== 'directory')
        return { found: 'nothing', at: joinPath(at, name), within: at, rest: pending.reverse() };
      const next = entry(at, name, checkCase(at));
      if (next === 'denied') return { found: 'unknown' };
      if (next === null) return { found: 'nothing', at: joinPath(at, name), within: at, rest: pending.reverse() };
      const nextPath = joinPath(at, name);
      if (next !== 'link' || (pending.length === 0 && !followLast)) {
        at = nextPath;
        kind = next;
        continue;
      }
      const target = fs.readLink(absolute(nextPath));
      if (!target.ok || ++links > LONGEST_LINK_CHAIN || target.value.startsWith('/')) return { found: 'unknown' };
      const inside = joinPath(at, target.value);
      if (inside === '..' || inside.startsWith('../') || DRIVE.test(target.value)) return { found: 'unknown' };
      if (inside !== '.') pending.push(...inside.split('/').reverse());
      at = '.';
      kind = 'directory';
    }
  };

  const stat = (path: string): FileStat | null => {
    const value = lstat(path);
    return value === 'denied' ? null : value;
  };

  return { list, entry, lookup, stat };
}
