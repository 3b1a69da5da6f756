import { createMatcher, parseIgnoreFile } from '../context/dockerignore.js';
import { compileName } from '../context/glob.js';
import { baseName, displayPath } from '../context/paths.js';
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

/** The line that leaves out what has the name of a path at the root, and was perhaps meant for any depth. */
export function rootLine({ patterns }: IgnoreFile, path: string): IgnorePattern | undefined {
  if (!path.includes('/')) return undefined;
  const name = baseName(path);
  return patterns.find((one) => {
    if (one.negated || one.pattern.includes('/') || one.pattern === '*' || /^\.?\//.test(one.text)) return false;
    return compileName(one.pattern)?.(name) === true;
  });
}

/** Where an ignore file would have to speak of a path, with words for it. */
export function lackAt(ignoreFile: IgnoreFile, path: string): { readonly at: Place; readonly message: string } {
  const short = rootLine(ignoreFile, path);
  return short
    ? { at: { file: ignoreFile.source, span: short.span }, message: `counts only at the root, and not for ${path}` }
    : { at: lastPatternOf(ignoreFile), message: `no line here leaves out ${path}` };
}

/** True where an ignore file would let a path through with lines added at its end, and without one that it has. */
function wouldInclude(
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

/** A fix that adds lines at the end of an ignore file. */
export function leaveOut(
  ignoreFile: IgnoreFile,
  patterns: readonly string[],
): { readonly title: string; readonly edits: readonly Edit[] } {
  const what = patterns.length === 1 ? patterns[0] : `${patterns.length} lines`;
  return { title: `Add ${what} to ${ignoreFile.source.path}`, edits: [appendPatterns(ignoreFile, patterns)] };
}

function withoutLine({ source }: IgnoreFile, { span }: IgnorePattern): Edit {
  const start = source.text.lastIndexOf('\n', span.start - 1) + 1;
  const lineEnd = source.text.indexOf('\n', span.end);
  return { file: source, span: { start, end: lineEnd < 0 ? source.text.length : lineEnd + 1 }, text: '' };
}

/**
 * Takes the line out that names the path and nothing else, or adds one that lets it in again: only where no parent is left
 * out, since then more than the path would be needed.
 */
export function reinclude(ignoreFile: IgnoreFile, path: string, by: IgnorePattern): ReturnType<typeof leaveOut> | null {
  const pattern = patternOf(path);
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
  if (pattern === null || !wouldInclude(ignoreFile, [], parent)) return null;
  const title = `Let ${path} into the build again`;
  const line = withoutLine(ignoreFile, by);
  if (by.pattern === path && wouldInclude(ignoreFile, [], path, by)) return { title, edits: [line] };
  if (!wouldInclude(ignoreFile, [`!${pattern}`], path)) return null;
  return { title, edits: [appendPatterns(ignoreFile, [`!${pattern}`])] };
}
