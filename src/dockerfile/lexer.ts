import { isPattern, removePrefix, removeSuffix, replacePattern } from './shell-pattern.js';
import { isSpace } from './text.js';
import type { Token } from './words.js';

/**
 * Thrown where expansions nest deeper than any person writes, or add up to more text than a variable can hold; the caller
 * treats the value as unknown.
 */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/**
 * The value of a variable: a string; null where it is set but its value cannot be known here; undefined where it is not
 * set.
 */
export type Lookup = (name: string) => string | null | undefined;

export interface LexOptions {
  readonly escape: '\\' | '`';
  readonly lookup: Lookup;
  /** Quotes are no quotes: they stay, and variables between them are expanded. */
  readonly keepQuotes: boolean;
  /** Quotes and escapes stay in the outcome. */
  readonly raw: boolean;
  /** Variables that are not set stay as written. */
  readonly keepUnset: boolean;
}

export type LexResult =
  | {
      readonly ok: true;
      readonly value: string | null;
      /** Split at spaces outside quotes; offsets are of the text that was given. */
      readonly words: readonly Token[];
      readonly matched: readonly string[];
      readonly unmatched: readonly string[];
    }
  | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly message: string;
  /** What is refused, in the text that was given. */
  readonly start: number;
  readonly end: number;
}

/** A refusal of BuildKit's lexer; never leaves this file. */
class Refused extends Error {
  /** Where the construct begins. */
  start = -1;
  end = -1;
}

const MAX_DEPTH = 200;
/**
 * Windows takes no longer variable, Linux none of four times that. A few lines that double a variable would otherwise fill
 * the memory.
 */
const MAX_VALUES = 32_767;

