import type { IgnoreMatcher } from './dockerignore.js';
import { joinPath } from './paths.js';
import type { Tree } from './tree.js';
import type { ContextEntry, EntryKind, SurveyedEntry } from './types.js';

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

/** An entry of a directory that is walked. */
interface Step extends ContextEntry {
  readonly ignored: boolean;
  /** Index of the last pattern that matches it or a parent. */
  readonly last: number;
  /** For a directory: whether something below it can be sent. */
  readonly open: boolean;
}

export function createSentTree(tree: Tree, matcher: IgnoreMatcher): SentTree {
  const isPruned = (directory: string): boolean =>
    matcher.decide(directory).ignored && !matcher.couldReinclude(directory);

  /** What was decided over a directory's entries: every rule that walks walks the same tree. */
  const known = new Map<string, readonly Step[]>();

  const stepsOf = (directory: string, last: number): readonly Step[] => {
    const before = known.get(directory);
    if (before) return before;
    const prefix = directory === '.' ? '' : `${directory}/`;
    const steps = (tree.list(directory) ?? []).map(({ name, kind }): Step => {
      const path = prefix + name;
      const index = matcher.lastMatchBelow(path, last);
      const { ignored } = matcher.decisionOf(index);
      const open = kind === 'directory' && (!ignored || matcher.couldReinclude(path));
      return { path, kind, ignored, last: index, open };
    });
    known.set(directory, steps);
    return steps;
  };

  function* walkAll(under: string, mayEnter = (_: string): boolean => true): Generator<ContextEntry> {
    if (isPruned(under)) return;
    // A stack rather than recursion: directories may be nested deeper than the call stack.
    const opened: { readonly steps: readonly Step[]; at: number }[] = [];
    opened.push({ steps: stepsOf(under, matcher.lastMatch(under)), at: 0 });
    for (let seen = 0; seen < MOST_ENTRIES; seen++) {
      const top = opened[opened.length - 1];
      if (!top) return;
      const step = top.steps[top.at++];
      if (!step) {
        opened.pop();
        continue;
      }
      // Sockets and pipes are never sent.
      if (!step.ignored && step.kind !== 'other') yield step;
      if (step.open && mayEnter(step.path)) opened.push({ steps: stepsOf(step.path, step.last), at: 0 });
    }
  }

  function* survey(): Generator<SurveyedEntry> {
    const pending = [{ directory: '.', last: -1 }];
    let left = MOST_ENTRIES;
    for (let next = pending.pop(); next; next = pending.pop()) {
      const below: typeof pending = [];
      for (const { path, kind, ignored, last, open } of stepsOf(next.directory, next.last)) {
        if (left-- <= 0) return;
        const entered = open && tree.list(path) !== null;
        yield { path, kind, ignored, by: matcher.decisionOf(last).by, entered };
        if (entered) below.push({ directory: path, last });
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
