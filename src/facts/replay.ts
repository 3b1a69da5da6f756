import { clampToRoot } from '../context/paths.js';
import type { Instruction } from '../dockerfile/ast.js';
import {
  type Change,
  first,
  globalArguments,
  inheritedState,
  isRelative,
  noteSetting,
  type StageChange,
} from './changed-settings.js';
import { type FileInput, type Layer, layersOf, variablesOf } from './layers.js';
import { ANYTHING, afterCopy, type Differences, takenDiffers } from './stage-changes.js';
import { dockerfilePath, takes } from './taken-paths.js';
import type { Facts, StageFacts } from './types.js';

/** Something that a person changes between two builds. */
export type Edit =
  /** Files of the build context, relative to it, that are changed, new or gone. */
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  /** The text of an instruction; of a FROM also the image that its tag stands for. */
  | {
      readonly kind: 'line';
      readonly instruction: Instruction;
      /** True where it is another line that is gone, upon which this one stood. */
      readonly isNeighbour?: true;
    }
  /** The value of a build argument. */
  | { readonly kind: 'argument'; readonly name: string };

/** Why a layer is made again. */
export type Cause =
  | { readonly kind: 'line'; readonly isNeighbour: boolean }
  | { readonly kind: 'below'; readonly layer: Layer }
  /** A file of the context that it takes, and the source that brings it. */
  | { readonly kind: 'file'; readonly path: string; readonly source: string | null }
  /** It takes files from a stage in which they change, or may. */
  | { readonly kind: 'stage'; readonly stage: StageFacts; readonly source: string | null }
  /** A variable is part of its key. */
  | { readonly kind: 'variable'; readonly name: string }
  /** USER, SHELL or WORKDIR is. */
  | { readonly kind: 'setting'; readonly instruction: Instruction }
  /** Which files the ignore file lets through may have changed. */
  | { readonly kind: 'ignore-file' };

/**
 * `again`: certain. `perhaps`: only if a step that is made again leaves other files than it did before, which nobody knows
 * beforehand. A layer that is not in the answer is taken from the cache.
 */
export interface Rerun {
  readonly verdict: 'again' | 'perhaps';
  readonly cause: Cause;
}

/** What edits that are made together make again, given that everything was in the cache before them. */
export function replay(edits: readonly Edit[], facts: Facts): ReadonlyMap<Layer, Rerun> {
  const paths = edits.flatMap((one) => (one.kind === 'files' ? one.paths : []));
  const lines = new Map(edits.flatMap((one) => (one.kind === 'line' ? [[one.instruction, one] as const] : [])));
  const args = new Set(edits.flatMap((one) => (one.kind === 'argument' ? one.name : [])));
  const change: Change = {
    paths: paths.map(clampToRoot).filter((path) => !facts.context?.decide(path).ignored),
    ignoreFile: touchesIgnoreFile(paths, facts),
    lines,
    args,
    globals: globalArguments(lines, args, facts),
    states: new Map(),
  };
  const reruns = new Map<Layer, Rerun>();
  const layers = layersOf(facts);
  for (const stage of facts.stages) {
    const state = inheritedState(stage.parent ? change.states.get(stage.parent) : undefined);
    change.states.set(stage, state);
    for (const instruction of stage.stage.instructions) {
      const layer = layers.of(instruction);
      if (layer) settle(layer, change, state, reruns, facts);
      noteSetting(instruction, layer, change, state, facts);
    }
  }
  return reruns;
}

/** Whether the ignore file is among the paths, be it there now, before or after. */
function touchesIgnoreFile(paths: readonly string[], facts: Facts): boolean {
  if (!facts.context || !paths.some((path) => path.endsWith('.dockerignore') || path === '.containerignore'))
    return false;
  const holds = facts.context.ignoreFile?.source.path ?? null;
  const dockerfile = dockerfilePath(facts);
  return paths.some((path) => {
    if (holds !== null && (holds === path || holds.endsWith(`/${path}`))) return true;
    // The one beside the Dockerfile wins over that of the context.
    return path === `${dockerfile}.dockerignore` || (holds === null && /^\.(?:docker|container)ignore$/.test(path));
  });
}

