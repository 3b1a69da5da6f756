import type { IgnoreMatcher } from './dockerignore.js';
import { joinPath } from './paths.js';
import type { Tree } from './tree.js';
import type { ContextEntry, DirectoryEntry, EntryKind, SurveyedEntry } from './types.js';

/** What of a directory tree passes the ignore file. Paths are relative to the context, without links in them. */
export interface SentTree {
  /** A directory is sent where it is not ignored, empty or not, and where something below it is re-included. */
  isSent(path: string, kind: EntryKind): boolean;
  /** True where neither the directory nor anything below it can be sent, by the patterns alone. */
  isPruned(directory: string): boolean;
  /** Files and links below, depth first by name. */
  walk(under: string, limit: number, enter: (directory: string) => boolean): Iterable<ContextEntry>;
  /** See {@link BuildContext.survey}. */
  survey(): Iterable<SurveyedEntry>;
  /** As {@link walk}, with the directories that are sent, each before what is in it; `under` itself left out. */
  walkAll(under: string, enter?: (directory: string) => boolean): Iterable<ContextEntry>;
}

/** A walk looks at no more entries than this: a tree of that size is no build context. */
const MOST_ENTRIES = 2_000_000;

export function createSentTree(tree: Tree, matcher: IgnoreMatcher): SentTree {
  const isPruned = (directory: string): boolean =>
    matcher.decide(directory).ignored && !matcher.couldReinclude(directory);

  function* walkAll(under: string, mayEnter = (_: string): boolean => true): Generator<ContextEntry> {
    if (isPruned(under)) return;
    // A stack of iterators rather than recursion: directories may be nested deeper than the call stack.
    const open: { directory: string; entries: Iterator<DirectoryEntry> }[] = [];
    const enter = (directory: string): void => {
      open.push({ directory, entries: (tree.list(directory) ?? [])[Symbol.iterator]() });
    };
    enter(under);
    for (let seen = 0; seen < MOST_ENTRIES; seen++) {
      const top = open[open.length - 1];
      if (!top) return;
      const next = top.entries.next();
      if (next.done) {
        open.pop();
        continue;
      }
      const { name, kind } = next.value;
      const path = top.directory === '.' ? name : `${top.directory}/${name}`;
      const { ignored } = matcher.decide(path);
      // Sockets and pipes are never sent.
      if (!ignored && kind !== 'other') yield { path, kind };
      if (kind === 'directory' && (!ignored || matcher.couldReinclude(path)) && mayEnter(path)) enter(path);
    }
  }

  function* survey(): Generator<SurveyedEntry> {
    const pending: { directory: string; entries: readonly DirectoryEntry[] }[] = [
      { directory: '.', entries: tree.list('.') ?? [] },
    ];
    let left = MOST_ENTRIES;
    for (let next = pending.pop(); next; next = pending.pop()) {
      const below: typeof pending = [];
      for (const { name, kind } of next.entries) {
        if (left-- <= 0) return;
        const path = next.directory === '.' ? name : `${next.directory}/${name}`;
        const { ignored, by } = matcher.decide(path);
        const mayEnter = kind === 'directory' && (!ignored || matcher.couldReinclude(path));
        const entries = mayEnter ? tree.list(path) : null;
        yield { path, kind, ignored, by, entered: entries !== null };
        if (entries) below.push({ directory: path, entries });
      }
      for (const one of below.reverse()) pending.push(one);
    }
  }

  function* walk(under: string, limit: number, enter: (directory: string) => boolean): Generator<ContextEntry> {
    const start = tree.lookup(under, { followLast: false });
    if (start.found !== 'entry' || start.kind !== 'directory') return;
    let left = limit;
    for (const entry of walkAll(joinPath('.', start.path), enter)) {
      if (entry.kind === 'directory') continue;
      if (left-- <= 0) return;
      yield entry;
    }
  }

  const isSent = (path: string, kind: EntryKind): boolean => {
    if (kind === 'other') return false;
    if (!matcher.decide(path).ignored) return true;
    if (kind !== 'directory') return false;
    for (const _ of walkAll(path)) return true;
    return false;
  };

  return { isSent, isPruned, survey, walk, walkAll };
}
