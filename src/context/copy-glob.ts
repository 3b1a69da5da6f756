import type { IgnoreMatcher } from './dockerignore.js';
import { compileName, hasWildcard, type NameMatcher } from './glob.js';
import { joinPath } from './paths.js';
import type { SentTree } from './sent.js';
import type { Tree } from './tree.js';
import type { ContextEntry, EntryKind, IgnorePattern } from './types.js';

/** What COPY is resolved against. */
export interface CopySite {
  readonly tree: Tree;
  readonly sent: SentTree;
  readonly matcher: IgnoreMatcher;
  readonly hasIgnoreFile: boolean;
}

/** What a pattern names. */
export interface Wanted {
  readonly matches: readonly ContextEntry[];
  /** The first match that the ignore file leaves out. */
  readonly ignored: { readonly path: string; readonly by: IgnorePattern } | null;
  /** True where a directory could not be looked into, or too many had to be. */
  readonly unreadable: boolean;
  /** A path that would match in another case; looked for only where nothing else was found. */
  readonly otherCase: string | null;
}

/** A glob that brings more than this, or looks into more directories, is cut off. */
const MOST_MATCHES = 10_000;
const MOST_DIRECTORIES = 20_000;

/**
 * Resolves a clean path with wildcards: part by part as `filepath.Match`, links followed only before the first wildcard.
 * Ignored directories are listed only where nothing else fits, to say that the ignore file is the reason.
 */
export function resolveGlob(site: CopySite, path: string): Wanted {
  const parts = path.split('/');
  const first = parts.findIndex(hasWildcard);
  const base = site.tree.lookup(first === 0 ? '.' : parts.slice(0, first).join('/'), {
    checkCase: (directory) => !site.sent.isPruned(directory),
  });
  const nothing: Wanted = { matches: [], ignored: null, unreadable: base.found === 'unknown', otherCase: null };
  if (base.found !== 'entry' || base.kind !== 'directory') return nothing;
  const names = parts.slice(first);
  const exact = compileParts(names, false);
  // A bad pattern matches nothing, and BuildKit does not say so.
  if (!exact) return nothing;
  const sent = collect(site, base.path, exact, false);
  if (sent.matches.length > 0 || sent.ignored) return sent;
  const all = collect(site, base.path, exact, true);
  if (all.ignored || all.unreadable) return all;
  const folded = compileParts(names, true);
  const other = folded ? collect(site, base.path, folded, false) : nothing;
  return { ...all, otherCase: other.matches[0]?.path ?? null };
}

interface Part {
  /** Set where the name is literal. */
  readonly literal: string | null;
  readonly matches: NameMatcher;
}

function compileParts(names: readonly string[], ignoreCase: boolean): Part[] | null {
  const parts: Part[] = [];
  for (const name of names) {
    const matches = compileName(ignoreCase ? name.toLowerCase() : name);
    if (!matches) return null;
    const plain = !ignoreCase && !hasWildcard(name) && !name.includes('\\');
    parts.push({ literal: plain ? name : null, matches: ignoreCase ? (n) => matches(n.toLowerCase()) : matches });
  }
  return parts;
}

function collect(
  { tree, sent, matcher }: CopySite,
  base: string,
  parts: readonly Part[],
  enterIgnored: boolean,
): Wanted {
  const matches: ContextEntry[] = [];
  let ignored: Wanted['ignored'] = null;
  let unreadable = false;
  let looked = 0;
  const take = (path: string, kind: EntryKind): void => {
    if (kind === 'other') return;
    if (sent.isSent(path, kind)) matches.push({ path, kind });
    else if (!ignored) {
      const { by } = matcher.decide(path);
      if (by) ignored = { path, by };
    }
  };
  const pending: { directory: string; depth: number }[] = [{ directory: base, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { directory, depth } = next;
    const part = parts[depth];
    if (!part || matches.length >= MOST_MATCHES) break;
    if (++looked > MOST_DIRECTORIES) {
      unreadable = true;
      break;
    }
    const isLast = depth === parts.length - 1;
    const found: { name: string; kind: EntryKind }[] = [];
    if (part.literal !== null) {
      const kind = tree.entry(directory, part.literal, !sent.isPruned(directory));
      if (kind === 'denied') unreadable = true;
      else if (kind !== null) found.push({ name: part.literal, kind });
    } else if (enterIgnored || !sent.isPruned(directory)) {
      const entries = tree.list(directory);
      if (!entries) unreadable = true;
      for (const entry of entries ?? []) if (part.matches(entry.name)) found.push(entry);
    }
    for (const { name, kind } of found) if (isLast) take(joinPath(directory, name), kind);
    if (isLast) continue;
    // The stack gives back the last first: pushed in reverse, directories come in order.
    for (const { name, kind } of found.reverse()) {
      if (kind === 'directory') pending.push({ directory: joinPath(directory, name), depth: depth + 1 });
    }
  }
  return { matches, ignored, unreadable, otherCase: null };
}
