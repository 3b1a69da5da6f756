/**
 * The regular expressions that moby/patternmatcher makes of ignore patterns, run without backtracking.
 *
 * patternmatcher writes a Go expression and lets RE2 run it in linear time. JavaScript's engine backtracks, so that a
 * pattern of many stars could hang it. The expressions have a flat form (characters, classes, `[^/]*`,
 * an optional run of directories, `.*`), which is read here as Go reads it and run by walking all states at once.
 * {@link https://pkg.go.dev/regexp/syntax}
 */

/** A compiled expression, anchored at both ends. */
export interface PathExpression {
  /** Literal text that every match begins and ends with; for a cheap look before {@link test}. */
  readonly head: string;
  readonly tail: string;
  /** The longest literal text that every match has somewhere in it. */
  readonly inner: string;
  test(path: string): boolean;
  /** True where some longer text that begins with `prefix` may match. */
  couldMatchFrom(prefix: string): boolean;
}

type Item =
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: 'class'; readonly has: ClassTest }
  | { readonly kind: 'star'; readonly has: ClassTest }
  | { readonly kind: 'directories' }
  | { readonly kind: 'assert'; readonly holds: (path: string, at: number) => boolean };

type ClassTest = (code: number) => boolean;

/** Compiles the body of an expression (without `^` and `$` at its ends); null where Go would refuse it. */
export function compileExpression(source: string): PathExpression | null {
  const items = parseItems(source);
  if (!items) return null;
  const run = createRunner(items);
  return {
    head: literalRun(items),
    tail: literalRun([...items].reverse(), true),
    inner: longestLiteral(items),
    test: (path) => run(path) === 'match',
    couldMatchFrom: (prefix) => run(prefix) !== 'dead',
  };
}

function literalRun(items: readonly Item[], reversed = false): string {
  const chars: string[] = [];
  for (const item of items) {
    if (item.kind !== 'char') break;
    chars.push(String.fromCodePoint(item.code));
  }
  return (reversed ? chars.reverse() : chars).join('');
}

function longestLiteral(items: readonly Item[]): string {
  let longest = '';
  for (let at = 0; at < items.length; at++) {
    const run = items[at]?.kind === 'char' ? literalRun(items.slice(at)) : '';
    if (run.length > longest.length) longest = run;
    at += [...run].length;
  }
  return longest;
}

/**
 * States are the items' indices, `n` accepts, and `n + 1 + i` is inside the optional directories of item i. A pattern's
 * buffers are its own and used again at each run.
 */
function createRunner(items: readonly Item[]): (path: string) => 'match' | 'alive' | 'dead' {
  const n = items.length;
  const size = 2 * n + 2;
  let current = new Int32Array(size);
  let following = new Int32Array(size);
  const seen = new Int32Array(size).fill(-1);
  let generation = -1;

  const add = (list: Int32Array, count: number, state: number, path: string, at: number): number => {
    let length = count;
    for (let s = state; ; s++) {
      if (seen[s] === generation) return length;
      seen[s] = generation;
      list[length++] = s;
      const item = s < n ? items[s] : undefined;
      if (!item || item.kind === 'char' || item.kind === 'class') return length;
      if (item.kind === 'assert' && !item.holds(path, at)) return length;
      if (item.kind === 'directories' && seen[n + 1 + s] !== generation) {
        seen[n + 1 + s] = generation;
        list[length++] = n + 1 + s;
      }
    }
  };

  return (path) => {
    generation++;
    let count = add(current, 0, 0, path, 0);
    let at = 0;
    while (at < path.length && count > 0) {
      const code = path.codePointAt(at) ?? 0;
      at += code > 0xffff ? 2 : 1;
      generation++;
      let next = 0;
      for (let index = 0; index < count; index++) {
        const state = current[index] ?? 0;
        if (state > n) {
          if (code !== 10) next = add(following, next, state, path, at);
          if (code === 47) next = add(following, next, state - n, path, at);
          continue;
        }
        const item = items[state];
        if (!item) continue;
        if (item.kind === 'char') {
          if (item.code === code) next = add(following, next, state + 1, path, at);
        } else if (item.kind === 'class') {
          if (item.has(code)) next = add(following, next, state + 1, path, at);
        } else if (item.kind === 'star') {
          if (item.has(code)) next = add(following, next, state, path, at);
        }
      }
      [current, following] = [following, current];
      count = next;
    }
    if (count === 0) return 'dead';
    return seen[n] === generation ? 'match' : 'alive';
  };
}

function parseItems(source: string): Item[] | null {
  const chars = [...source];
  const items: Item[] = [];
  let at = 0;
  while (at < chars.length) {
    const char = chars[at] ?? '';
    if (char === '(') {
      // Parentheses of the pattern itself come escaped: this can only be the group for `**`.
      items.push({ kind: 'directories' });
      at += '(.*/)?'.length;
    } else if (char === '.') {
      items.push({ kind: 'star', has: (code) => code !== 10 });
      at += '.*'.length;
    } else if (char === '^') {
      items.push({ kind: 'assert', holds: (_, position) => position === 0 });
      at++;
    } else if (char === '[') {
      const parsed = parseClass(chars, at + 1);
      if (!parsed) return null;
      at = parsed.next;
      const star = chars[at] === '*';
      if (star) at++;
      items.push({ kind: star ? 'star' : 'class', has: parsed.has });
    } else if (char === '\\') {
      const parsed = parseEscape(chars, at + 1);
      if (!parsed) return null;
      items.push(parsed.item);
      at = parsed.next;
    } else {
      items.push({ kind: 'char', code: char.codePointAt(0) ?? 0 });
      at++;
    }
  }
  return items;
}

