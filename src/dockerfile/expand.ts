import { expandText, type Lookup, type Refusal, TooLarge } from './lexer.js';

export type { Lookup } from './lexer.js';

export interface ExpandOptions {
  readonly escape: '\\' | '`';
  /** `windows` compares names of variables without regard to case; the lookup is then asked with names in upper case. */
  readonly platform?: 'unix' | 'windows';
  /** True leaves quotes as they are and expands between them, as the body of a COPY heredoc is read. */
  readonly keepQuotes?: boolean;
}

export type ExpandResult =
  | {
      readonly ok: true;
      /** Null where a variable of unknown value takes part in it. */
      readonly value: string | null;
      /** Variables that were looked up and are set, and those that are not; each once, in order. */
      readonly matched: readonly string[];
      readonly unmatched: readonly string[];
    }
  | Refusal;

export type ExpandWordsResult =
  | { readonly ok: true; readonly words: readonly string[] | null }
  | { readonly ok: false; readonly message: string };

/**
 * Expands one word as BuildKit's shell lexer does: quotes removed, variables and their modifiers evaluated.
 * {@link https://docs.docker.com/reference/dockerfile/#environment-replacement}
 */
export function expandWord(text: string, lookup: Lookup, options: ExpandOptions): ExpandResult {
  // Nearly every word is plain, and plain text means itself.
  if (!/[$'"\\`]/.test(text)) return { ok: true, value: text, matched: [], unmatched: [] };
  const result = run(text, lookup, options);
  if (!result.ok) return result;
  return { ok: true, value: result.value, matched: result.matched, unmatched: result.unmatched };
}

/** Like {@link expandWord}, and splits the outcome at spaces outside quotes, as EXPOSE is read. */
export function expandWords(text: string, lookup: Lookup, options: ExpandOptions): ExpandWordsResult {
  const result = run(text, lookup, options);
  if (!result.ok) return result;
  return { ok: true, words: result.value === null ? null : result.words.map((word) => word.text) };
}

function run(text: string, lookup: Lookup, options: ExpandOptions) {
  try {
    return expandText(text, {
      escape: options.escape,
      lookup: options.platform === 'windows' ? (name) => lookup(name.toUpperCase()) : lookup,
      keepQuotes: options.keepQuotes ?? false,
      raw: false,
      keepUnset: false,
    });
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return { ok: true as const, value: null, words: [], matched: [], unmatched: [] };
  }
}
