import { createMatcher, type Matcher } from './ignore-matcher.js';
import { compilePattern } from './ignore-pattern.js';
import { cleanPath, joinPath, parentOf, relativePath } from './paths.js';
import type { Fs } from './types.js';

/** Larger ones are not read; a real one has a few hundred bytes. */
const LARGEST_IGNORE_FILE = 1_000_000;

/** No repository is deeper than this. */
const MOST_ANCESTORS = 40;

interface Layer {
  readonly matcher: Matcher;
  readonly negated: readonly boolean[];
}

/**
 * Answers whether the .gitignore files of a repository keep a path of the build context out of it: what is ignored is made
 * on each machine rather than checked in. The path need not be there, so that `dist/` counts for `dist`.
 * {@link https://git-scm.com/docs/gitignore}
 *
 * @param root absolute path of the context; files above it are read up to the directory that holds `.git`
 */
export function createGitIgnored(fs: Fs, root: string): (path: string) => boolean {
  const layers = new Map<string, Layer | null>();
  const layerOf = (directory: string): Layer | null => {
    const known = layers.get(directory);
    if (known !== undefined) return known;
    const read = fs.readFile(joinPath(directory, '.gitignore'), LARGEST_IGNORE_FILE);
    const layer = read.ok ? parseLayer(new TextDecoder().decode(read.value)) : null;
    layers.set(directory, layer);
    return layer;
  };
  let above: readonly string[] | null = null;
  return (path) => {
    if (path === '.' || path.startsWith('../')) return false;
    above ??= ancestorsInRepository(fs, root);
    const absolute = joinPath(root, path);
    // The file nearest to the path has the last word.
    for (const directory of [...directoriesBetween(root, parentOf(absolute)), ...above]) {
      const layer = layerOf(directory);
      const index = layer ? layer.matcher.lastMatch(relativePath(directory, absolute)) : -1;
      if (layer && index >= 0) return layer.negated[index] === false;
    }
    return false;
  };
}

/** From `directory` up to `root`, both included. */
function directoriesBetween(root: string, directory: string): string[] {
  const found = [directory];
  for (let at = directory; at !== root && found.length < MOST_ANCESTORS; ) {
    at = parentOf(at);
    found.push(at);
  }
  return found;
}

/** The directories above `root`, nearest first, up to the one that holds `.git`; none where it is in no repository. */
function ancestorsInRepository(fs: Fs, root: string): readonly string[] {
  const found: string[] = [];
  for (let at = root; found.length < MOST_ANCESTORS; at = parentOf(at)) {
    if (at !== root) found.push(at);
    if (fs.lstat(joinPath(at, '.git')).ok) return found;
    if (at === parentOf(at)) return [];
  }
  return [];
}

function parseLayer(text: string): Layer {
  const patterns = text.split(/\r?\n/).flatMap((line) => {
    const trimmed = line.replace(/(?<!\\)[ \t]+$/, '');
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const negated = trimmed.startsWith('!');
    const pattern = (negated ? trimmed.slice(1) : trimmed).replace(/\/+$/, '').replaceAll('[!', '[^');
    if (pattern === '') return [];
    // A pattern without a slash holds at every depth; any other is anchored where its file stands.
    const anchored = pattern.includes('/') ? cleanPath(pattern).replace(/^\//, '') : `**/${pattern}`;
    return [{ negated, compiled: compilePattern(anchored) }];
  });
  return { matcher: createMatcher(patterns), negated: patterns.map((pattern) => pattern.negated) };
}
