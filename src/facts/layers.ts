import type {
  AddInstruction,
  CopyInstruction,
  FromInstruction,
  Instruction,
  RunInstruction,
} from '../dockerfile/ast.js';
import { copiesByInstruction } from './copies.js';
import { keyScopes, type NamedInput } from './key-scope.js';
import { lazy, memoise, remember } from './lazy.js';
import type { CopyFacts, Facts, StageFacts } from './types.js';
import { type Work, workOf } from './work.js';

/**
 * One step of the build that has a cache key of its own. Everything else in a Dockerfile only changes the image's
 * configuration (LABEL, EXPOSE, CMD ...) or what later keys are made of (ENV, ARG, USER, SHELL).
 *
 * BuildKit makes the key of a step from the key of the step below it, the step's own definition after expansion, and the
 * content (not the times) of the files that it takes from elsewhere. {@link https://docs.docker.com/build/cache/invalidation/}
 */
export interface Layer {
  readonly kind: 'from' | 'run' | 'copy' | 'workdir';
  readonly instruction: FromInstruction | RunInstruction | CopyInstruction | AddInstruction | Instruction;
  readonly stage: StageFacts;
  /** Position among the layers of the file. */
  readonly index: number;
  /** The step that it is put on; null for the FROM of an image. A FROM of a stage is put on the last step of that. */
  readonly parent: Layer | null;
  /** For COPY and ADD. */
  readonly copy: CopyFacts | null;
  /** `COPY --link` without `--chmod`: its own key has no part of the layers below; what comes after it has. */
  readonly linked: boolean;
  /** What a RUN does that takes time. */
  readonly work: readonly Work[];
  readonly inputs: LayerInputs;
}

/** What the cache key of a layer is made of, beside the layer below it. */
export interface LayerInputs {
  /** Build arguments whose value is part of the key, each with the ARG that brings it into scope. */
  readonly args: readonly NamedInput[];
  /** Variables of ENV whose value is part of the key. */
  readonly env: readonly NamedInput[];
  /** USER, SHELL and WORKDIR that are part of the key. */
  readonly settings: readonly Instruction[];
  /** Files whose content is part of the key. */
  readonly files: readonly FileInput[];
  /** Addresses that ADD fetches. */
  readonly remotes: readonly string[];
}

export interface FileInput {
  /** As written, after expansion; null where a variable has no known value. */
  readonly source: string | null;
  readonly from: 'context' | 'stage' | 'image';
  /** For `stage`. */
  readonly stage: StageFacts | null;
  /** Whether COPY, ADD or a `RUN --mount=type=bind` brings them. */
  readonly by: 'copy' | 'mount';
}

export interface Layers {
  /** In order of the file, those of stages that the target does not need among them. */
  readonly all: readonly Layer[];
  /** The layer of an instruction; null where it has none. */
  of(instruction: Instruction): Layer | null;
  /** Layers of a stage, without those that it is built on. */
  inStage(stage: StageFacts): readonly Layer[];
}

/** The layers of a Dockerfile; computed when first asked for. Triggers of ONBUILD belong to another build. */
export const layersOf = memoise((facts: Facts): Layers => {
  const all: Layer[] = [];
  const byInstruction = new Map<Instruction, Layer>();
  const byStage = new Map<StageFacts, Layer[]>();
  for (const stage of facts.stages) {
    const own: Layer[] = [];
    const copies = copiesByInstruction(stage);
    let below = stage.parent ? (byStage.get(stage.parent)?.at(-1) ?? null) : null;
    for (const instruction of stage.stage.instructions) {
      const kind = kindOf(instruction, facts);
      if (kind === null) continue;
      const layer = createLayer(kind, instruction, stage, all.length, below, copies.get(instruction) ?? null, facts);
      all.push(layer);
      own.push(layer);
      byInstruction.set(instruction, layer);
      below = layer;
    }
    byStage.set(stage, own);
  }
  return {
    all,
    of: (instruction) => byInstruction.get(instruction) ?? null,
    inStage: (stage) => byStage.get(stage) ?? [],
  };
});

function kindOf(instruction: Instruction, facts: Facts): Layer['kind'] | null {
  switch (instruction.keyword) {
    case 'FROM':
      return 'from';
    case 'RUN':
      return 'run';
    case 'COPY':
    case 'ADD':
      return 'copy';
    case 'WORKDIR':
      return isRoot(instruction, facts) ? null : 'workdir';
    default:
      return null;
  }
}

/** `WORKDIR /` makes no directory, and so no layer. */
function isRoot(instruction: Instruction, facts: Facts): boolean {
  const word = instruction.words[0];
  const expanded = word ? facts.expand(word, instruction) : null;
  return expanded?.ok === true && expanded.value !== null && /^\/+$/.test(expanded.value);
}

