import { isBlank } from './text.js';
import type { Token } from './words.js';

export interface TokenPair {
  readonly key: Token;
  /** Null for `ARG name` alone. */
  readonly value: Token | null;
  readonly legacy: boolean;
}

export interface NameValues {
  readonly pairs: readonly TokenPair[];
  /** What BuildKit refuses; `at` null for the instruction as a whole. */
  readonly problem: {
    readonly kind: 'missing-arguments' | 'invalid-value';
    readonly message: string;
    readonly help: string;
    readonly at: Token | null;
  } | null;
}

/**
 * Reads the arguments of ENV, LABEL or ARG, which `text[from..to]` holds and `words` are the words of. ENV and LABEL
 * whose first word has no `=` are in the old form: one name, and all the rest is its value.
 */
export function parseNameValues(
  text: string,
  words: readonly Token[],
  keyword: 'ENV' | 'LABEL' | 'ARG',
  from = 0,
  to = text.length,
): NameValues {
  const first = words[0];
  if (!first) {
    const help = `write ${keyword} NAME=value`;
    return { pairs: [], problem: { kind: 'missing-arguments', message: `${keyword} names nothing`, help, at: null } };
  }
  if (keyword === 'ARG') return { pairs: words.map(pairOf), problem: null };
  if (!first.text.includes('=')) return parseLegacy(text, keyword, from, to);
  const bare = words.find((word) => !word.text.includes('='));
  return {
    pairs: words.filter((word) => word.text.includes('=')).map(pairOf),
    problem: bare
      ? {
          kind: 'invalid-value',
          message: `\`${bare.text}\` has no \`=\``,
          help: 'put quotes around a value with spaces in it',
          at: bare,
        }
      : null,
  };
}

function pairOf(word: Token): TokenPair {
  const equals = word.text.indexOf('=');
  if (equals === -1) return { key: word, value: null, legacy: false };
  const at = word.start + equals;
  return {
    key: { text: word.text.slice(0, equals), start: word.start, end: at },
    value: { text: word.text.slice(equals + 1), start: at + 1, end: word.end },
    legacy: false,
  };
}

function parseLegacy(text: string, keyword: 'ENV' | 'LABEL', from: number, to: number): NameValues {
  let keyEnd = from;
  while (keyEnd < to && !isBlank(text.charCodeAt(keyEnd))) keyEnd++;
  let valueStart = keyEnd;
  while (valueStart < to && isBlank(text.charCodeAt(valueStart))) valueStart++;
  const key = { text: text.slice(from, keyEnd), start: from, end: keyEnd };
  if (keyEnd === to) {
    return {
      pairs: [{ key, value: null, legacy: true }],
      problem: {
        kind: 'missing-arguments',
        message: `${keyword} \`${key.text}\` has no value`,
        help: `write ${keyword} ${key.text}=value, or ${key.text}= for an empty one`,
        at: key,
      },
    };
  }
  return {
    pairs: [{ key, value: { text: text.slice(valueStart, to), start: valueStart, end: to }, legacy: true }],
    problem: null,
  };
}
