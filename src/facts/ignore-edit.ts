import { createMatcher, parseIgnoreFile } from '../context/dockerignore.js';
import { displayPath } from '../context/paths.js';
import type { BuildContext, IgnoreFile, IgnorePattern } from '../context/types.js';
import type { Edit, Place } from '../model/finding.js';
import { createSource } from '../model/source.js';

/** An edit that adds lines at the end of an ignore file, where they have the last word. */
export function appendPatterns({ source }: IgnoreFile, patterns: readonly string[]): Edit {
  const { text } = source;
  const newline = text === '' || text.endsWith('\n') ? '' : '\n';
  const end = { start: text.length, end: text.length };
  return { file: source, span: end, text: `${newline}${patterns.join('\n')}\n` };
}

/** An edit that creates the `.dockerignore` of a context that has none. */
export function createIgnoreFile(context: BuildContext, patterns: readonly string[]): Edit {
  const file = createSource(displayPath(context.displayRoot, '.dockerignore'), '');
  return { file, span: { start: 0, end: 0 }, text: `${patterns.join('\n')}\n` };
}

/** The last pattern of an ignore file, below which a new one would stand; the start of the file where there is none. */
export function lastPatternOf({ source, patterns }: IgnoreFile): Place {
  return { file: source, span: patterns.at(-1)?.span ?? { start: 0, end: Math.min(1, source.text.length) } };
}

/** True where an ignore file would let a path through with lines added at its end, and without one that it has. */
export function wouldInclude(
  { source, patterns, kind }: IgnoreFile,
  lines: readonly string[],
  path: string,
  without: IgnorePattern | null = null,
): boolean {
  const added = parseIgnoreFile(createSource(source.path, lines.join('\n')), kind);
  const kept = patterns.filter((pattern) => pattern !== without);
  return !createMatcher([...kept, ...added.patterns]).decide(path).ignored;
}

/** A path as a pattern that names it alone; null where its name cannot be written as one. */
export function patternOf(path: string): string | null {
  return /[*?[\]\\]|^[!#]|^\s|\s$/.test(path) ? null : path;
}