/** Why a layer is made again apart from what is below it; null where nothing of its own says so. */
function ownRerun(layer: Layer, change: Change, state: StageChange, facts: Facts): Rerun | null {
  const { instruction, kind } = layer;
  const line = change.lines.get(instruction);
  if (line) return again({ kind: 'line', isNeighbour: line.isNeighbour ?? false });
  const changed = kind === 'from' ? change.globals.changed : state.variables;
  // The whole environment is part of the key of a RUN; of other steps what is expanded in them.
  const variable =
    kind === 'run'
      ? first(changed)
      : changed.size > 0
        ? first(variablesOf(instruction, facts), (name) => changed.has(name))
        : null;
  if (variable !== null) return again({ kind: 'variable', name: variable });
  const setting = settingOf(layer, state);
  if (setting) return again({ kind: 'setting', instruction: setting });
  let best: Rerun | null = null;
  for (const input of kind === 'run' || kind === 'copy' ? layer.inputs.files : []) {
    const found = fileRerun(layer, input, change, facts);
    if (found?.verdict === 'again') return found;
    best ??= found;
  }
  return best;
}

function settingOf({ kind, instruction, copy, linked }: Layer, state: StageChange): Instruction | null {
  if (state.newStep && !linked) return state.newStep;
  if (kind === 'workdir') return state.user ?? (isRelative(instruction.words[0]?.text) ? state.workdir : null);
  if (kind === 'copy') return isRelative(copy?.instruction.destination?.text) ? state.workdir : null;
  if (instruction.keyword !== 'RUN') return null;
  return state.user ?? state.workdir ?? (instruction.command.form === 'shell' ? state.shell : null);
}

function fileRerun(
  { copy }: Layer,
  { source, from, stage, by }: FileInput,
  change: Change,
  facts: Facts,
): Rerun | null {
  const taking = by === 'copy' ? copy : null;
  if (from === 'context') {
    const [some] = change.paths;
    if (source === null) return some === undefined ? null : perhaps({ kind: 'file', path: some, source });
    const path = change.paths.find((one) => takes(source, one, taking, facts));
    if (path !== undefined) return again({ kind: 'file', path, source });
    const isPlainFile = change.ignoreFile && facts.context?.kindOf(clampToRoot(source)) === 'file';
    return change.ignoreFile && !isPlainFile ? perhaps({ kind: 'ignore-file' }) : null;
  }
  const differences = (stage && change.states.get(stage)?.differences) ?? [];
  const verdict = takenDiffers(differences, source, taking, facts);
  return stage && verdict ? { verdict, cause: { kind: 'stage', stage, source } } : null;
}

/** Joins what a layer says itself with what is below it, and notes what that does to the files of the stage. */
function settle(layer: Layer, change: Change, state: StageChange, reruns: Map<Layer, Rerun>, facts: Facts): void {
  const { below } = state;
  const own = ownRerun(layer, change, state, facts);
  const inherited: Rerun | null =
    below && !layer.linked ? { verdict: below.verdict, cause: { kind: 'below', layer: below.layer } } : null;
  const rerun = own?.verdict === 'again' || !inherited ? own : inherited.verdict === 'again' || !own ? inherited : own;
  if (rerun) reruns.set(layer, rerun);
  state.differences = differencesAfter(layer, own, rerun !== null, change, state, facts);
  if (rerun && (!below || (below.verdict === 'perhaps' && rerun.verdict === 'again'))) {
    state.below = { layer, verdict: rerun.verdict };
  }
}

function differencesAfter(
  { kind, copy, inputs }: Layer,
  own: Rerun | null,
  isMadeAgain: boolean,
  change: Change,
  { differences }: StageChange,
  facts: Facts,
): Differences {
  if (kind === 'run') return isMadeAgain ? ANYTHING : differences;
  if (kind !== 'copy' || !copy) return own ? ANYTHING : differences;
  if (!own) {
    if (differences.length === 0) return differences;
    return afterCopy(differences, copy, { changed: new Set(), origin: [], known: true }, facts);
  }
  if (own.cause.kind !== 'file' && own.cause.kind !== 'stage' && own.cause.kind !== 'ignore-file') return ANYTHING;
  const known = !change.ignoreFile && inputs.files.every(({ source }) => source !== null);
  const origin = (copy.fromStage && change.states.get(copy.fromStage)?.differences) ?? [];
  return afterCopy(differences, copy, { changed: new Set(change.paths), origin, known }, facts);
}

function again(cause: Cause): Rerun {
  return { verdict: 'again', cause };
}

function perhaps(cause: Cause): Rerun {
  return { verdict: 'perhaps', cause };
}
