import type { Instruction, KeyValue, Word } from '../dockerfile/ast.js';
import { expandWord } from '../dockerfile/expand.js';
import { textAt } from '../model/source.js';
import type { Span } from '../model/span.js';
import { expandedWords, mayHoldVariable, plainUse } from './expanded-words.js';
import { memoise } from './lazy.js';
import { isMentioned, mentionsOf } from './mentions.js';
import { imageMaySet, shellUses } from './shell-uses.js';
import type { Facts, StageFacts } from './types.js';
import { PLATFORM_ARGS } from './variables.js';

/** A variable that an instruction uses, although the ARG that was to set it does not reach its stage. */
export interface LostArgument {
  readonly name: string;
  readonly stage: StageFacts;
  readonly instruction: Instruction;
  /** The variable with its `$`. */
  readonly span: Span;
  /** True where the shell of a RUN sees no value, false where BuildKit puts nothing in its place. */
  readonly inShell: boolean;
  /** Where it is declared; null for one that BuildKit declares itself. */
  readonly declared: KeyValue | null;
  /** Declared before the first FROM, or by BuildKit: one ARG line brings it into a stage. */
  readonly isGlobal: boolean;
}

/** The first use of each such variable in each stage, in order. */
export function lostArguments(facts: Facts): readonly LostArgument[] {
  if (facts.instructions('ARG').length === 0 && !/\$\{?(?:TARGET|BUILD)/.test(facts.document.source.text)) return [];
  const globals = new Map<string, KeyValue>();
  const elsewhere = new Map<string, { readonly stage: number; readonly pair: KeyValue }[]>();
  for (const instruction of facts.document.instructions) {
    if (instruction.keyword !== 'ARG') continue;
    for (const pair of instruction.pairs) {
      const name = pair.key.text;
      if (instruction.stage === -1) globals.set(name, pair);
      else {
        const known = elsewhere.get(name);
        if (known) known.push({ stage: instruction.stage, pair });
        else elsewhere.set(name, [{ stage: instruction.stage, pair }]);
      }
    }
  }
  const named = mentionsOf(facts);
  const candidates = [...new Set([...globals.keys(), ...elsewhere.keys(), ...PLATFORM_ARGS])].filter((name) =>
    named.has(name),
  );
  if (candidates.length === 0) return [];
  const found: LostArgument[] = [];
  for (const stage of facts.stages) {
    if (stage.image.windows) continue;
    const lost = new Set(candidates.filter((name) => mayLack(name, stage, facts)));
    if (lost.size === 0) continue;
    const isLost = (name: string) => lost.has(name);
    const seen = new Set<string>();
    for (const instruction of stage.stage.instructions) {
      for (const { name, span, inShell } of usesOf(instruction, isLost, facts)) {
        const isGlobal = globals.has(name) || PLATFORM_ARGS.has(name);
        const other = elsewhere.get(name)?.find((one) => one.stage !== stage.index)?.pair;
        const declared = globals.get(name) ?? (isGlobal ? null : (other ?? null));
        // One that comes too late in the stage itself is another matter.
        if (seen.has(name) || (!declared && !isGlobal) || isInScope(name, instruction, facts)) continue;
        seen.add(name);
        if (!imageMaySet(stage.image, name) && !setByTrigger(name, stage, facts))
          found.push({ name, stage, instruction, span, inShell, declared, isGlobal });
      }
    }
  }
  return found;
}

/** True where the stage names it anywhere but behind an ARG or ENV of its own. */
function mayLack(name: string, { stage, final }: StageFacts, facts: Facts): boolean {
  const by = (final.env.get(name) ?? final.args.get(name))?.by;
  const isOwn = by?.stage === stage.index;
  if (by && !isOwn) return false;
  return isMentioned(name, stage.span.start, by && isOwn ? by.span.end : stage.span.end, facts);
}

interface Use {
  readonly name: string;
  readonly span: Span;
  readonly inShell: boolean;
}

function* usesOf(instruction: Instruction, isArgument: (name: string) => boolean, facts: Facts): Generator<Use> {
  if (instruction.keyword === 'RUN') {
    if (!instruction.mounts.some(({ options }) => options.has('env'))) {
      for (const found of shellUses(instruction, isArgument, facts)) yield { ...found, inShell: true };
    }
    return;
  }
  if (!mayHoldVariable(instruction, facts.document)) return;
  for (const word of expandedWords(instruction)) {
    if (!word.text.includes('$')) continue;
    for (const name of namesIn(word, facts).filter(isArgument)) {
      const at = plainUse(textAt(facts.document.source, word.span), name);
      if (!at || !plainUse(word.text, name)) continue;
      const { start } = word.span;
      yield { name, span: { start: start + at.start, end: start + at.end }, inShell: false };
    }
  }
}

function namesIn(word: Word, { document }: Facts): readonly string[] {
  const result = expandWord(word.text, () => undefined, { escape: document.escape });
  return result.ok ? result.unmatched : [];
}

/** True where an ONBUILD of a stage that this one is built on declares or sets it. */
function setByTrigger(name: string, { parent }: StageFacts, facts: Facts): boolean {
  const stages = settersByTrigger(facts).get(name);
  if (!stages) return false;
  for (let one: StageFacts | null = parent; one; one = one.parent) if (stages.has(one.index)) return true;
  return false;
}

/** The stages with an ONBUILD that declares or sets a variable, by its name. */
const settersByTrigger = memoise((facts: Facts): ReadonlyMap<string, ReadonlySet<number>> => {
  const found = new Map<string, Set<number>>();
  for (const { onbuild, stage, pairs } of facts.instructions('ARG', 'ENV')) {
    if (!onbuild) continue;
    for (const { key } of pairs) {
      const known = found.get(key.text);
      if (known) known.add(stage);
      else found.set(key.text, new Set([stage]));
    }
  }
  return found;
});

function isInScope(name: string, instruction: Instruction, facts: Facts): boolean {
  const { env, args } = facts.stateAt(instruction);
  return env.get(name) !== undefined || args.get(name) !== undefined;
}

/** A variable of the shipped image's command that only an ARG sets, which is gone when the container starts. */
export interface EndedArgument {
  readonly name: string;
  readonly instruction: Instruction;
  readonly span: Span;
  readonly declared: KeyValue;
}

/** Of ARGs with a default, which says that there was to be a value without any `docker run --env`. */
export function endedArguments(facts: Facts): readonly EndedArgument[] {
  const { target } = facts;
  if (!target || target.image.windows || facts.instructions('ARG').length === 0) return [];
  const found = new Map<string, EndedArgument>();
  const { env, args } = target.final;
  const isEnded = (name: string) =>
    args.get(name) !== undefined && env.get(name) === undefined && !imageMaySet(target.image, name);
  for (const instruction of [target.entrypoint, target.cmd, target.healthcheck]) {
    if (!instruction) continue;
    for (const { name, span } of shellUses(instruction, isEnded, facts)) {
      const by = args.get(name)?.by;
      const declared = by?.keyword === 'ARG' ? by.pairs.findLast(({ key }) => key.text === name) : undefined;
      if (declared?.value && !found.has(name)) found.set(name, { name, instruction, span, declared });
    }
  }
  return [...found.values()];
}
