import { isBlank, isSpace, skipSpace, trimEnd } from './text.js';

/** A word with its place in the text that was split. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Splits at spaces outside quotes, as BuildKit does for ENV, LABEL and ARG; quotes and escapes stay in the words.
 * An escape character at the very end is dropped.
 */
export function parseWords(text: string, escapeCharacter: '\\' | '`', from = 0, to = text.length): Token[] {
  const words: Token[] = [];
  const escapeCode = escapeCharacter.charCodeAt(0);
  let at = from;
  for (;;) {
    at = skipSpace(text, at, to);
    if (at >= to) return words;
    const start = at;
    let quote = 0;
    let dropped = 0;
    while (at < to) {
      const code = text.charCodeAt(at);
      if (code === escapeCode && quote !== 39) {
        if (at + 1 === to) {
          dropped = 1;
          at++;
          break;
        }
        at += 2;
        continue;
      }
      if (quote === 0) {
        if (isSpace(code)) break;
        if (code === 34 || code === 39) quote = code;
      } else if (code === quote) {
        quote = 0;
      }
      at++;
    }
    const end = Math.min(at, to) - dropped;
    if (end > start) words.push({ text: text.slice(start, end), start, end });
  }
}

/** Splits at blanks and nothing else, as BuildKit does for FROM, EXPOSE, COPY, ADD and VOLUME. */
export function splitBlanks(text: string, from = 0, to = text.length): Token[] {
  const words: Token[] = [];
  let at = from;
  while (at < to) {
    while (at < to && isBlank(text.charCodeAt(at))) at++;
    const start = at;
    while (at < to && !isBlank(text.charCodeAt(at))) at++;
    if (at > start) words.push({ text: text.slice(start, at), start, end: at });
  }
  return words;
}

/** A `--flag` before the arguments. Offsets are of the text that was split. */
export interface RawFlag {
  readonly start: number;
  readonly end: number;
  /** As BuildKit sees it: quotes and escapes removed, dashes kept. */
  readonly text: string;
  /** Offset of the `=`; -1 without one. */
  readonly equals: number;
}

export interface CommandParts {
  readonly keywordStart: number;
  readonly keywordEnd: number;
  readonly flags: readonly RawFlag[];
  /** The arguments, trimmed. */
  readonly argumentsStart: number;
  readonly argumentsEnd: number;
}

/** Parts of `text[from..]`: keyword, `--flags`, arguments. */
export function splitCommand(text: string, from = 0): CommandParts {
  const to = trimEnd(text, from, text.length);
  const keywordStart = skipSpace(text, from, to);
  let keywordEnd = keywordStart;
  while (keywordEnd < to && !isBlank(text.charCodeAt(keywordEnd))) keywordEnd++;
  const flags: RawFlag[] = [];
  let at = skipSpace(text, keywordEnd, to);
  while (at + 1 < to && text.charCodeAt(at) === 45 && text.charCodeAt(at + 1) === 45) {
    const flag = readFlag(text, at, to);
    at = skipSpace(text, flag.end, to);
    // A bare `--` ends the flags.
    if (flag.text === '--') break;
    flags.push(flag);
  }
  return { keywordStart, keywordEnd, flags, argumentsStart: at, argumentsEnd: Math.max(at, to) };
}

/** BuildKit reads flags with the backslash as escape whatever the escape directive says. */
function readFlag(text: string, start: number, to: number): RawFlag {
  let at = start;
  let quote = 0;
  let equals = -1;
  let value = '';
  for (; at < to; at++) {
    const code = text.charCodeAt(at);
    if (quote === 0 && isSpace(code)) break;
    if (quote === 0 && (code === 34 || code === 39)) {
      quote = code;
    } else if (quote !== 0 && code === quote) {
      quote = 0;
    } else if (code === 92) {
      at++;
      if (at < to) value += text[at];
    } else {
      if (code === 61 && equals === -1) equals = at;
      value += text[at];
    }
  }
  return { start, end: Math.min(at, to), text: value, equals };
}
