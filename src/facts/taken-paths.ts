import { compileName, hasWildcard } from '../context/glob.js';
import { baseName, clampToRoot, joinPath } from '../context/paths.js';
import { isExcludedFrom } from './sent-files.js';
import type { CopyFacts, Facts } from './types.js';

/**
 * Whether a source of the build context takes a path, be the file there or not.
 *
 * @param copy whose `--exclude` counts; null for a mount, which has none
 */
export function isTaken(path: string, source: string, copy: CopyFacts | null, facts: Facts): boolean {
  const { context } = facts;
  const clean = clampToRoot(path);
  if (context?.decide(clean).ignored) return false;
  const below = restBelow(clean, clampToRoot(source.replace('/./', '/')));
  if (below === null) return false;
  return !(copy && isExcludedFrom(facts, copy, below === '' ? baseName(clean) : below));
}

/** The part of a path below what a source names: empty for the very path, null where it is elsewhere. */
function restBelow(path: string, source: string): string | null {
  if (source === '.') return path;
  const parts = path.split('/');
  const wanted = source.split('/');
  if (wanted.includes('**')) return '';
  if (parts.length < wanted.length) return null;
  const fits = wanted.every((part, at) =>
    hasWildcard(part) ? compileName(part)?.(parts[at] ?? '') === true : withoutEscapes(part) === parts[at],
  );
  return fits ? parts.slice(wanted.length).join('/') : null;
}

function withoutEscapes(part: string): string {
  return part.replace(/\\(.)/g, '$1');
}

/** Where a COPY puts a file of the context, be it there or not; nowhere where it does not take it. */
export function landings(path: string, copy: CopyFacts, facts: Facts): readonly string[] {
  const { destination } = copy;
  if (destination === null) return [];
  return copy.sources.flatMap(({ path: source, remote }) => {
    if (source === null || remote || !isTaken(path, source, copy, facts)) return [];
    const rest = restBelow(clampToRoot(path), clampToRoot(source));
    if (rest === null) return [];
    if (rest !== '') return [joinPath(destination, rest)];
    return [copy.intoDirectory ? joinPath(destination, baseName(path)) : destination];
  });
}
