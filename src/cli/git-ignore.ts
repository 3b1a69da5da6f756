import { hasManyStars } from '../context/glob.js';
import { joinPath, parentOf, relativePath } from '../context/paths.js';
import type { Fs } from '../context/types.js';

/** Answers whether .gitignore files leave a path out. Directories are asked from the top downwards. */
export interface GitIgnore {
  /** Reads the directory's own .gitignore, if it has one. */
  enter(directory: string): Promise<void>;
  ignores(path: string, isDirectory: boolean): boolean;
}

interface Layer {
  readonly directory: string;
  test(path: string): { readonly ignored: boolean; readonly unignored: boolean };
}

/**
 * Follows a walk that begins at `start`: reads the .gitignore files above it, up to the one beside `.git`, and those of
 * the directories that it enters. Outside of a repository the files hold all the same.
 */
export async function createGitIgnore(fs: Fs, start: string): Promise<GitIgnore> {
  const layers = new Map<string, Layer>();
  const read = async (directory: string): Promise<void> => {
    const file = fs.readFile(joinPath(directory, '.gitignore'), 1_000_000);
    if (!file.ok) return;
    const { default: ignore } = await import('ignore');
    const lines = new TextDecoder().decode(file.value).split('\n');
    // The library makes regular expressions of them.
    const matcher = ignore({ ignorecase: false }).add(lines.filter((line) => !hasManyStars(line)).join('\n'));
    layers.set(directory, { directory, test: (path) => matcher.test(path) });
  };
  const ignores = (path: string, isDirectory: boolean): boolean => {
    if (layers.size === 0) return false;
    // The deepest file that has a word on the path decides.
    for (let at = parentOf(path); ; at = parentOf(at)) {
      const layer = layers.get(at);
      if (layer) {
        const { ignored, unignored } = layer.test(relativePath(at, path) + (isDirectory ? '/' : ''));
        if (ignored || unignored) return ignored;
      }
      if (at === parentOf(at)) return false;
    }
  };
  for (const directory of aboveInRepository(fs, start)) await read(directory);
  // Who names an ignored directory means what is in it.
  if (ignores(start, true)) layers.clear();
  return { enter: read, ignores };
}

/** Directories from that of `.git` down to the parent of `start`; none where `start` is not in a repository. */
function aboveInRepository(fs: Fs, start: string): readonly string[] {
  const above: string[] = [];
  for (let at = start; ; at = parentOf(at)) {
    if (at !== start) above.unshift(at);
    if (fs.lstat(joinPath(at, '.git')).ok) return above;
    if (at === parentOf(at)) return [];
  }
}
