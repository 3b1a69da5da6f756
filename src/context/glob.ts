/**
 * Go's `filepath.Match`, which BuildKit uses for wildcards of COPY and to check the syntax of ignore patterns.
 * {@link https://pkg.go.dev/path/filepath#Match}
 */

/** Tests one part of a path, that is a name without a slash. */
export type NameMatcher = (name: string) => boolean;

/** True where the text has an unescaped `*`, `?` or `[`. */
export function hasWildcard(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '*' || char === '?' || char === '[') return true;
  }
  return false;
}

/** More than any project needs. */
export const MAX_STARS = 4;

/**
 * True where a glob has so many stars that an engine of regular expressions may need longer than anyone waits. `**` counts
 * through the whole glob, `*` in each part of it.
 */
export function hasManyStars(glob: string): boolean {
  const parts = glob.split('/').map((part) => part.match(/\*+/g) ?? []);
  const deep = parts.flat().filter((stars) => stars.length > 1);
  return deep.length > MAX_STARS || parts.some((stars) => stars.length > MAX_STARS);
}

/** False for a pattern that `filepath.Match` refuses: an unclosed or empty class, a stray `-` in one, a final `\`. */
export function isValidGlob(pattern: string): boolean {
  return parseGlob(pattern) !== null;
}

/** A matcher for the names that one part of a pattern takes; null for a bad pattern. Time is linear in each argument. */
export function compileName(pattern: string): NameMatcher | null {
  const tokens = parseGlob(pattern);
  return tokens && ((name) => matchTokens(tokens, [...name]));
}

type Token = '*' | '?' | string | CharacterClass;

interface CharacterClass {
  readonly negated: boolean;
  /** Pairs of first and last character. */
  readonly ranges: readonly (readonly [string, string])[];
}

function parseGlob(pattern: string): Token[] | null {
  const chars = [...pattern];
  const tokens: Token[] = [];
  let at = 0;
  while (at < chars.length) {
    const char = chars[at++] ?? '';
    if (char === '\\') {
      if (at >= chars.length) return null;
      // A literal is kept with a leading NUL so that an escaped star is not mistaken for a star.
      tokens.push(`\0${chars[at++]}`);
    } else if (char === '[') {
      const parsed = parseClass(chars, at);
      if (!parsed) return null;
      tokens.push(parsed.token);
      at = parsed.next;
    } else if (char === '*') {
      if (tokens[tokens.length - 1] !== '*') tokens.push('*');
    } else tokens.push(char === '?' ? '?' : `\0${char}`);
  }
  return tokens;
}

function parseClass(chars: readonly string[], start: number): { token: CharacterClass; next: number } | null {
  let at = start;
  const negated = chars[at] === '^';
  if (negated) at++;
  const ranges: (readonly [string, string])[] = [];
  const next = (): string | null => {
    let char = chars[at];
    if (char === undefined || char === '-' || char === ']') return null;
    if (char === '\\') char = chars[++at];
    at++;
    return char !== undefined && at < chars.length ? char : null;
  };
  for (;;) {
    if (chars[at] === ']' && ranges.length > 0) return { token: { negated, ranges }, next: at + 1 };
    const low = next();
    if (low === null) return null;
    let high: string | null = low;
    if (chars[at] === '-') {
      at++;
      high = next();
      if (high === null) return null;
    }
    ranges.push([low, high]);
  }
}

/** Keeps only the last star to come back to: an earlier one can never need to take more. */
function matchTokens(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    const current = tokens[token];
    if (current === '*') {
      star = token++;
      resume = at;
    } else if (current !== undefined && takes(current, name[at] ?? '')) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++resume;
    } else return false;
  }
  while (tokens[token] === '*') token++;
  return token === tokens.length;
}

function takes(token: Token, char: string): boolean {
  if (typeof token === 'string') return token === '?' || token.slice(1) === char;
  const code = char.codePointAt(0) ?? 0;
  const inside = token.ranges.some(
    ([low, high]) => (low.codePointAt(0) ?? 0) <= code && code <= (high.codePointAt(0) ?? 0),
  );
  return inside !== token.negated;
}
