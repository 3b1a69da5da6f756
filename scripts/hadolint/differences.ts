import { readdirSync, readFileSync } from 'node:fs';

/**
 * Where the preset `hadolint` knowingly answers otherwise than hadolint does, and why its users would welcome that. One
 * file of `differences/` each; `test/hadolint.test.ts` holds them against hadolint's own expectations, and docs/hadolint.md
 * shows them.
 */
export interface Difference {
  /** The name of its file. */
  readonly id: string;
  /** What differs, in a sentence. */
  readonly title: string;
  /** Why that is better for who comes from hadolint. */
  readonly reason: string;
  /** Codes that it is about. */
  readonly codes: readonly string[];
  /** Ids in `hadolint-rules.json`. */
  readonly cases: readonly string[];
  /** `FILE:LINE:CODE` in the corpus, findings that only one of the two has. */
  readonly corpus: readonly string[];
}

/** All of them, sorted by name. */
export function readDifferences(): readonly Difference[] {
  const folder = new URL('differences/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ id: name.slice(0, -5), ...JSON.parse(readFileSync(new URL(name, folder), 'utf8')) }));
}
