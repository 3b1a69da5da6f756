import { type CopySite, resolveGlob } from './copy-glob.js';
import { hasWildcard } from './glob.js';
import { createMatcher } from './ignore-matcher.js';
import { readPattern } from './ignore-pattern.js';
import { joinPath } from './paths.js';
import type { ContextEntry, CopySourceMatch } from './types.js';

const MOST_MATCHES = 10_000;

/**
 * A source of `COPY --parents` with wildcards. After the pivot `/./` the text is a pattern as in an ignore file, so that
 * `**` crosses directories there; before it, it is a glob like that of a plain COPY.
 * {@link https://docs.docker.com/reference/dockerfile/#copy---parents}
 */
export function resolveParents(site: CopySite, source: string, base: string, pattern: string): CopySourceMatch {
  const none = { source, glob: true, matches: [], ignored: null, didYouMean: null };
  if (!pattern.includes('**')) {
    const wanted = resolveGlob(site, joinPath(base, pattern));
    if (wanted.matches.length > 0) return { ...none, status: 'ok', matches: wanted.matches };
    if (wanted.ignored) return { ...none, status: 'ignored', ignored: wanted.ignored };
    return { ...none, status: wanted.unreadable ? 'unknown' : 'missing' };
  }
  const read = readPattern(pattern);
  if (!read?.ok) return { ...none, status: 'unknown' };
  const included = createMatcher([{ negated: false, compiled: read.value.compiled }]);
  const matches: ContextEntry[] = [];
  for (const root of basesOf(site, base)) {
    const prefix = literalPrefix(pattern);
    const start = site.tree.lookup(joinPath(root, prefix), { followLast: false });
    if (start.found !== 'entry' || start.kind !== 'directory') continue;
    for (const entry of site.sent.walkAll(start.path)) {
      if (!included.ignores(root === '.' ? entry.path : entry.path.slice(root.length + 1))) continue;
      matches.push(entry);
      if (matches.length >= MOST_MATCHES) break;
    }
  }
  if (matches.length > 0) return { ...none, status: 'ok', matches };
  // What is ignored was not walked, and may be what the pattern is about.
  return { ...none, status: site.hasIgnoreFile ? 'unknown' : 'missing' };
}

function basesOf(site: CopySite, base: string): string[] {
  if (hasWildcard(base)) {
    return resolveGlob(site, base).matches.flatMap(({ path, kind }) => (kind === 'directory' ? [path] : []));
  }
  const lookup = site.tree.lookup(base);
  return lookup.found === 'entry' && lookup.kind === 'directory' ? [lookup.path] : [];
}

/** The directories before the first wildcard. */
function literalPrefix(pattern: string): string {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => hasWildcard(part) || part.includes('\\'));
  return first <= 0 ? '.' : parts.slice(0, first).join('/');
}
