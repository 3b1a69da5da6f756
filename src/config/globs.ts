import { posix } from 'node:path';

/** Compiles a glob into a test of absolute paths; see {@link loadMatcher}. */
export type Matcher = (pattern: string, directory: string) => (path: string) => boolean;

/**
 * Loads picomatch, which only a configuration with globs needs, and gives a compiler of globs.
 *
 * A pattern with a slash is relative to `directory`; one without a slash matches a name at any depth, as in .gitignore.
 * Either also matches everything below a directory that it names. A file outside of `directory` (where the
 * configuration was named by hand) is matched by its absolute path, which only a pattern like `<any directory>/name` can match.
 */
export async function loadMatcher(): Promise<Matcher> {
  const { default: picomatch } = await import('picomatch');
  return (pattern, directory) => {
    const bare = pattern.replace(/^\.?\/+/, '').replace(/\/+$/, '');
    const glob = bare.includes('/') || bare === '**' ? bare : `**/${bare}`;
    const isMatch = picomatch([glob, `${glob}/**`], { dot: true });
    return (path) => {
      const relative = posix.relative(directory, path);
      return isMatch(relative.startsWith('../') ? path.replace(/^(?:[A-Za-z]:)?\/+/, '') : relative);
    };
  };
}
