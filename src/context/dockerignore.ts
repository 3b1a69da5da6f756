import type { SourceFile } from '../model/source.js';
import { lineSpan } from '../model/source.js';
import { createMatcher as createIndexMatcher, type Matcher } from './ignore-matcher.js';
import { compilePattern, normaliseLine, readPattern, trimSpace } from './ignore-pattern.js';
import type { IgnoreDecision, IgnoreFile, IgnorePattern } from './types.js';

/** Go's `bufio.Scanner`, which reads the file, gives up on a longer line, in bytes. */
const LONGEST_LINE = 64 * 1024;

/**
 * Reads an ignore file as BuildKit does: `ignorefile.ReadAll`, then `patternmatcher.New`. Comments only at the very start
 * of a line; white space around a pattern, a leading `/` and what `filepath.Clean` removes do not count.
 * {@link https://docs.docker.com/build/concepts/context/#dockerignore-files}
 */
export function parseIgnoreFile(source: SourceFile, kind: IgnoreFile['kind']): IgnoreFile {
  const patterns: IgnorePattern[] = [];
  const problems: { message: string; span: { start: number; end: number } }[] = [];
  for (let line = 0; line < source.lineStarts.length; line++) {
    const { start, end } = lineSpan(source, line);
    const raw = source.text.slice(start, end);
    const normalised = normaliseLine(raw);
    if (normalised === null) continue;
    const text = trimSpace(raw);
    const from = start + raw.indexOf(text);
    const span = { start: from, end: from + text.length };
    if (end - start >= LONGEST_LINE) {
      problems.push({ message: 'a line of more than 64 KiB cannot be read and stops the build', span });
      continue;
    }
    const read = readPattern(normalised);
    if (!read) continue;
    if (read.ok) {
      patterns.push({ text, pattern: read.value.pattern, negated: read.value.negated, line: line + 1, span });
    } else problems.push({ message: read.message, span });
  }
  return { source, kind, patterns, problems };
}

/** Decides over paths by the patterns of one file. */
export interface IgnoreMatcher {
  /**
   * The path is relative to the context with forward slashes. As `MatchesOrParentMatches` of moby/patternmatcher: a
   * pattern also matches what is below a directory that it matches, and the last match wins. (While it walks, BuildKit
   * differs for a `!` pattern that names a directory which is not ignored itself; we follow the documented rule.)
   */
  decide(path: string): IgnoreDecision;
  /** The same in two steps, for who walks a tree and has the first for the parent already; see {@link Matcher}. */
  lastMatch(path: string): number;
  lastMatchBelow(path: string, ofParent: number): number;
  decisionOf(index: number): IgnoreDecision;
  /** False where nothing below an ignored directory can be re-included, so that it need not be read. */
  couldReinclude(directory: string): boolean;
}

const NOT_IGNORED: IgnoreDecision = { ignored: false, by: null };

export function createMatcher(patterns: readonly IgnorePattern[]): IgnoreMatcher {
  const matcher = createIndexMatcher(
    patterns.map((pattern) => ({ negated: pattern.negated, compiled: compilePattern(pattern.pattern) })),
  );
  const decisions: (IgnoreDecision | undefined)[] = [];
  const decisionOf = (index: number): IgnoreDecision => {
    const by = patterns[index];
    if (!by) return NOT_IGNORED;
    const decision = decisions[index] ?? { ignored: !by.negated, by };
    decisions[index] = decision;
    return decision;
  };
  return {
    couldReinclude: matcher.couldReinclude,
    lastMatch: matcher.lastMatch,
    lastMatchBelow: matcher.lastMatchBelow,
    decisionOf,
    decide: (path) => decisionOf(matcher.lastMatch(path)),
  };
}
