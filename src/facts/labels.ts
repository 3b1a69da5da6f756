import type { KeyValue, PairsInstruction } from '../dockerfile/ast.js';
import type { Facts } from './types.js';

/** One label of a LABEL instruction. */
export interface LabelUse {
  /** Quotes removed, variables expanded; null where it is not known. */
  readonly key: string | null;
  readonly pair: KeyValue;
  readonly instruction: PairsInstruction;
}

/** Every label of the file in order, those of ONBUILD among them. */
export function labelsOf(facts: Facts): readonly LabelUse[] {
  return facts
    .instructions('LABEL')
    .flatMap((instruction) =>
      instruction.pairs.map((pair) => ({ key: expanded(pair.key, instruction, facts), pair, instruction })),
    );
}

/**
 * What a label says in every build of this file; null where that is not known. A build argument's default is a stand-in
 * for what `--build-arg` brings (`ARG CREATED=unknown`) and so not known, unless this run was given the argument.
 */
export function certainValue({ pair, instruction }: LabelUse, facts: Facts): string | null {
  if (!pair.value) return null;
  const result = facts.expand(pair.value, instruction);
  if (!result.ok || result.value === null) return null;
  const { env } = facts.stateAt(instruction);
  const isCertain = (name: string): boolean => {
    const by = env.get(name)?.by;
    if (!by) return facts.options.buildArgs.has(name);
    return 'pairs' in by && by.pairs.every(({ key, value }) => key.text !== name || !value?.text.includes('$'));
  };
  return [...result.matched, ...result.unmatched].every(isCertain) ? result.value : null;
}

function expanded(word: KeyValue['key'], instruction: PairsInstruction, facts: Facts): string | null {
  const result = facts.expand(word, instruction);
  return result.ok ? result.value : null;
}