/** BuildKit's shell lexer. {@link https://github.com/moby/buildkit/blob/master/frontend/dockerfile/shell/lex.go} */
export function expandText(text: string, options: LexOptions): LexResult {
  const state: State = {
    text,
    options,
    at: 0,
    depth: 0,
    taken: 0,
    rawEscapes: options.raw,
    unknown: false,
    matched: new Set(),
    unmatched: new Set(),
  };
  const words = new WordList();
  try {
    const value = readUntil(state, null, options.raw, words);
    words.finish();
    return {
      ok: true,
      value: state.unknown ? null : value,
      words: words.words,
      matched: [...state.matched],
      unmatched: [...state.unmatched],
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { message, start, end } = error;
    return { ok: false, message, start, end: Math.max(end, start + 1) };
  }
}

interface State {
  readonly text: string;
  readonly options: LexOptions;
  at: number;
  depth: number;
  /** Length of the values that were looked up. */
  taken: number;
  rawEscapes: boolean;
  /** Set once a variable of unknown value took part. */
  unknown: boolean;
  readonly matched: Set<string>;
  readonly unmatched: Set<string>;
}

/** Collects words while text is added: plain characters split at spaces, raw text does not. */
class WordList {
  readonly words: Token[] = [];
  private word = '';
  private inWord = false;
  private start = 0;
  private end = 0;

  addPlain(text: string, start: number, end: number): void {
    for (const char of text) {
      if (!isSpace(char.codePointAt(0) ?? 0)) this.addRaw(char, start, end);
      else if (this.inWord) this.finish();
    }
  }

  addRaw(text: string, start: number, end: number): void {
    if (!this.inWord) this.start = start;
    this.word += text;
    this.end = end;
    this.inWord = true;
  }

  finish(): void {
    // An empty quoted word leaves `inWord` set, so that what follows continues it: so does BuildKit.
    if (this.word === '') return;
    this.words.push({ text: this.word, start: this.start, end: this.end });
    this.word = '';
    this.inWord = false;
  }
}

function readUntil(state: State, stop: string | null, rawEscapes: boolean, words: WordList | null): string {
  if (++state.depth > MAX_DEPTH) throw new TooLarge();
  const outer = state.rawEscapes;
  state.rawEscapes = rawEscapes;
  const { text, options } = state;
  let out = '';
  while (state.at < text.length) {
    const start = state.at;
    const char = text[start] as string;
    if (char === stop) {
      state.at++;
      state.depth--;
      state.rawEscapes = outer;
      return out;
    }
    if (char === '$') {
      const value = readDollar(state);
      out += value;
      words?.addPlain(value, start, state.at);
    } else if ((char === "'" || char === '"') && !options.keepQuotes) {
      const value = char === "'" ? readSingleQuoted(state) : readDoubleQuoted(state);
      out += value;
      words?.addRaw(value, start, state.at);
    } else if (char === options.escape) {
      const next = codePointAt(text, start + 1);
      const kept = (state.rawEscapes ? char : '') + next;
      state.at += 1 + next.length;
      out += kept;
      if (kept !== '') words?.addRaw(kept, start, state.at);
    } else {
      const plain = codePointAt(text, start);
      state.at += plain.length;
      out += plain;
      words?.addPlain(plain, start, state.at);
    }
  }
  if (stop !== null) throw new Refused(`\`${stop}\` is missing`);
  state.depth--;
  state.rawEscapes = outer;
  return out;
}

function readSingleQuoted(state: State): string {
  const { text, options } = state;
  const end = text.indexOf("'", state.at + 1);
  if (end === -1) throw unclosedQuote('the single quote is not closed', state.at);
  const value = options.raw ? text.slice(state.at, end + 1) : text.slice(state.at + 1, end);
  state.at = end + 1;
  return value;
}

function readDoubleQuoted(state: State): string {
  const { text, options } = state;
  const start = state.at;
  let out = options.raw ? '"' : '';
  state.at++;
  while (state.at < text.length) {
    const char = text[state.at] as string;
    if (char === '"') {
      state.at++;
      return options.raw ? `${out}"` : out;
    }
    if (char === '$') {
      out += readDollar(state);
    } else if (char === options.escape) {
      if (state.rawEscapes) out += char;
      const next = text[state.at + 1];
      if (next === '"' || next === '$' || next === options.escape) {
        out += next;
        state.at += 2;
      } else {
        // At the end of the text it is dropped; before any other character it stands for itself.
        if (next !== undefined) out += char;
        state.at++;
      }
    } else {
      out += char;
      state.at++;
    }
  }
  throw unclosedQuote('the double quote is not closed', start);
}

function unclosedQuote(message: string, start: number): Refused {
  const refused = new Refused(message);
  refused.start = start;
  refused.end = start + 1;
  return refused;
}

/** Reads from `$`; a refusal that has no place yet gets this one. */
function readDollar(state: State): string {
  const start = state.at;
  try {
    return readVariable(state);
  } catch (error) {
    if (error instanceof Refused && error.start === -1) {
      error.start = start;
      error.end = endOfVariable(state.text, start, state.at);
    }
    throw error;
  }
}

/** The closing brace where one is near, else the end of the line at the latest. */
function endOfVariable(text: string, start: number, at: number): number {
  const rest = /[^}\s]{0,40}\}/y;
  rest.lastIndex = at;
  const closing = text[at - 1] === '}' ? null : rest.exec(text);
  const newline = text.indexOf('\n', start);
  const end = at + (closing?.[0].length ?? 0);
  return newline === -1 ? end : Math.min(end, newline);
}

