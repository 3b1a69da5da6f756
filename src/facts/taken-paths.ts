import { compileName, hasWildcard } from '../context/glob.js';
import { baseName, clampToRoot, cleanPath, joinPath, relativePath } from '../context/paths.js';
import { isExcludedFrom } from './sent-files.js';
import type { CopyFacts, Facts } from './types.js';

/**
 * Whether a source of the build context takes a path that passes the ignore file, be the file there or not.
 *
 * @param copy whose `--exclude` counts; null for a mount, which has none
 */
export function takes(source: string, path: string, copy: CopyFacts | null, facts: Facts): boolean {
  const below = restBelow(path, clampToRoot(source.replace('/./', '/')));
  if (below === null) return false;
  return !(copy && isExcludedFrom(facts, copy, below === '' ? baseName(path) : below));
}

/** The part of a path below what a source names: empty for the very path, null where it is elsewhere. */
export function restBelow(path: string, source: string): string | null {
  if (source === '.') return path;
  const parts = path.split('/');
  const wanted = source.split('/');
  if (wanted.includes('**')) return '';
  if (parts.length < wanted.length) return null;
  return wanted.every((part, at) => isPart(part, parts[at] ?? '')) ? parts.slice(wanted.length).join('/') : null;
}

/** Whether something below a directory could be what a source names, or in what it names. */
export function couldMeet(directory: string, source: string): boolean {
  if (directory === '' || directory === '.' || source === '.') return true;
  const parts = directory.split('/');
  const wanted = source.split('/');
  return wanted.includes('**') || wanted.every((part, at) => at >= parts.length || isPart(part, parts[at] ?? ''));
}

function isPart(pattern: string, name: string): boolean {
  return hasWildcard(pattern) ? compileName(pattern)?.(name) === true : withoutEscapes(pattern) === name;
}

function withoutEscapes(part: string): string {
  return part.replace(/\\(.)/g, '$1');
}

/** Where a COPY puts a file of the context that passes the ignore file, be it there or not; nowhere where it does not take it. */
export function landings(path: string, copy: CopyFacts, facts: Facts): readonly string[] {
  const { destination } = copy;
  if (destination === null) return [];
  return copy.sources.flatMap(({ path: source, remote }) =>
    source !== null && !remote && takes(source, path, copy, facts)
      ? landing(path, clampToRoot(source), destination, copy)
      : [],
  );
}

/** Where a COPY puts a path that a source of it takes; paths and sources are relative to where it copies from. */
export function landing(path: string, source: string, destination: string, copy: CopyFacts): readonly string[] {
  const rest = restBelow(path, source);
  if (rest === null) return [];
  if (rest !== '') return [joinPath(destination, rest)];
  return [copy.intoDirectory ? joinPath(destination, baseName(path)) : destination];
}

/** The Dockerfile as a path of the build context; null where it stands elsewhere, or there is no context. */
export function dockerfilePath({ context, document }: Facts): string | null {
  if (!context) return null;
  const path = relativePath(cleanPath(`/${context.displayRoot}`), cleanPath(`/${document.source.path}`));
  return path.startsWith('..') ? null : path;
}
