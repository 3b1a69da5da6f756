import type { CompiledPattern } from './ignore-pattern.js';
import { cleanPath } from './paths.js';

/** A compiled pattern and whether it re-includes. */
export interface MatcherPattern {
  readonly negated: boolean;
  /** Null for a pattern that the build refuses; it matches nothing. */
  readonly compiled: CompiledPattern | null;
}

export interface Matcher {
  /**
   * Index of the last pattern that matches the path or one of its parents; -1 for none. As the last match decides, this
   * is what patternmatcher's `MatchesOrParentMatches` finds, with its reason.
   */
  lastMatch(path: string): number;
  /** The same for a clean path where that of its parent is known: who walks a tree need not ask for it again. */
  lastMatchBelow(path: string, ofParent: number): number;
  /** True where the path is left out. */
  ignores(path: string): boolean;
  /** True where something below the directory may be included though the directory itself is left out. */
  couldReinclude(directory: string): boolean;
}

/** Above this many remembered directories the memory starts afresh. */
const REMEMBERED_DIRECTORIES = 100_000;

/**
 * Patterns are put into tables by the text they compare, so that a path costs a few look-ups however many patterns there
 * are; only expressions whose literal ends fit are run. What held for a directory is remembered for what is below it.
 */
export function createMatcher(patterns: readonly MatcherPattern[]): Matcher {
  const tables = createTables(patterns);
  const negated = patterns.flatMap((pattern, index) =>
    pattern.negated && pattern.compiled ? [{ index, compiled: pattern.compiled }] : [],
  );
  const directories = new Map<string, number>();

  const ofDirectory = (directory: string): number => {
    const known = directories.get(directory);
    if (known !== undefined) return known;
    const value = tables.lastOwnMatch(directory, ofAncestors(directory));
    if (directories.size >= REMEMBERED_DIRECTORIES) directories.clear();
    directories.set(directory, value);
    return value;
  };

  /** Walks down from the nearest remembered ancestor: no recursion, since a path may have thousands of parts. */
  const ofAncestors = (path: string): number => {
    const slash = path.lastIndexOf('/');
    if (slash < 0) return -1;
    const parent = path.slice(0, slash);
    const known = directories.get(parent);
    if (known !== undefined) return known;
    let last = -1;
    for (let at = path.indexOf('/'); at >= 0 && at <= slash; at = path.indexOf('/', at + 1)) {
      const directory = path.slice(0, at);
      const value = directories.get(directory) ?? tables.lastOwnMatch(directory, last);
      directories.set(directory, value);
      last = value;
    }
    return last;
  };

  const lastMatch = (path: string): number => {
    const clean = cleanPath(path);
    // The context itself cannot be left out.
    if (clean === '.') return -1;
    return directories.get(clean) ?? tables.lastOwnMatch(clean, ofAncestors(clean));
  };

  return {
    lastMatch,
    lastMatchBelow: tables.lastOwnMatch,
    ignores: (path) => {
      const index = lastMatch(path);
      return index >= 0 && patterns[index]?.negated === false;
    },
    couldReinclude: (directory) => {
      const clean = cleanPath(directory);
      const last = clean === '.' ? -1 : ofDirectory(clean);
      return negated.some(({ index, compiled }) => index > last && couldMatchBelow(compiled, clean));
    },
  };
}

function couldMatchBelow(compiled: CompiledPattern, directory: string): boolean {
  if (directory === '.') return true;
  const below = `${directory}/`;
  switch (compiled.match) {
    case 'exact':
    case 'prefix':
      // A shorter prefix matches the directory itself, and then the directory is not the question.
      return compiled.text.startsWith(below);
    case 'suffix':
      return true;
    case 'expression': {
      const { head } = compiled.expression;
      return (head.startsWith(below) || below.startsWith(head)) && compiled.expression.couldMatchFrom(below);
    }
  }
}

interface Tables {
  /** The highest index above `floor` of a pattern that matches this very path; `floor` where there is none. */
  lastOwnMatch(path: string, floor: number): number;
}

function createTables(patterns: readonly MatcherPattern[]): Tables {
  const exact = new Map<string, number>();
  const prefixes = createAffixTable();
  const suffixes = createAffixTable();
  const byHead = createAffixTable();
  const byTail = createAffixTable();
  const byInner = new Map<string, number[]>();
  const unanchored: number[] = [];

  for (const [index, { compiled }] of patterns.entries()) {
    if (!compiled) continue;
    if (compiled.match === 'exact') exact.set(compiled.text, index);
    else if (compiled.match === 'prefix') prefixes.add(compiled.text, index);
    else if (compiled.match === 'suffix') {
      suffixes.add(compiled.text, index);
      if (compiled.text.startsWith('/')) exact.set(compiled.text.slice(1), index);
    } else if (compiled.expression.head !== '') byHead.add(compiled.expression.head, index);
    else if (compiled.expression.tail !== '') byTail.add(compiled.expression.tail, index);
    else if (compiled.expression.inner.length >= 2) append(byInner, compiled.expression.inner.slice(0, 2), index);
    else unanchored.push(index);
  }

  const lastOf = (candidates: readonly number[] | undefined, path: string, floor: number): number => {
    if (!candidates) return floor;
    for (let at = candidates.length - 1; at >= 0; at--) {
      const index = candidates[at] ?? -1;
      if (index <= floor) return floor;
      const compiled = patterns[index]?.compiled;
      if (compiled?.match !== 'expression') return index;
      const { head, tail, inner } = compiled.expression;
      const mayMatch = path.startsWith(head) && path.endsWith(tail) && path.includes(inner);
      if (mayMatch && compiled.expression.test(path)) return index;
    }
    return floor;
  };

  return {
    lastOwnMatch: (path, floor) => {
      let last = Math.max(floor, exact.get(path) ?? -1);
      for (const [length, table] of prefixes.lengths) {
        if (length <= path.length) last = lastOf(table.get(path.slice(0, length)), path, last);
      }
      for (const [length, table] of suffixes.lengths) {
        if (length <= path.length) last = lastOf(table.get(path.slice(path.length - length)), path, last);
      }
      for (const [length, table] of byHead.lengths) {
        if (length <= path.length) last = lastOf(table.get(path.slice(0, length)), path, last);
      }
      for (const [length, table] of byTail.lengths) {
        if (length <= path.length) last = lastOf(table.get(path.slice(path.length - length)), path, last);
      }
      if (byInner.size > 0) {
        for (let at = 1; at < path.length; at++) last = lastOf(byInner.get(path.slice(at - 1, at + 1)), path, last);
      }
      return lastOf(unanchored, path, last);
    },
  };
}

/** Pattern indices, ascending, by their literal text, by the length of that text. */
interface AffixTable {
  readonly lengths: ReadonlyMap<number, ReadonlyMap<string, readonly number[]>>;
  add(text: string, index: number): void;
}

function createAffixTable(): AffixTable {
  const lengths = new Map<number, Map<string, number[]>>();
  return {
    lengths,
    add: (text, index) => {
      const table = lengths.get(text.length) ?? new Map<string, number[]>();
      lengths.set(text.length, table);
      append(table, text, index);
    },
  };
}

function append(table: Map<string, number[]>, key: string, index: number): void {
  const indices = table.get(key);
  if (indices) indices.push(index);
  else table.set(key, [index]);
}
