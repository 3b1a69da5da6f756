import type { FromInstruction, KeyValue, Word } from '../dockerfile/ast.js';
import { expandWord, type Lookup } from '../dockerfile/expand.js';
import { parseImageReference } from '../dockerfile/image-reference.js';
import { checkPlatform } from '../dockerfile/platform.js';
import { textAt } from '../model/source.js';
import { memoise } from './lazy.js';
import type { Facts } from './types.js';
import { globalLookup, globalScope, PLATFORM_ARGS } from './variables.js';

/** A word of FROM that holds a variable. */
export interface FromWord {
  readonly from: FromInstruction;
  readonly word: Word;
  readonly kind: 'image' | 'platform';
}

/** The words of all FROM lines that BuildKit expands and that hold a variable. */
export function fromWords(facts: Facts): readonly FromWord[] {
  return facts.document.stages.flatMap(({ from }) => {
    if (!textAt(facts.document.source, from.span).includes('$')) return NONE;
    const platform = from.flags.find(({ name }) => name === 'platform')?.value ?? null;
    const words: readonly FromWord[] = [
      ...(platform ? [{ from, word: platform, kind: 'platform' as const }] : []),
      ...(from.image ? [{ from, word: from.image, kind: 'image' as const }] : []),
    ];
    return words.filter(({ word }) => word.text.includes('$'));
  });
}

const NONE: readonly FromWord[] = [];

/** The ARGs before the first FROM; of two of one name, the first. */
export const globalArguments = memoise((facts: Facts): ReadonlyMap<string, KeyValue> => {
  const pairs = facts.document.preamble.flatMap((one) => (one.keyword === 'ARG' ? one.pairs : []));
  return new Map(pairs.toReversed().map((pair) => [pair.key.text, pair]));
});

/** Names that FROM lines may use. */
export const fromNames = memoise((facts: Facts): readonly string[] => [
  ...new Set([...globalArguments(facts).keys(), ...PLATFORM_ARGS]),
]);

const scopeOf = memoise(({ document, options }: Facts) => globalScope(document.preamble, options, document.escape));

const scopeByDefault = memoise(({ document, options }: Facts) =>
  globalScope(document.preamble, { ...options, buildArgs: new Map() }, document.escape),
);

const stageNames = memoise(
  ({ document }: Facts): ReadonlySet<string> => new Set(document.stages.flatMap(({ name }) => name ?? [])),
);

/** Variables of the word that nothing before the first FROM declares; each once. */
export function undeclaredIn({ word }: FromWord, facts: Facts): readonly string[] {
  const { document, options } = facts;
  const result = expandWord(word.text, globalLookup(scopeOf(facts), options), { escape: document.escape });
  return result.ok ? result.unmatched : [];
}

/**
 * What a word comes to in a build without `--build-arg`, where an ARG without a default is empty; null where the machine
 * that builds decides, or BuildKit refuses the word (`${X:?}`).
 */
export function valueByDefault({ word }: FromWord, facts: Facts): string | null {
  const { document } = facts;
  const scope = scopeByDefault(facts);
  const lookup: Lookup = (name) => {
    const setting = scope.get(name);
    // Not declared, or declared without a default: both are empty. Platforms are the machine's.
    if (!setting) return PLATFORM_ARGS.has(name) ? null : undefined;
    return setting.value ?? undefined;
  };
  const result = expandWord(word.text, lookup, { escape: document.escape });
  return result.ok ? result.value : null;
}

/** True for a value that makes BuildKit stop. */
export function stopsBuild(kind: FromWord['kind'], value: string, facts: Facts): boolean {
  if (kind === 'platform') return value === '' || !checkPlatform(value).ok;
  if (value === 'scratch' || stageNames(facts).has(value.toLowerCase())) return false;
  return !parseImageReference(value).ok;
}
