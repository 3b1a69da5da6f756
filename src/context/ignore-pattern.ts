import { isValidGlob } from './glob.js';
import { cleanPath } from './paths.js';
import { compileExpression, type PathExpression } from './pattern-regexp.js';

/**
 * One ignore pattern as moby/patternmatcher compiles it, on Unix: it picks the cheapest of four ways to compare.
 * {@link https://github.com/moby/patternmatcher}
 */
export type CompiledPattern =
  | { readonly match: 'exact'; readonly text: string }
  /** `dir/**`: `text` is what stands before the stars. */
  | { readonly match: 'prefix'; readonly text: string }
  /** `**` and what follows it, with nothing else special in it; `/name` also matches `name` alone. */
  | { readonly match: 'suffix'; readonly text: string }
  | { readonly match: 'expression'; readonly expression: PathExpression };

export type PatternResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

/** The white space that Go's `strings.TrimSpace` takes off. */
const GO_SPACE = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING_SPACE = new RegExp(`^${GO_SPACE}+`);
const ANY_SPACE = new RegExp(GO_SPACE);

export function trimSpace(text: string): string {
  const start = LEADING_SPACE.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > start && ANY_SPACE.test(text[end - 1] ?? '')) end--;
  return text.slice(start, end);
}

/**
 * A line of an ignore file as `ignorefile.ReadAll` hands it on: cleaned, without a leading slash, `!` kept. Null for a
 * comment or an empty line.
 */
export function normaliseLine(line: string): string | null {
  if (line.startsWith('#')) return null;
  let text = trimSpace(line);
  if (text === '') return null;
  const negated = text.startsWith('!');
  if (negated) text = trimSpace(text.slice(1));
  if (text !== '') {
    text = cleanPath(text);
    if (text.length > 1 && text.startsWith('/')) text = text.slice(1);
  }
  return negated ? `!${text}` : text;
}

/** What `patternmatcher.New` makes of one pattern; null for an empty one, which it passes over. */
export function readPattern(
  text: string,
): PatternResult<{ readonly pattern: string; readonly negated: boolean; readonly compiled: CompiledPattern }> | null {
  const trimmed = trimSpace(text);
  if (trimmed === '') return null;
  const cleaned = cleanPath(trimmed);
  const negated = cleaned.startsWith('!');
  const pattern = negated ? cleaned.slice(1) : cleaned;
  if (pattern === '')
    return { ok: false, message: 'an exception `!` without a pattern is refused and stops the build' };
  if (!isValidGlob(pattern)) return { ok: false, message: `\`${pattern}\` is not a valid pattern and stops the build` };
  const compiled = compilePattern(pattern);
  // Go compiles the expression only when it first needs it, and then fails.
  if (!compiled)
    return { ok: false, message: `\`${pattern}\` has an invalid escape or character range and stops the build` };
  return { ok: true, value: { pattern, negated, compiled } };
}

const REGEXP_SPECIAL = new Set('.+()|{}$');

/** Compiles a pattern that is clean and has no `!` of its own; null where Go refuses its expression. */
export function compilePattern(pattern: string): CompiledPattern | null {
  const chars = [...pattern];
  const body: string[] = [];
  let match: CompiledPattern['match'] = 'exact';
  let at = 0;
  for (let step = 0; at < chars.length; step++) {
    const char = chars[at++] ?? '';
    if (char === '*' && chars[at] === '*') {
      at++;
      if (chars[at] === '/') at++;
      if (at < chars.length) {
        body.push('(.*/)?');
        match = 'expression';
      } else if (match === 'exact') match = 'prefix';
      else {
        body.push('.*');
        match = 'expression';
      }
      // Only at the very start: whatever special follows turns it into an expression again.
      if (step === 0) match = 'suffix';
    } else if (char === '*' || char === '?') {
      body.push(char === '*' ? '[^/]*' : '[^/]');
      match = 'expression';
    } else if (REGEXP_SPECIAL.has(char)) body.push(`\\${char}`);
    else if (char === '\\') {
      body.push(`\\${chars[at++] ?? ''}`);
      match = 'expression';
    } else {
      body.push(char);
      if (char === '[' || char === ']') match = 'expression';
    }
  }
  if (match === 'exact') return { match, text: pattern };
  if (match === 'prefix') return { match, text: pattern.slice(0, -2) };
  if (match === 'suffix') return { match, text: pattern.slice(2) };
  const expression = compileExpression(body.join(''));
  return expression && { match, expression };
}