function parseEscape(chars: readonly string[], at: number): { item: Item; next: number } | null {
  const char = chars[at] ?? '';
  const assertion = ASSERTIONS[char];
  if (assertion) return { item: { kind: 'assert', holds: assertion }, next: at + 1 };
  const named = parseNamedClass(chars, at);
  if (named) return { item: { kind: 'class', has: named.has }, next: named.next };
  const literal = parseCharacterEscape(chars, at);
  return literal && { item: { kind: 'char', code: literal.code }, next: literal.next };
}

const ASSERTIONS: Readonly<Record<string, (path: string, at: number) => boolean>> = {
  A: (_, at) => at === 0,
  z: (path, at) => at === path.length,
  b: (path, at) => isWordAt(path, at - 1) !== isWordAt(path, at),
  B: (path, at) => isWordAt(path, at - 1) === isWordAt(path, at),
};

function isWordAt(path: string, at: number): boolean {
  return at >= 0 && at < path.length && /\w/.test(path[at] ?? '');
}

/** `\d`, `\W`, `\pL`, `\p{Greek}`. */
function parseNamedClass(chars: readonly string[], at: number): { has: ClassTest; next: number } | null {
  const char = chars[at] ?? '';
  if ('dDsSwW'.includes(char) && char !== '') {
    const body = { d: '0-9', s: '\\t\\n\\f\\r ', w: '0-9A-Za-z_' }[char.toLowerCase()] ?? '';
    return { has: testOf(`[${char === char.toLowerCase() ? '' : '^'}${body}]`), next: at + 1 };
  }
  if (char !== 'p' && char !== 'P') return null;
  let name = chars[at + 1] ?? '';
  let next = at + 2;
  if (name === '{') {
    const close = chars.indexOf('}', at);
    if (close < 0) return null;
    name = chars
      .slice(at + 2, close)
      .join('')
      .replace(/\\/g, '');
    next = close + 1;
  }
  const negated = (char === 'P') !== name.startsWith('^');
  const bare = name.replace(/^\^/, '');
  for (const property of [bare, `Script=${bare}`]) {
    try {
      return { has: testOf(`\\${negated ? 'P' : 'p'}{${property}}`), next };
    } catch {
      // Not a property of that kind; tried as a script next, and refused as Go would if that fails too.
    }
  }
  return null;
}

function testOf(expression: string): ClassTest {
  const compiled = new RegExp(`^${expression}$`, 'u');
  return (code) => compiled.test(String.fromCodePoint(code));
}

const CONTROL_ESCAPES: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

function parseCharacterEscape(chars: readonly string[], at: number): { code: number; next: number } | null {
  const char = chars[at] ?? '';
  const control = CONTROL_ESCAPES[char];
  if (control !== undefined) return { code: control, next: at + 1 };
  const rest = chars.slice(at, at + 12).join('');
  const number = /^(?:x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,8})\}|(0[0-7]{0,2}|[1-7][0-7]{1,2}))/.exec(rest);
  if (number) {
    const code =
      number[3] === undefined ? Number.parseInt(number[1] ?? number[2] ?? '', 16) : Number.parseInt(number[3], 8);
    return code > 0x10ffff ? null : { code, next: at + number[0].length };
  }
  const code = char.codePointAt(0);
  if (code === undefined || code > 0x7f || /[0-9A-Za-z]/.test(char)) return null;
  return { code, next: at + 1 };
}

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** Reads a class from the character after `[`, with Go's rules: `]` may come first, `[:alpha:]`, `-` anywhere. */
function parseClass(chars: readonly string[], start: number): { has: ClassTest; next: number } | null {
  let at = start;
  const negated = chars[at] === '^';
  if (negated) at++;
  const ranges: (readonly [number, number])[] = [];
  const tests: ClassTest[] = [];
  const character = (): number | null => {
    const char = chars[at];
    if (char === undefined) return null;
    if (char !== '\\') {
      at++;
      return char.codePointAt(0) ?? 0;
    }
    const escaped = parseCharacterEscape(chars, at + 1);
    if (!escaped) return null;
    at = escaped.next;
    return escaped.code;
  };
  for (let first = true; first || chars[at] !== ']'; first = false) {
    if (at >= chars.length) return null;
    if (chars[at] === '[' && chars[at + 1] === ':') {
      const close = findPosixEnd(chars, at + 2);
      if (close >= 0) {
        const name = chars.slice(at + 2, close).join('');
        const body = POSIX[name.replace(/^\^/, '')];
        if (body === undefined) return null;
        tests.push(testOf(`[${name.startsWith('^') ? '^' : ''}${body}]`));
        at = close + 2;
        continue;
      }
    }
    const named = chars[at] === '\\' ? parseNamedClass(chars, at + 1) : null;
    if (named) {
      tests.push(named.has);
      at = named.next;
      continue;
    }
    const low = character();
    if (low === null) return null;
    let high: number | null = low;
    if (chars[at] === '-' && at + 1 < chars.length && chars[at + 1] !== ']') {
      at++;
      high = character();
      if (high === null || high < low) return null;
    }
    ranges.push([low, high]);
  }
  const has = (code: number): boolean =>
    ranges.some(([low, high]) => low <= code && code <= high) || tests.some((test) => test(code));
  return { has: negated ? (code) => !has(code) : has, next: at + 1 };
}

function findPosixEnd(chars: readonly string[], start: number): number {
  for (let at = start; at + 1 < chars.length; at++) if (chars[at] === ':' && chars[at + 1] === ']') return at;
  return -1;
}
