import type { KeyValue, PairsInstruction } from '../dockerfile/ast.js';
import type { StageFacts } from './types.js';

/** A pair of LABEL or ENV, with the later one of the same stage that replaces it. */
export interface RepeatedKey {
  readonly key: string;
  readonly instruction: PairsInstruction;
  readonly pair: KeyValue;
  readonly later: { readonly instruction: PairsInstruction; readonly pair: KeyValue };
  /** True where a RUN stands between them, which has both in its environment, or something that may be one. */
  readonly runBetween: boolean;
}

/** Pairs of a stage whose key is written again below. Keys with variables are passed over. */
export function repeatedKeys({ stage }: StageFacts, keyword: 'LABEL' | 'ENV'): readonly RepeatedKey[] {
  const found: RepeatedKey[] = [];
  const last = new Map<string, { instruction: PairsInstruction; pair: KeyValue; place: number }>();
  let lastRun = -1;
  for (const [place, instruction] of stage.instructions.entries()) {
    if (instruction.keyword === 'RUN' || instruction.keyword === 'ONBUILD' || instruction.keyword === 'UNKNOWN')
      lastRun = place;
    if (instruction.keyword !== keyword) continue;
    for (const pair of instruction.pairs) {
      const key = plainKey(pair.key.text);
      if (key === null) continue;
      const earlier = last.get(key);
      if (earlier) {
        const runBetween = lastRun > earlier.place;
        found.push({
          key,
          instruction: earlier.instruction,
          pair: earlier.pair,
          later: { instruction, pair },
          runBetween,
        });
      }
      last.set(key, { instruction, pair, place });
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