function readVariable(state: State): string {
  const { text, options } = state;
  state.at++;
  if (text[state.at] !== '{') {
    const name = readName(state);
    if (name === '') return '$';
    const value = knownValue(state, name);
    if (value === undefined) return options.keepUnset ? `$${name}` : '';
    return value;
  }
  state.at++;
  const first = text[state.at];
  if (first === undefined) throw new Refused('`${` is not closed');
  if (first === '{' || first === '}' || first === ':') throw new Refused(`\`\${${first}\` names no variable`);
  const name = readName(state);
  const modifierStart = state.at;
  let modifier = codePointAt(text, state.at);
  state.at += modifier.length;
  if (modifier === '}') {
    const value = knownValue(state, name);
    if (value === undefined) return options.keepUnset ? `\${${name}}` : '';
    return value;
  }
  if (modifier === '/') return readReplacement(state, name);
  const nullIsUnset = modifier === ':';
  if (nullIsUnset) {
    modifier = codePointAt(text, state.at);
    state.at += modifier.length;
  }
  const written = text.slice(modifierStart, state.at);
  if (!nullIsUnset && !/^[-+?#%]$/.test(modifier)) {
    if (written === '') throw new Refused('`${` is not closed');
    throw new Refused(unsupported(name, written));
  }
  return applyModifier(state, name, modifier, nullIsUnset, written);
}

function applyModifier(state: State, name: string, modifier: string, nullIsUnset: boolean, written: string): string {
  const takesPattern = modifier === '#' || modifier === '%';
  const unknownBefore = state.unknown;
  state.unknown = false;
  const word = readUntil(state, '}', takesPattern, null);
  const wordUnknown = state.unknown;
  state.unknown = unknownBefore;
  const value = lookUp(state, name);
  if (state.options.keepUnset && value === undefined) return `\${${name}${written}${word}}`;
  const isUnset = value === undefined || (nullIsUnset && value === '');
  const takeWord = (): string => {
    if (wordUnknown) state.unknown = true;
    return word;
  };
  const takeUnknown = (): string => {
    state.unknown = true;
    return '';
  };
  switch (modifier) {
    case '-':
      if (isUnset) return takeWord();
      return value === null ? takeUnknown() : value;
    case '+':
      if (isUnset) return '';
      // Set, but perhaps to the empty string.
      if (value === null && nullIsUnset && (word !== '' || wordUnknown)) return takeUnknown();
      return takeWord();
    case '?':
      if (isUnset) throw new Refused(`${name}: ${word || `is not allowed to be ${value === '' ? 'empty' : 'unset'}`}`);
      return value === null ? takeUnknown() : value;
    case '#':
    case '%': {
      if (nullIsUnset) throw new Refused(unsupported(name, written));
      const longest = word.startsWith(modifier);
      const pattern = longest ? word.slice(1) : word;
      checkEscapes(pattern, wordUnknown);
      if (value === null || wordUnknown) return takeUnknown();
      const remove = modifier === '#' ? removePrefix : removeSuffix;
      return checkPattern(state, remove(value ?? '', pattern, longest), pattern);
    }
    default:
      throw new Refused(unsupported(name, written));
  }
}

/** `${name/pattern/replacement}` and `${name//pattern/replacement}`. */
function readReplacement(state: State, name: string): string {
  const { text, options } = state;
  const all = text[state.at] === '/';
  if (all) state.at++;
  const unknownBefore = state.unknown;
  state.unknown = false;
  const pattern = readUntil(state, '/', true, null);
  const replacement = readUntil(state, '}', true, null);
  const wordUnknown = state.unknown;
  state.unknown = unknownBefore;
  const value = lookUp(state, name);
  if (options.keepUnset && value === undefined) return `\${${name}/${pattern}/${replacement}}`;
  checkEscapes(pattern, wordUnknown);
  if (value === null || (wordUnknown && value !== undefined)) {
    state.unknown = true;
    return '';
  }
  return checkPattern(state, replacePattern(value ?? '', pattern, replacement, all), pattern);
}

/** A pattern is refused whatever the value is, where all of the pattern is known. */
function checkEscapes(pattern: string, isUnknown: boolean): void {
  if (!isUnknown && !isPattern(pattern)) throw new Refused(`\`${pattern}\` is not a pattern that BuildKit takes`);
}

function checkPattern(state: State, result: string | null | undefined, pattern: string): string {
  checkEscapes(pattern, result !== undefined);
  if (result === null) state.unknown = true;
  return result ?? '';
}

function unsupported(name: string, modifier: string): string {
  return `\`\${${name}${modifier}...}\` uses a modifier that BuildKit does not have`;
}

function knownValue(state: State, name: string): string | undefined {
  const value = lookUp(state, name);
  if (value === null) state.unknown = true;
  return value === null ? '' : value;
}

function lookUp(state: State, name: string): string | null | undefined {
  const value = state.options.lookup(name);
  (value === undefined ? state.unmatched : state.matched).add(name);
  state.taken += value?.length ?? 0;
  if (state.taken > MAX_VALUES) throw new TooLarge();
  return value;
}

/** Letters, digits and `_`; digits alone where the first is one; or one special parameter. */
function readName(state: State): string {
  const match = /(?:\p{Nd}+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*)?/uy;
  match.lastIndex = state.at;
  const name = match.exec(state.text)?.[0] ?? '';
  state.at += name.length;
  return name;
}

function codePointAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}
