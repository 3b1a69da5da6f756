/** A string of a JSON array: decoded, with its place (quotes included) in the text. */
export interface JsonItem {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export type JsonForm =
  | { readonly kind: 'strings'; readonly items: readonly JsonItem[] }
  /** An array that JSON takes and BuildKit does not: something in it is no string. */
  | { readonly kind: 'not-strings' }
  /** No JSON array; BuildKit then takes the text as it stands. */
  | { readonly kind: 'other' };

const OTHER: JsonForm = { kind: 'other' };

/** Reads `text[from..to]` as the exec form of an instruction. */
export function parseJsonForm(text: string, from = 0, to = text.length): JsonForm {
  let at = from;
  while (at < to && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at++;
  if (text.charCodeAt(at) !== 91) return OTHER;
  const raw = text.slice(at, to);
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw);
  } catch {
    return OTHER;
  }
  if (!Array.isArray(parsed)) return OTHER;
  const strings = parsed.filter((item): item is string => typeof item === 'string');
  if (strings.length !== parsed.length) return { kind: 'not-strings' };
  const items: JsonItem[] = [];
  // The text is a valid array of strings, so each quote that is no part of a string begins one.
  let cursor = at;
  for (const value of strings) {
    const start = text.indexOf('"', cursor);
    let end = start + 1;
    while (text.charCodeAt(end) !== 34) end += text.charCodeAt(end) === 92 ? 2 : 1;
    cursor = end + 1;
    items.push({ value, start, end: cursor });
  }
  return { kind: 'strings', items };
}

/**
 * True where text that is no JSON was clearly meant as an exec form: it begins as one, or stands in brackets from end to
 * end and is no test of the shell (`[ -f x ] && y`).
 */
export function looksLikeJsonForm(text: string): boolean {
  const trimmed = text.trim();
  // A test of the shell has a space behind the bracket, and no comma behind its first string.
  if (/^\[["'“]/.test(trimmed) || /^\[\s*(?:"[^"]*"|'[^']*')\s*,/.test(trimmed)) return true;
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']') || trimmed.startsWith('[[')) return false;
  const inner = trimmed.slice(1, -1).trim();
  if (/^!?\s*-[a-zA-Z]\s/.test(inner) || /["'\s](?:==?|!=|=~|-(?:eq|ne|lt|le|gt|ge|nt|ot|a|o))\s/.test(inner))
    return false;
  if (/\]\s*(?:&&|\|\||;)/.test(inner)) return false;
  // `[node app.js]`: there is no program of such a name.
  return /^["'“‘]/.test(inner) || inner.includes(',') || /^\[[\w./-]+\s/.test(trimmed);
}

/**
 * The same for paths, where no shell is in play: brackets around words that only together make a pair. `[ab]*.txt` is a
 * pattern.
 */
export function looksLikeJsonPaths(words: readonly { readonly text: string }[]): boolean {
  const [first, ...rest] = words.map(({ text }) => text);
  if (!first?.startsWith('[') || first.includes(']')) return false;
  return rest.some((text) => /\],?$/.test(text));
}

/** Words as the array that an exec form is written as. */
export function writeJsonForm(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}

/** The array of paths that was very likely meant, those behind the bracket among them; null where that is not sure. */
export function repairJsonPaths(words: readonly { readonly text: string }[]): string | null {
  if (words.length > 100) return null;
  const paths = words
    .flatMap(({ text }) => text.split(','))
    .map((text) => text.replace(/^\[|\]$/g, '').replace(/^(["'])(.*)\1$/, '$2'))
    .filter((text) => text !== '');
  const isPlain = paths.length > 0 && paths.every((path) => /^[\w./@$*{}:+-]+$/.test(path));
  return isPlain ? writeJsonForm(paths) : null;
}

/** The JSON that was very likely meant; null where that is not sure. */
export function repairJsonForm(text: string): string | null {
  const trimmed = text.trim();
  if (!trimmed.endsWith(']') || trimmed.length > 4096) return null;
  const inner = trimmed.slice(1, -1);
  // Strings in quotes of whatever kind, commas between them as they may be.
  if (!/^\s*(?:(?:'[^'"\\]*'|"[^'"\\]*"|“[^“”"'\\]*”)\s*(?:,\s*)?)+$/u.test(inner)) return null;
  const items = inner.matchAll(/'([^']*)'|"([^"]*)"|“([^”]*)”/gu);
  return writeJsonForm([...items].map((match) => match[1] ?? match[2] ?? match[3] ?? ''));
}
