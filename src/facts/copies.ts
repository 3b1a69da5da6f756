import type { BuildContext } from '../context/types.js';
import type { AddInstruction, CopyInstruction, Instruction, Word } from '../dockerfile/ast.js';
import { lazy } from './lazy.js';
import type { CopyFacts, StageFacts, StageState } from './types.js';
import { resolveInImage } from './variables.js';

export interface CopyNeighbours {
  readonly context: BuildContext | null;
  stateAt(instruction: Instruction): StageState;
  stageNamed(reference: string, at: Instruction): StageFacts | null;
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
  const fromStage = fromText === null ? null : neighbours.stageNamed(fromText, instruction);
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
 * The path in the origin (the build context, or the stage that `--from` names) that a COPY puts at `imagePath`; null where
 * it puts nothing there or that is not known.
 */
export function originOf(copy: CopyFacts, imagePath: string): string | null {
  if (copy.destination === null) return null;
  if (copy.origin === 'stage') return originInStage(copy, copy.destination, imagePath);
  if (copy.instruction.flags.some((flag) => flag.name === 'parents')) return null;
  for (const match of copy.matches.flatMap((source) => source.matches)) {
    const found = landing(match.path, match.kind === 'directory', copy, copy.destination, imagePath);
    if (found !== null) return found;
  }
  return null;
}

/** Follows a file of a stage back to the build context; null where it does not come from there. */
export function traceToContext(stage: StageFacts, imagePath: string, depth = 0): string | null {
  // Every step goes to an earlier stage; the bound only guards against a circle of names.
  if (depth > 100) return null;
  for (const copy of stage.copies.toReversed()) {
    const origin = originOf(copy, imagePath);
    if (origin === null) continue;
    if (copy.origin === 'context') return origin;
    return copy.fromStage ? traceToContext(copy.fromStage, origin, depth + 1) : null;
  }
  return stage.parent ? traceToContext(stage.parent, imagePath, depth + 1) : null;
}

/** Another stage's files are not at hand, so a source counts as a directory unless its name ends like a file's. */
function originInStage(copy: CopyFacts, destination: string, imagePath: string): string | null {
  for (const source of copy.sources) {
    if (source.path === null || /[*?[]/.test(source.path)) continue;
    const path = resolveInImage('/', source.path);
    if (path === null) continue;
    const isFile = basename(path).includes('.') && basename(path) === basename(imagePath);
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
    const lands = copy.intoDirectory ? join(destination, basename(path)) : destination;
    return lands === imagePath ? path : null;
  }
  if (destination !== '/' && !imagePath.startsWith(`${destination}/`)) return null;
  const rest = imagePath.slice(destination === '/' ? 1 : destination.length + 1);
  return path === '.' ? rest : join(path, rest);
}

function join(directory: string, name: string): string {
  return directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`;
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
