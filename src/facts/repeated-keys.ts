import type { KeyValue, PairsInstruction } from '../dockerfile/ast.js';
import type { StageFacts } from './types.js';

/** A pair of LABEL or ENV, with the later one of the same stage that replaces it. */
export interface RepeatedKey {
  readonly key: string;
  readonly instruction: PairsInstruction;
  readonly pair: KeyValue;
  readonly later: { readonly instruction: PairsInstruction; readonly pair: KeyValue };
}

/** Pairs of a stage whose key is written again below. Keys with variables are passed over. */
export function repeatedKeys({ stage }: StageFacts, keyword: 'LABEL' | 'ENV'): readonly RepeatedKey[] {
  const found: RepeatedKey[] = [];
  const last = new Map<string, { instruction: PairsInstruction; pair: KeyValue }>();
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== keyword) continue;
    for (const pair of instruction.pairs) {
      const key = plainKey(pair.key.text);
      if (key === null) continue;
      const earlier = last.get(key);
      if (earlier) found.push({ key, ...earlier, later: { instruction, pair } });
      last.set(key, { instruction, pair });
    }
  }
  return found;
}

/** Without its quotes; null where it is not certain what it comes to. */
function plainKey(text: string): string | null {
  const key = /^"([^"]*)"$|^'([^']*)'$/.exec(text);
  const bare = key ? (key[1] ?? key[2] ?? '') : text;
  return bare === '' || /[$"'\\`]/.test(bare) ? null : bare;
}
