import { baseName } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import type { AddInstruction, CopyInstruction, Instruction, Word } from '../dockerfile/ast.js';
import { lazy, memoise } from './lazy.js';
import type { CopyFacts, StageFacts, StageState } from './types.js';
import { resolveInImage } from './variables.js';

export interface CopyNeighbours {
  readonly context: BuildContext | null;
  stateAt(instruction: Instruction): StageState;
  stageNamed(reference: string): StageFacts | null;
  /** The text after expansion; null where it is not known. */
  expand(word: Word, at: Instruction): string | null;
}

/** COPY and ADD of a stage, with what each brings from the build context. */
export function copiesOfStage(stage: StageFacts, neighbours: CopyNeighbours): readonly CopyFacts[] {
  return stage.stage.instructions
    .filter((one): one is CopyInstruction | AddInstruction => one.keyword === 'COPY' || one.keyword === 'ADD')
    .map((instruction) => copyFacts(instruction, stage, neighbours));
}

/** True where ADD fetches the source rather than taking it from the context. */
export function isRemoteSource(path: string): boolean {
  return /^(?:https?|git|ssh):\/\//i.test(path) || /^git@[^:/]+:/.test(path) || /^github\.com\//.test(path);
}

function copyFacts(
  instruction: CopyInstruction | AddInstruction,
  stage: StageFacts,
  neighbours: CopyNeighbours,
): CopyFacts {
  const from = instruction.keyword === 'COPY' ? instruction.from : null;
  const fromText = from ? neighbours.expand(from, instruction) : null;
  const fromStage = fromText === null ? null : neighbours.stageNamed(fromText);
  const origin = from === null ? 'context' : fromStage ? 'stage' : 'image';
  const sources = instruction.sources.map((word) => {
    const path = neighbours.expand(word, instruction);
    return { word, path, remote: instruction.keyword === 'ADD' && path !== null && isRemoteSource(path) };
  });
  const target = instruction.destination ? neighbours.expand(instruction.destination, instruction) : null;
  const workdir = neighbours.stateAt(instruction).workdir;
  const directory = workdir ? workdir.value : stage.image.workdir;
  const matches = lazy(() => {
    if (origin !== 'context' || !neighbours.context) return [];
    return neighbours.context.resolveCopy({
      // An unknown variable resolves to nothing that is certain.
      sources: sources.filter((source) => !source.remote).map((source) => source.path ?? '$'),
      exclude: instruction.flags
        .filter((flag) => flag.name === 'exclude' && flag.value)
        .map((flag) => (flag.value ? (neighbours.expand(flag.value, instruction) ?? '') : '')),
      parents: instruction.flags.some((flag) => flag.name === 'parents' && flag.value?.text !== 'false'),
    });
  });
  return {
    instruction,
    stage,
    origin,
    fromStage,
    sources,
    destination: target === null ? null : resolveInImage(directory, target),
    intoDirectory:
      target !== null &&
      (/(?:^|[/\\])\.{0,2}$/.test(target) ||
        sources.length + instruction.heredocs.length > 1 ||
        resolveInImage(directory, target) === directory ||
        sources.some((source) => source.path !== null && /[*?[]/.test(source.path))),
    broad: sources.some((source) => source.path !== null && !source.remote && isWholeContext(source.path)),
    get matches() {
      return matches();
    },
  };
}

function isWholeContext(path: string): boolean {
  return /^(?:\.?\/)*(?:\.|\*)?\/?$/.test(path);
}

/**
 * The path in the origin (the build context, or the stage that `--from` names) that a COPY would put at `imagePath`; null
 * where it puts nothing there or that is not known. A directory is taken to hold whatever is asked for.
 */
export function originOf(copy: CopyFacts, imagePath: string): string | null {
  if (copy.destination === null) return null;
  if (copy.origin === 'stage') return originInStage(copy, copy.destination, imagePath);
  const keepsParents = copy.instruction.flags.some((flag) => flag.name === 'parents' && flag.value?.text !== 'false');
  for (const { source, matches } of copy.matches) {
    const pivot = keepsParents ? pivotOf(source) : null;
    for (const { path, kind } of matches) {
      const found =
        pivot === null
          ? landing(path, kind === 'directory', copy, copy.destination, imagePath)
          : landingWithParents(path, kind === 'directory', pivot, copy.destination, imagePath);
      if (found !== null) return found;
    }
  }
  return null;
}

/** The copies of a stage by the instruction that makes each. */
export const copiesByInstruction = memoise(
  ({ copies }: StageFacts): ReadonlyMap<Instruction, CopyFacts> =>
    new Map(copies.map((copy) => [copy.instruction, copy])),
);

/** True where flags leave out files of what is copied, or change where they land. */
export function isPartial({ instruction }: CopyFacts): boolean {
  return instruction.flags.some(({ name }) => name === 'exclude' || name === 'parents');
}

/** Like {@link originOf}, and what comes from the build context is seen to be there and sent. */
export function broughtBy(copy: CopyFacts, imagePath: string, context: BuildContext | null): string | null {
  const origin = originOf(copy, imagePath);
  if (origin === null || copy.origin !== 'context') return origin;
  return context?.isSent(origin) ? origin : null;
}

/**
 * Follows a file of a stage back to the build context; null where it does not come from there. A file that the context
 * has is preferred to a place where it would have to be.
 */
export function traceToContext(
  stage: StageFacts,
  imagePath: string,
  context: BuildContext | null = null,
): string | null {
  const sent = follow(stage, imagePath, (path) => context?.isSent(path) === true, { steps: MOST_STEPS });
  return sent ?? follow(stage, imagePath, () => true, { steps: MOST_STEPS });
}

/** Guards against a file whose stages copy from one another in very many ways. */
const MOST_STEPS = 2000;

function follow(
  stage: StageFacts,
  imagePath: string,
  accepts: (path: string) => boolean,
  budget: { steps: number },
): string | null {
  for (const copy of stage.copies.toReversed()) {
    if (budget.steps-- <= 0) return null;
    const origin = originOf(copy, imagePath);
    if (origin === null) continue;
    if (copy.origin === 'context') {
      if (accepts(origin)) return origin;
    } else if (copy.fromStage && copy.fromStage.index < stage.index) {
      const found = follow(copy.fromStage, origin, accepts, budget);
      if (found !== null) return found;
    }
  }
  return stage.parent ? follow(stage.parent, imagePath, accepts, budget) : null;
}

/** Another stage's files are not at hand, so a source counts as a directory unless its name ends like a file's. */
function originInStage(copy: CopyFacts, destination: string, imagePath: string): string | null {
  for (const source of copy.sources) {
    if (source.path === null || /[*?[]/.test(source.path)) continue;
    const path = resolveInImage('/', source.path);
    if (path === null) continue;
    const isFile = baseName(path).includes('.') && baseName(path) === baseName(imagePath);
    const found = landing(path, !isFile, copy, destination, imagePath);
    if (found !== null) return found;
  }
  return null;
}

function landing(
  path: string,
  isDirectory: boolean,
  copy: CopyFacts,
  destination: string,
  imagePath: string,
): string | null {
  if (!isDirectory) {
    // Where a file is looked for below the destination, the destination is a directory, whatever COPY makes it look like.
    if (join(destination, baseName(path)) === imagePath) return path;
    return !copy.intoDirectory && destination === imagePath ? path : null;
  }
  const rest = below(destination, imagePath);
  if (rest === null) return null;
  return path === '.' ? rest : join(path, rest);
}

/** `--parents` keeps the part of a path after `/./`; all of it where there is none. */
function pivotOf(source: string): string {
  const at = source.indexOf('/./');
  return at < 0 ? '' : source.slice(0, at).replace(/^(?:\.?\/)+/, '');
}

function landingWithParents(
  path: string,
  isDirectory: boolean,
  pivot: string,
  destination: string,
  imagePath: string,
): string | null {
  const kept = pivot !== '' && path.startsWith(`${pivot}/`) ? path.slice(pivot.length + 1) : path;
  const lands = kept === '.' ? destination : join(destination, kept);
  if (lands === imagePath) return isDirectory ? null : path;
  const rest = isDirectory ? below(lands, imagePath) : null;
  return rest === null ? null : path === '.' ? rest : join(path, rest);
}

/** The part of a path below a directory; null where it is not below it. */
function below(directory: string, path: string): string | null {
  if (directory === '/') return path.slice(1);
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : null;
}

function join(directory: string, name: string): string {
  return directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`;
}
