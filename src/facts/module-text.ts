/** The text of a JavaScript or TypeScript file, read by its shape alone; offsets of all three are the same. */
export interface Module {
  /** Comments blanked. */
  readonly code: string;
  /** Comments and the content of strings blanked: what brackets and names are looked for in. */
  readonly bare: string;
}

/** Comments, and for `bare` strings too, as blanks of the same length. */
export function blank(text: string): Module {
  const pattern = /(["'])(?:\\[\s\S]|(?!\1)[^\\\n])*\1|`(?:\\[\s\S]|[^\\`])*`|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
  const hide = (found: string): string => found.replace(/[^\n]/g, ' ');
  const code = text.replace(pattern, (found) => (found.startsWith('/') ? hide(found) : found));
  const bare = text.replace(pattern, (found) =>
    found.startsWith('/') ? hide(found) : `${found[0]}${hide(found.slice(1, -1))}${found[0]}`,
  );
  return { code, bare };
}

export interface Expression {
  readonly text: string;
  readonly at: number;
}

/** Whether the block in which `from` stands is still open at `to`; with `outermost`, that no block is open there. */
export function encloses(bare: string, from: number, to: number, outermost = false): boolean {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const char = bare.charCodeAt(at);
    if (char === 123) depth++;
    else if (char === 125 && depth-- === 0) return false;
  }
  return !outermost || depth === 0;
}

/** An expression ends at `;`, `,`, or a line end that leaves no bracket open and no operator waiting. */
export function expressionEnd({ code, bare }: Module, start: number): number {
  let depth = 0;
  for (let at = start; at < Math.min(code.length, start + 2000); at++) {
    const char = bare[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && depth-- === 0) return at;
    else if (depth === 0 && (char === ';' || char === ',')) return at;
    else if (depth === 0 && char === '\n' && !/(?:\|\||\?\?|=|^)\s*$/.test(bare.slice(start, at))) {
      if (!/^\s*(?:\|\||\?\?)/.test(bare.slice(at, at + 40))) return at;
    }
  }
  return code.length;
}

/** The arguments of a call whose bracket opens before `start`, at most three of them. */
export function splitArguments(
  { code, bare }: Module,
  start: number,
): readonly { readonly text: string; readonly end: number }[] {
  const parts: { text: string; end: number }[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < Math.min(code.length, start + 4000); at++) {
    const char = bare[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (depth > 0 && ')]}'.includes(char)) depth--;
    else if (depth === 0 && (char === ',' || char === ')')) {
      parts.push({ text: code.slice(from, at), end: from + code.slice(from, at).trimEnd().length });
      from = at + 1;
      if (char === ')' || parts.length === 3) break;
    }
  }
  return parts.filter((part) => part.text.trim() !== '');
}

/** Without the brackets around it and a TypeScript assertion behind it. */
export function unwrap(text: string): string {
  let inner = text.trim().replace(/\s+as\s+\w+$/, '');
  for (let depth = 0; depth < 8 && inner.startsWith('(') && matching(inner) === inner.length - 1; depth++) {
    inner = inner
      .slice(1, -1)
      .trim()
      .replace(/\s+as\s+\w+$/, '');
  }
  return inner;
}

function matching(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

/** Splits at a separator of one or two characters that stands outside all brackets and strings. */
export function splitTop(text: string, separator: RegExp): readonly string[] {
  const { bare } = blank(text);
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = bare[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    const found = depth === 0 ? separator.exec(bare.slice(at, at + 2)) : null;
    if (!found) continue;
    parts.push(text.slice(start, at));
    at += found[0].length - 1;
    start = at + 1;
  }
  return [...parts, text.slice(start)];
}

/** Fields of an object literal, with `...` where it takes those of another; null where the text is none. */
export function objectFields(text: string): ReadonlyMap<string, string> | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null;
  const fields = new Map<string, string>();
  for (const part of splitTop(trimmed.slice(1, -1), /^,/)) {
    const named = /^\s*['"]?(\w+)['"]?\s*:([\s\S]*)$/.exec(part);
    if (named?.[1]) fields.set(named[1], named[2] ?? '');
    else if (/^\s*\w+\s*$/.test(part)) fields.set(part.trim(), part.trim());
    else if (/^\s*\.\.\./.test(part)) fields.set('...', '');
  }
  return fields;
}

/** Whether the statement at an offset stands in a branch, or behind a condition of its own. */
export function isConditionalAt({ code, bare }: Module, at: number): boolean {
  let depth = 0;
  for (let index = at - 1; index >= 0; index--) {
    const char = bare.charCodeAt(index);
    if (char === 125) depth++;
    else if (char === 123 && depth-- === 0) {
      if (isBranch(code, bare, index)) return true;
      depth = 0;
    }
  }
  const line = bare.slice(
    Math.max(bare.lastIndexOf(';', at), bare.lastIndexOf('{', at), bare.lastIndexOf('}', at)) + 1,
    at,
  );
  return /\bif\s*\(|\belse\b|&&|\?(?!\.)/.test(line) && !MAIN.test(code.slice(at - line.length, at));
}

/** `if (require.main === module) {` holds for what node is told to run. */
const MAIN = /require\.main\b|import\.meta\b|module\.parent\b/;

/** Whether the block that opens at an offset is that of an `if`, an `else` or a `case`. */
function isBranch(code: string, bare: string, open: number): boolean {
  const head = bare.slice(Math.max(0, open - 400), open).trimEnd();
  if (/\belse$/.test(head)) return true;
  if (!head.endsWith(')')) return false;
  let depth = 0;
  for (let index = head.length - 1; index >= 0; index--) {
    if (head[index] === ')') depth++;
    else if (head[index] === '(' && --depth === 0) {
      const word = /(\w+)\s*$/.exec(head.slice(0, index))?.[1] ?? '';
      if (!/^(?:if|switch|catch|while|for)$/.test(word)) return false;
      return !MAIN.test(code.slice(open - (bare.slice(Math.max(0, open - 400), open).length - index), open));
    }
  }
  return false;
}
