import type {
  CmdInstruction,
  Document,
  EntrypointInstruction,
  HealthcheckInstruction,
  Instruction,
  Mount,
  SimpleInstruction,
  Stage,
  Word,
} from '../dockerfile/ast.js';
import { lazy } from './lazy.js';
import type { AnalysisOptions, CopyFacts, ImageFacts, Scope, StageFacts, StageRole, StageState } from './types.js';
import {
  expandIn,
  globalLookup,
  globalScope,
  isPlainWord,
  readStage,
  type StageTimeline,
  stageLookup,
} from './variables.js';

/** Names that people give to stages that are not shipped. */
const DEVELOPMENT_NAME =
  /(?:^|[-_.])(?:dev|devel|development|debug|test|tests|tester|testing|lint|linter|ci|e2e|local|storybook)(?:$|[-_.\d])/;

export interface StageGraph {
  readonly stages: readonly StageFacts[];
  readonly target: StageFacts | null;
  /** State just before an instruction; for the trigger of an ONBUILD, before the ONBUILD. */
  stateAt(instruction: Instruction): StageState;
  /** The stage that a `--from` or `from=` names; null for an image or a name that is not known. */
  stageNamed(reference: string): StageFacts | null;
}

/** What the graph needs of its neighbours; called only when a stage is asked for it. */
export interface StageParts {
  image(word: Word | null, text: string | null): ImageFacts;
  copies(stage: StageFacts): readonly CopyFacts[];
}

/**
 * Links the stages to one another: what each is built on, what it copies from, and which of them the target needs.
 * {@link https://docs.docker.com/build/building/multi-stage/}
 */
export function buildStageGraph(document: Document, options: AnalysisOptions, parts: StageParts): StageGraph {
  const globals = globalScope(document.preamble, options, document.escape);
  const stages: StageFacts[] = [];
  const timelines: StageTimeline[] = [];
  const isDevelopment = isDevelopmentFile(document.source.path);
  /** Of each stage, the one below all others that it is built on. */
  const roots: StageFacts[] = [];
  const lastByName = new Map<string, number>();
  const roles = lazy(() => rolesOf(stages, pickTarget(stages, options.target)));
  const shipped = lazy(() => lineOf(pickTarget(stages, options.target)));

  const stateAt = (instruction: Instruction): StageState => {
    const stage = document.stages[instruction.stage];
    const timeline = timelines[instruction.stage];
    return stage && timeline ? timeline.stateAt(placeOf(stage, instruction)) : EMPTY_STATE;
  };
  const stageNamed = (reference: string): StageFacts | null => {
    const name = reference.toLowerCase();
    // BuildKit registers every stage before it resolves `--from`, so that of two with one name the last is meant.
    const index = lastByName.get(name) ?? (/^\d+$/.test(name) ? Number(name) : -1);
    return stages[index] ?? null;
  };

  const neighbours: StageNeighbours = {
    image: (stage, text) => {
      const root = roots[stage.index] ?? stage;
      return root === stage ? parts.image(stage.stage.from.image, text) : root.image;
    },
    copies: parts.copies,
    role: (one) => roles().get(one) ?? 'unreachable',
    isShipped: (one) => shipped().has(one),
    isDevelopment,
    stageNamed,
    expand: (word, at) => {
      if (isPlainWord(word.text)) return word.text;
      const result = expandIn(
        word.text,
        stageLookup(stateAt(at), () => undefined),
        document.escape,
      );
      return result.ok ? result.value : null;
    },
  };
  for (const stage of document.stages) {
    const text = imageText(stage, globals, options, document.escape);
    const parentIndex = text === null ? undefined : lastByName.get(text.toLowerCase());
    const parent = parentIndex === undefined ? null : (stages[parentIndex] ?? null);
    const root = parent ? (roots[parent.index] ?? null) : null;
    const image = lazy(() => root?.image ?? parts.image(stage.from.image, text));
    const timeline = readStage(stage, parent?.final ?? null, globals, options, document.escape, image);
    timelines.push(timeline);
    const facts = new StageView(stage, parent, text, timeline, neighbours);
    stages.push(facts);
    roots.push(root ?? facts);
    if (stage.name !== null) {
      lastByName.set(stage.name, stage.index);
    }
  }
  return { stages, target: pickTarget(stages, options.target), stateAt, stageNamed };
}

