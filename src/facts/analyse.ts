import type { BuildContext } from '../context/types.js';
import type { Document, Instruction, InstructionOf, Word } from '../dockerfile/ast.js';
import type { ExpandResult } from '../dockerfile/expand.js';
import { copiesOfStage } from './copies.js';
import { imageFacts } from './images.js';
import { lazy, remember } from './lazy.js';
import { nodeFacts } from './node.js';
import { seenPorts } from './ports.js';
import { readCommands, readScripts, type ScriptNeighbours } from './scripts.js';
import { buildStageGraph, type StageGraph } from './stages.js';
import type { AnalysisOptions, CommandUse, Facts, ScriptUse, StageFacts } from './types.js';
import { expandIn, globalLookup, globalScope, imageLookup, isPlainWord, stageLookup } from './variables.js';

export interface AnalyseInput {
  readonly document: Document;
  /** Null where there is none. */
  readonly context: BuildContext | null;
  readonly options: AnalysisOptions;
  /** Shell that a comment sets for an instruction, as `# hadolint shell=` does; null: none. */
  shellOverride?(instruction: Instruction): readonly string[] | null;
}

/** Makes the {@link Facts} of one Dockerfile. Costs nothing until something is asked. */
export function analyse({ document, context, options, shellOverride = () => null }: AnalyseInput): Facts {
  const graph = lazy(
    (): StageGraph =>
      buildStageGraph(document, options, {
        image: imageFacts,
        copies: (stage) => copiesOfStage(stage, { context, stateAt, stageNamed, expand: valueIn }),
      }),
  );
  const globals = lazy(() => globalScope(document.preamble, options, document.escape));
  const stateAt = (instruction: Instruction) => graph().stateAt(instruction);
  const stageNamed = (reference: string) => graph().stageNamed(reference);
  const stageOf = (instruction: Instruction): StageFacts | null => graph().stages[instruction.stage] ?? null;
  const expand = (word: Word, at: Instruction): ExpandResult => {
    if (isPlainWord(word.text)) return { ok: true, value: word.text, matched: [], unmatched: [] };
    const stage = stageOf(at);
    const lookup =
      at.keyword === 'FROM' || !stage
        ? globalLookup(globals(), options)
        : stageLookup(stateAt(at), imageLookup(stage.image));
    return expandIn(word.text, lookup, document.escape);
  };
  const valueIn = (word: Word, at: Instruction): string | null => {
    const result = expand(word, at);
    return result.ok ? result.value : null;
  };
  const neighbours: ScriptNeighbours = { stageOf, stateAt, shellOverride };
  const scriptsOf = remember<Instruction, readonly ScriptUse[]>((one) => readScripts(document, one, neighbours));
  const commandsOf = remember<Instruction, readonly CommandUse[]>((one) =>
    readCommands(one, scriptsOf(one), stageOf(one)),
  );
  const byKeyword = lazy(() => indexInstructions(document));
  const index = lazy(() => indexCommands(byKeyword().get('RUN') ?? [], commandsOf));
  const mergedInstructions = rememberList((keywords: readonly Instruction['keyword'][]) =>
    keywords.flatMap((keyword) => byKeyword().get(keyword) ?? []).sort((a, b) => a.span.start - b.span.start),
  );
  const mergedCommands = rememberList((names: readonly string[]) => {
    const wanted = new Set(names.flatMap((name) => index().byName.get(name) ?? []));
    return index().all.filter((use) => wanted.has(use));
  });
  const node = lazy(() => nodeFacts(facts));
  const ports = lazy(() => seenPorts(facts));
  const facts: Facts = {
    memory: new Map(),
    document,
    context,
    options,
    get stages() {
      return graph().stages;
    },
    get target() {
      return graph().target;
    },
    instructions<K extends Instruction['keyword']>(...keywords: readonly K[]) {
      const found = onlyList(byKeyword(), keywords) ?? mergedInstructions(keywords);
      return found as readonly Instruction[] as readonly InstructionOf<K>[];
    },
    commands(...names) {
      if (names.length === 0) return index().all;
      return onlyList(index().byName, names) ?? mergedCommands(names);
    },
    stageOf,
    stateAt,
    expand,
    scriptsOf,
    commandsOf,
    get node() {
      return node();
    },
    get ports() {
      return ports();
    },
  };
  return facts;
}

const NONE: readonly never[] = [];

/** The list of the only key that has one; null where several have, whose lists are to be merged. */
function onlyList<K, V>(lists: ReadonlyMap<K, readonly V[]>, keys: readonly K[]): readonly V[] | null {
  // Most files use one tool of a family, and most rules ask for all of them.
  let found: readonly V[] = NONE;
  for (const key of keys) {
    const list = lists.get(key);
    if (!list) continue;
    if (found !== NONE) return null;
    found = list;
  }
  return found;
}

/** A function of a list of names, which many rules ask for. */
function rememberList<K extends string, V>(compute: (names: readonly K[]) => V): (names: readonly K[]) => V {
  const known = new Map<string, V>();
  return (names) => {
    const key = names.join(' ');
    let value = known.get(key);
    if (value === undefined) {
      value = compute(names);
      known.set(key, value);
    }
    return value;
  };
}

interface CommandIndex {
  readonly all: readonly CommandUse[];
  readonly byName: ReadonlyMap<string, readonly CommandUse[]>;
}

/** Instructions by keyword; a trigger stands beside its ONBUILD. */
function indexInstructions(document: Document): ReadonlyMap<Instruction['keyword'], readonly Instruction[]> {
  const index = new Map<Instruction['keyword'], Instruction[]>();
  const add = (instruction: Instruction): void => {
    const known = index.get(instruction.keyword);
    if (known) known.push(instruction);
    else index.set(instruction.keyword, [instruction]);
  };
  for (const instruction of document.instructions) {
    add(instruction);
    if (instruction.keyword === 'ONBUILD' && instruction.trigger) add(instruction.trigger);
  }
  return index;
}

function indexCommands(
  runs: readonly Instruction[],
  commandsOf: (instruction: Instruction) => readonly CommandUse[],
): CommandIndex {
  const all: CommandUse[] = [];
  const byName = new Map<string, CommandUse[]>();
  const add = (name: string, use: CommandUse): void => {
    const uses = byName.get(name);
    if (uses) uses.push(use);
    else byName.set(name, [use]);
  };
  for (const instruction of runs) {
    for (const use of commandsOf(instruction)) {
      all.push(use);
      add(use.command.name, use);
      if (use.command.tool !== null && use.command.tool !== use.command.name) add(use.command.tool, use);
    }
  }
  return { all, byName };
}
