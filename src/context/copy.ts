import { nearestName } from './closest.js';
import { type CopySite, resolveGlob, type Wanted } from './copy-glob.js';
import { resolveParents } from './copy-parents.js';
import { hasWildcard } from './glob.js';
import { createMatcher as createIndexMatcher, type Matcher } from './ignore-matcher.js';
import { readPattern } from './ignore-pattern.js';
import { baseName, clampToRoot, cleanPath, joinPath } from './paths.js';
import type { ContextEntry, CopyRequest, CopySourceMatch } from './types.js';

/**
 * Finds what each source of a COPY or ADD brings, as BuildKit resolves it: the path is taken from the root of the context
 * whatever it begins with, `*` stays within one part of a path, and links are followed inside the context.
 * {@link https://docs.docker.com/reference/dockerfile/#copy}
 */
export function resolveCopy(site: CopySite, request: CopyRequest): CopySourceMatch[] {
  const excluded = createExclusion(request.exclude);
  return request.sources.map((source) => {
    const match = resolveSource(site, source, request.parents);
    if (!excluded || match.matches.length === 0) return match;
    const base = request.parents ? pivotOf(source).base : null;
    return { ...match, matches: match.matches.filter((entry) => !isExcluded(excluded, entry, base)) };
  });
}

function resolveSource(site: CopySite, source: string, parents: boolean): CopySourceMatch {
  if (source === '') return outcome(source, 'unknown');
  if (parents) {
    const { base, pattern } = pivotOf(source);
    if (hasWildcard(base) || hasWildcard(pattern)) return resolveParents(site, source, base, pattern);
    return resolveLiteral(site, source, joinPath(base, pattern));
  }
  const path = clampToRoot(source);
  return hasWildcard(path) ? fromWanted(source, resolveGlob(site, path)) : resolveLiteral(site, source, path);
}

/** `--parents` keeps the part after `/./`; without one, all of it. Both parts are clean. */
function pivotOf(source: string): { base: string; pattern: string } {
  const pivot = source.indexOf('/./');
  if (pivot < 0) return { base: '.', pattern: clampToRoot(source) };
  return { base: clampToRoot(source.slice(0, pivot)), pattern: clampToRoot(source.slice(pivot + 3)) };
}

function resolveLiteral(site: CopySite, source: string, path: string): CopySourceMatch {
  const { tree, sent, matcher } = site;
  const checkCase = (directory: string): boolean => !sent.isPruned(directory);
  const direct = tree.lookup(path, { followLast: false, checkCase });
  const lookup = direct.found === 'entry' && direct.kind === 'link' ? tree.lookup(path, { checkCase }) : direct;
  if (lookup.found === 'unknown') return outcome(source, 'unknown');
  if (lookup.found === 'nothing') {
    // A dangling link is there, and where it would lead is not ours to say.
    if (direct.found === 'entry') return outcome(source, 'unknown');
    return resolveMissing(site, source, lookup);
  }
  // The entry itself, then what a link leads to: BuildKit sends both, and either may be left out.
  const through = direct.found === 'entry' && direct.path !== lookup.path ? [direct, lookup] : [lookup];
  for (const step of through) {
    if (step.kind === 'other') return outcome(source, 'unknown');
    if (sent.isSent(step.path, step.kind)) continue;
    const { by } = matcher.decide(step.path);
    return { ...outcome(source, 'ignored'), ignored: by && { path: step.path, by } };
  }
  return { ...outcome(source, 'ok'), matches: [{ path: lookup.path, kind: lookup.kind }] };
}

function resolveMissing(
  { tree, sent }: CopySite,
  source: string,
  { at, within, rest }: { at: string; within: string; rest: readonly string[] },
): CopySourceMatch {
  if (leavesContext(source)) return outcome(source, 'outside');
  const entries = sent.isPruned(within) ? null : tree.list(within);
  if (!entries) return outcome(source, 'missing');
  const wanted = baseName(at);
  const below = (name: string): string => [joinPath(within, name), ...rest].join('/');
  for (const { name } of entries) {
    if (name.toLowerCase() !== wanted.toLowerCase()) continue;
    const actual = ignoringCase(tree.list, joinPath(within, name), rest);
    if (actual !== null) return { ...outcome(source, 'wrong-case'), didYouMean: actual };
  }
  const near = nearestName(
    wanted,
    entries.map((entry) => entry.name),
  );
  if (near === null) return outcome(source, 'missing');
  const exists = tree.lookup(below(near)).found === 'entry';
  return { ...outcome(source, 'missing'), didYouMean: exists ? below(near) : null };
}

/** The path as it is on disk, every part compared without case; null where a part is not there under any. */
function ignoringCase(
  list: (directory: string) => readonly { readonly name: string }[] | null,
  start: string,
  rest: readonly string[],
): string | null {
  let at = start;
  for (const part of rest) {
    const entries = list(at) ?? [];
    const lower = part.toLowerCase();
    const found = entries.find(({ name }) => name === part) ?? entries.find(({ name }) => name.toLowerCase() === lower);
    if (!found) return null;
    at = joinPath(at, found.name);
  }
  return at;
}

function leavesContext(source: string): boolean {
  const clean = cleanPath(source.replace(/^\/+/, ''));
  return clean === '..' || clean.startsWith('../');
}

function fromWanted(source: string, wanted: Wanted): CopySourceMatch {
  if (wanted.matches.length > 0) return { ...outcome(source, 'ok'), matches: wanted.matches };
  if (wanted.ignored) return { ...outcome(source, 'ignored'), ignored: wanted.ignored };
  if (wanted.unreadable) return outcome(source, 'unknown');
  if (wanted.otherCase !== null) return { ...outcome(source, 'wrong-case'), didYouMean: wanted.otherCase };
  return outcome(source, leavesContext(source) ? 'outside' : 'missing');
}

function outcome(source: string, status: CopySourceMatch['status']): CopySourceMatch {
  return { source, glob: hasWildcard(source), status, matches: [], ignored: null, didYouMean: null };
}

function createExclusion(patterns: readonly string[]): Matcher | null {
  if (patterns.length === 0) return null;
  return createIndexMatcher(
    patterns.flatMap((text) => {
      const read = readPattern(text);
      return read?.ok ? [{ negated: read.value.negated, compiled: read.value.compiled }] : [];
    }),
  );
}

/** `--exclude` compares what lies below the copied directory; for a single file that is its name. */
function isExcluded(excluded: Matcher, { path, kind }: ContextEntry, base: string | null): boolean {
  if (base !== null)
    return excluded.ignores(base !== '.' && path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path);
  return kind !== 'directory' && excluded.ignores(baseName(path));
}