/** Index of an instruction in its stage, that of its ONBUILD for a trigger; found by place, since they are in order. */
function placeOf(stage: Stage, instruction: Instruction): number {
  const { instructions } = stage;
  let low = 0;
  let high = instructions.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((instructions[middle]?.span.start ?? 0) <= instruction.span.start) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** `Dockerfile.dev`, `dev.Dockerfile`, `.devcontainer/Dockerfile` */
function isDevelopmentFile(path: string): boolean {
  const [name = '', directory] = path.split('/').reverse();
  const kind = /^(?:docker|container)file[-_.](.+)|(.+)[-_.](?:docker|container)file$/i.exec(name);
  return directory === '.devcontainer' || DEVELOPMENT_NAME.test(kind?.[1] ?? kind?.[2] ?? '');
}

interface StageNeighbours {
  /** `text`: that of its own FROM, expanded. */
  image(stage: StageFacts, text: string | null): ImageFacts;
  copies(stage: StageFacts): readonly CopyFacts[];
  role(stage: StageFacts): StageRole;
  isShipped(stage: StageFacts): boolean;
  /** The file itself is for development. */
  readonly isDevelopment: boolean;
  stageNamed(reference: string): StageFacts | null;
  expand(word: Word, at: Instruction): string | null;
}

const EMPTY_SCOPE: Scope = { get: () => undefined };
const EMPTY_STATE: StageState = { user: null, workdir: null, shell: null, env: EMPTY_SCOPE, args: EMPTY_SCOPE };

/** A class, since closures for each of its members would cost more than most of them do. */
class StageView implements StageFacts {
  readonly index: number;
  readonly name: string | null;
  readonly isDevelopment: boolean;
  readonly final: StageState;
  #image: ImageFacts | undefined;
  #copies: readonly CopyFacts[] | undefined;
  #copiesFrom: readonly StageFacts[] | undefined;
  #chain: readonly Instruction[] | undefined;
  #history: readonly Instruction[] | undefined;
  #exposes: readonly SimpleInstruction[] | undefined;
  #entrypoint: EntrypointInstruction | null | undefined;
  #cmd: CmdInstruction | null | undefined;
  #healthcheck: HealthcheckInstruction | null | undefined;
  readonly #imageText: string | null;
  readonly #neighbours: StageNeighbours;

  constructor(
    readonly stage: Stage,
    readonly parent: StageFacts | null,
    imageText: string | null,
    timeline: StageTimeline,
    neighbours: StageNeighbours,
  ) {
    this.index = stage.index;
    this.name = stage.name;
    this.isDevelopment = neighbours.isDevelopment || (stage.name !== null && DEVELOPMENT_NAME.test(stage.name));
    this.final = timeline.stateAt(stage.instructions.length);
    this.#imageText = imageText;
    this.#neighbours = neighbours;
  }

  get role(): StageRole {
    return this.#neighbours.role(this);
  }
  get isShipped(): boolean {
    return this.#neighbours.isShipped(this);
  }
  get image(): ImageFacts {
    this.#image ??= this.#neighbours.image(this, this.#imageText);
    return this.#image;
  }
  get copies(): readonly CopyFacts[] {
    this.#copies ??= this.#neighbours.copies(this);
    return this.#copies;
  }
  get copiesFrom(): readonly StageFacts[] {
    this.#copiesFrom ??= referencedStages(this.stage, this.#neighbours);
    return this.#copiesFrom;
  }
  get history(): readonly Instruction[] {
    this.#history ??= this.chain.filter((one) => one.keyword !== 'ONBUILD');
    return this.#history;
  }
  get exposes(): readonly SimpleInstruction[] {
    this.#exposes ??= this.chain.filter((one): one is SimpleInstruction => one.keyword === 'EXPOSE');
    return this.#exposes;
  }
  get entrypoint(): EntrypointInstruction | null {
    if (this.#entrypoint === undefined) this.#entrypoint = last(this.chain, 'ENTRYPOINT');
    return this.#entrypoint;
  }
  get cmd(): CmdInstruction | null {
    if (this.#cmd === undefined) this.#cmd = last(sinceEntrypoint(this), 'CMD');
    return this.#cmd;
  }
  get healthcheck(): HealthcheckInstruction | null {
    if (this.#healthcheck === undefined) this.#healthcheck = last(this.chain, 'HEALTHCHECK');
    return this.#healthcheck;
  }
  /** Its instructions after those of its parents. */
  private get chain(): readonly Instruction[] {
    // A loop, not calls from stage to stage: a file may stack more of them than there are stack frames.
    this.#chain ??= this.parent
      ? [
          ...ancestors(this)
            .toReversed()
            .map((one) => one.stage.instructions),
          this.stage.instructions,
        ].flat()
      : this.stage.instructions;
    return this.#chain;
  }
}

/** The stages that a stage is built on, nearest first. */
function ancestors({ parent }: StageFacts): readonly StageFacts[] {
  const found: StageFacts[] = [];
  for (let stage = parent; stage; stage = stage.parent) found.push(stage);
  return found;
}

/**
 * The instructions from the nearest stage on that has an ENTRYPOINT, which resets the CMD that it inherits.
 * {@link https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact}
 */
function sinceEntrypoint(stage: StageFacts): readonly Instruction[] {
  const found: (readonly Instruction[])[] = [];
  for (let one: StageFacts | null = stage; one; one = one.parent) {
    found.push(one.stage.instructions);
    if (last(one.stage.instructions, 'ENTRYPOINT')) break;
  }
  return found.toReversed().flat();
}

function imageText(stage: Stage, globals: Scope, options: AnalysisOptions, escapeChar: '\\' | '`'): string | null {
  if (!stage.from.image) return null;
  const result = expandIn(stage.from.image.text, globalLookup(globals, options), escapeChar);
  return result.ok && result.value !== '' ? result.value : null;
}

function referencedStages(stage: Stage, neighbours: StageNeighbours): readonly StageFacts[] {
  const found = new Set<StageFacts>();
  const add = (text: string | null): void => {
    const other = text === null ? null : neighbours.stageNamed(text);
    if (other) found.add(other);
  };
  for (const instruction of stage.instructions) {
    if (instruction.keyword === 'COPY' && instruction.from) add(neighbours.expand(instruction.from, instruction));
    if (instruction.keyword !== 'RUN') continue;
    for (const mount of instruction.mounts) add(mountSource(mount));
  }
  return [...found];
}

function mountSource(mount: Mount): string | null {
  return mount.options.get('from') ?? null;
}

/** The stage that `--target` names, by name or index; without it the last one. */
function pickTarget(stages: readonly StageFacts[], target: string | null): StageFacts | null {
  if (target === null) return stages.at(-1) ?? null;
  const name = target.toLowerCase();
  const named = stages.findLast((stage) => stage.name === name);
  return named ?? (/^\d+$/.test(name) ? (stages[Number(name)] ?? null) : null);
}

/** A stage and all that it is built on. */
function lineOf(target: StageFacts | null): ReadonlySet<StageFacts> {
  const line = new Set<StageFacts>();
  for (let stage = target; stage; stage = stage.parent) line.add(stage);
  return line;
}

function rolesOf(stages: readonly StageFacts[], target: StageFacts | null): ReadonlyMap<StageFacts, StageRole> {
  const roles = new Map<StageFacts, StageRole>(stages.map((stage) => [stage, 'unreachable']));
  const queue = target ? [target] : [];
  for (let stage = queue.pop(); stage; stage = queue.pop()) {
    if (roles.get(stage) !== 'unreachable') continue;
    roles.set(stage, stage === target ? 'target' : 'build');
    if (stage.parent) queue.push(stage.parent);
    queue.push(...stage.copiesFrom);
  }
  return roles;
}

function last<K extends Instruction['keyword']>(
  instructions: readonly Instruction[],
  keyword: K,
): Extract<Instruction, { keyword: K }> | null {
  const found = instructions.findLast((one) => one.keyword === keyword);
  return (found as Extract<Instruction, { keyword: K }> | undefined) ?? null;
}