function createLayer(
  kind: Layer['kind'],
  instruction: Instruction,
  stage: StageFacts,
  index: number,
  parent: Layer | null,
  copy: CopyFacts | null,
  facts: Facts,
): Layer {
  const work = lazy(() => (instruction.keyword === 'RUN' ? workOf(instruction, facts) : []));
  const inputs = lazy(() => inputsOf(instruction, copy, facts));
  return {
    kind,
    instruction,
    stage,
    index,
    parent,
    copy,
    linked: copy !== null && isLinked(instruction),
    get work() {
      return work();
    },
    get inputs() {
      return inputs();
    },
  };
}

/** BuildKit puts a COPY with `--chmod` on what is below it, whatever `--link` says. */
function isLinked({ flags }: Instruction): boolean {
  const has = (name: string): boolean => flags.some((flag) => flag.name === name && flag.value?.text !== 'false');
  return has('link') && !has('chmod');
}

function inputsOf(instruction: Instruction, copy: CopyFacts | null, facts: Facts): LayerInputs {
  const inScope = keyScopes(facts)(instruction);
  const isRun = instruction.keyword === 'RUN';
  const used = isRun ? null : variablesOf(instruction, facts);
  const named = (list: readonly NamedInput[]): readonly NamedInput[] =>
    used === null ? list : used.size === 0 ? [] : list.filter(({ name }) => used.has(name));
  const isRelative = copy !== null && !/^["']?[/\\]/.test(copy.instruction.destination?.text ?? '');
  const settings = [
    isRun || instruction.keyword === 'WORKDIR' ? inScope.user : null,
    isRun && instruction.command.form === 'shell' ? inScope.shell : null,
    isRun || isRelative ? inScope.workdir : null,
  ];
  return {
    args: named(inScope.args),
    env: named(inScope.env),
    settings: settings.filter((one) => one !== null),
    files: copy ? filesOfCopy(copy) : instruction.keyword === 'RUN' ? filesOfMounts(instruction, facts) : [],
    remotes: copy ? copy.sources.flatMap(({ path, remote }) => (remote && path !== null ? [path] : [])) : [],
  };
}

/** Names of the variables that BuildKit expands in an instruction; for RUN, whose shell does it, those of its flags. */
export function variablesOf(instruction: Instruction, facts: Facts): ReadonlySet<string> {
  return variablesIn(facts)(instruction);
}

const variablesIn = memoise((facts: Facts) =>
  remember((instruction: Instruction): ReadonlySet<string> => readVariables(instruction, facts)),
);

function readVariables(instruction: Instruction, facts: Facts): ReadonlySet<string> {
  const names = new Set<string>();
  const words = instruction.flags.flatMap((flag) => flag.value ?? []);
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
    words.push(...instruction.sources, ...(instruction.destination ? [instruction.destination] : []));
    for (const { expand, content } of instruction.heredocs) {
      if (expand) for (const [, name] of content.matchAll(/\$\{?(\w+)/g)) if (name !== undefined) names.add(name);
    }
  } else if (instruction.keyword === 'FROM') words.push(...(instruction.image ? [instruction.image] : []));
  else if (instruction.keyword !== 'RUN') words.push(...instruction.words);
  for (const word of words) {
    if (!word.text.includes('$')) continue;
    const result = facts.expand(word, instruction);
    if (result.ok) for (const name of [...result.matched, ...result.unmatched]) names.add(name);
  }
  return names;
}

function filesOfCopy({ sources, origin, fromStage }: CopyFacts): readonly FileInput[] {
  return sources
    .filter(({ remote }) => !remote)
    .map(({ path }) => ({ source: path, from: origin, stage: fromStage, by: 'copy' }));
}

function filesOfMounts(run: RunInstruction, facts: Facts): readonly FileInput[] {
  return run.mounts.flatMap(({ type, options }): FileInput[] => {
    const from = options.get('from');
    // What a cache, a secret or a tmpfs holds is no part of any key. https://docs.docker.com/reference/dockerfile/#run---mount
    if (type !== 'bind' && !(type === 'cache' && from !== undefined)) return [];
    const stage = from === undefined ? null : stageNamed(from, facts);
    const source = options.get('source') ?? '.';
    const origin = from === undefined ? 'context' : stage ? 'stage' : 'image';
    return [{ source: source.includes('$') ? null : source, from: origin, stage, by: 'mount' }];
  });
}

/** The stage that a name of a mount means: the last one so called, or the one of that number. */
function stageNamed(reference: string, { stages }: Facts): StageFacts | null {
  const name = reference.toLowerCase();
  return (
    stages.findLast((stage) => stage.name === name) ?? (/^\d+$/.test(name) ? (stages[Number(name)] ?? null) : null)
  );
}
