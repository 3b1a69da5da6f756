/**
 * The value of a variable: a string; null where it is set but its value cannot be known here; undefined where it is not
 * set.
 */
export type Lookup = (name: string) => string | null | undefined;

export interface ExpandOptions {
  readonly escape: '\\' | '`';
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
  | { readonly ok: false; readonly message: string };

/** Expands one word as BuildKit's shell lexer does: quotes removed, variables and their modifiers evaluated. */
export function expandWord(text: string, lookup: Lookup, options: ExpandOptions): ExpandResult {
  return { ok: false, message: `${text}${options.escape}${String(lookup(''))}` };
}
