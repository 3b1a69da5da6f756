/** The path up to its first part that fits; null where none does. */
export type PartFinder = (path: string) => string | null;

/**
 * Finds parts of paths by their names. Paths come directory by directory, so that what held for the directory of the last
 * one is remembered.
 *
 * @param below true where a part at the top does not count
 */
export function partFinder(fits: (name: string, isDirectory: boolean) => boolean, below = false): PartFinder {
  let directory = '';
  let found: string | null = null;
  const inDirectory = (path: string): string | null => {
    for (let from = below ? path.indexOf('/') + 1 || path.length : 0; from < path.length; ) {
      const slash = path.indexOf('/', from);
      const end = slash < 0 ? path.length : slash;
      if (fits(path.slice(from, end), true)) return path.slice(0, end);
      from = end + 1;
    }
    return null;
  };
  return (path) => {
    const slash = path.lastIndexOf('/');
    const parent = slash < 0 ? '' : path.slice(0, slash);
    if (parent !== directory) {
      directory = parent;
      found = inDirectory(parent);
    }
    if (found !== null) return found;
    return (slash >= 0 || !below) && fits(path.slice(slash + 1), false) ? path : null;
  };
}
