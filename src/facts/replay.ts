import { hasWildcard } from '../context/glob.js';
import { baseName, clampToRoot, isWithin, joinPath, relativePath } from '../context/paths.js';
import type { Instruction } from '../dockerfile/ast.js';
import { type FileInput, type Layer, layersOf, variablesOf } from './layers.js';
import { isTaken, landings } from './taken-paths.js';
import type { CopyFacts, Facts, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';

/** Something that a person changes between two builds. */
export type Edit =
  /** Files of the build context, relative to it, that are changed, new or gone. */
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  /** The text of an instruction; of a FROM also the image that its tag stands for. */
  | { readonly kind: 'line'; readonly instruction: Instruction }
  /** The value of a build argument. */
  | { readonly kind: 'argument'; readonly name: string };

/** Why a layer is made again. */
export type Cause =
  | { readonly kind: 'line' }
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

/** Edits that are made together. */
interface Change {
  readonly paths: readonly string[];
  readonly lines: ReadonlySet<Instruction>;
  readonly args: ReadonlySet<string>;
}

/** What edits that are made together make again, given that everything was in the cache before them. */
export function replay(edits: readonly Edit[], facts: Facts): ReadonlyMap<Layer, Rerun> {
  const edit: Change = {
    paths: edits.flatMap((one) => (one.kind === 'files' ? one.paths : [])),
    lines: new Set(edits.flatMap((one) => (one.kind === 'line' ? one.instruction : []))),
    args: new Set(edits.flatMap((one) => (one.kind === 'argument' ? one.name : []))),
  };
  const reruns = new Map<Layer, Rerun>();
  const states = new Map<StageFacts, StageChange>();
  const layers = layersOf(facts);
  const globals = changedGlobals(edit, facts);
  for (const stage of facts.stages) {
    const state = inheritedState(stage.parent ? states.get(stage.parent) : undefined);
    states.set(stage, state);
    for (const instruction of stage.stage.instructions) {
      const layer = layers.of(instruction);
      const own = layer ? ownRerun(layer, edit, state, globals, states, facts) : null;
      if (layer) settle(layer, own, state, reruns, edit, states, facts);
      noteSetting(instruction, layer, edit, state, globals, facts);
    }
  }
  return reruns;
}

/** How a stage differs from the build before, up to a place in it. */
interface StageChange {
  /** Variables that have another value. */
  readonly variables: Set<string>;
  /** USER, SHELL or WORKDIR that was edited and still holds. */
  user: Instruction | null;
  shell: Instruction | null;
  workdir: Instruction | null;
  /** The nearest step below that is made again. */
  below: { readonly layer: Layer; readonly verdict: Rerun['verdict'] } | null;
  /** Paths of the image below which files differ, or may. */
  readonly dirty: Dirty[];
}

interface Dirty {
  readonly path: string;
  readonly certain: boolean;
}

function inheritedState(parent: StageChange | undefined): StageChange {
  return {
    variables: new Set(parent?.variables),
    user: parent?.user ?? null,
    shell: parent?.shell ?? null,
    workdir: parent?.workdir ?? null,
    below: parent?.below ?? null,
    dirty: [...(parent?.dirty ?? [])],
  };
}

/** Names of ARGs before the first FROM that have another value. */
function changedGlobals(edit: Change, { document, options }: Facts): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const instruction of document.preamble) {
    if (instruction.keyword !== 'ARG') continue;
    for (const { key, value } of instruction.pairs) {
      const isEdited = edit.lines.has(instruction) && !options.buildArgs.has(key.text);
      const isGiven = edit.args.has(key.text);
      const follows = [...(value?.text ?? '').matchAll(/\$\{?(\w+)/g)].some(([, name]) => changed.has(name ?? ''));
      if (isEdited || isGiven || follows) changed.add(key.text);
      else changed.delete(key.text);
    }
  }
  return changed;
}

/** Why a layer is made again apart from what is below it; null where nothing of its own says so. */
function ownRerun(
  layer: Layer,
  edit: Change,
  state: StageChange,
  globals: ReadonlySet<string>,
  states: ReadonlyMap<StageFacts, StageChange>,
  facts: Facts,
): Rerun | null {
  const { instruction, kind } = layer;
  if (edit.lines.has(instruction)) return again({ kind: 'line' });
  const changed = kind === 'from' ? globals : state.variables;
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
    const found = fileRerun(layer, input, edit, states, facts);
    if (found?.verdict === 'again') return found;
    best ??= found;
  }
  return best;
}

function settingOf({ kind, instruction, copy }: Layer, state: StageChange): Instruction | null {
  if (kind === 'workdir') return state.user;
  if (kind === 'copy')
    return copy?.instruction.destination && isRelative(copy.instruction.destination.text) ? state.workdir : null;
  if (instruction.keyword !== 'RUN') return null;
  return state.user ?? state.workdir ?? (instruction.command.form === 'shell' ? state.shell : null);
}

function isRelative(path: string): boolean {
  return !/^["']?[/$]/.test(path);
}

function fileRerun(
  { copy }: Layer,
  { source, from, stage, by }: FileInput,
  edit: Change,
  states: ReadonlyMap<StageFacts, StageChange>,
  facts: Facts,
): Rerun | null {
  if (from === 'context') {
    if (edit.paths.length === 0) return null;
    if (source === null) return perhaps({ kind: 'file', path: edit.paths[0] ?? '', source });
    const path = edit.paths.find((one) => isTaken(one, source, by === 'copy' ? copy : null, facts));
    if (path !== undefined) return again({ kind: 'file', path, source });
    const ignore = facts.context?.ignoreFile?.source.path ?? null;
    const isPlainFile = facts.context?.kindOf(clampToRoot(source)) === 'file';
    const isIgnoreFile = (one: string): boolean => ignore !== null && (ignore === one || ignore.endsWith(`/${one}`));
    return !isPlainFile && edit.paths.some(isIgnoreFile) ? perhaps({ kind: 'ignore-file' }) : null;
  }
  const change = stage ? states.get(stage) : undefined;
  if (!stage || !change) return null;
  const cause: Cause = { kind: 'stage', stage, source };
  const wanted = source === null ? null : resolveInImage('/', source);
  if (wanted === null) return change.dirty.length > 0 ? perhaps(cause) : null;
  const isVague = hasWildcard(wanted) || (copy?.instruction.flags.some(({ name }) => name === 'exclude') ?? false);
  const root = isVague ? literalPart(wanted) : wanted;
  if (!isVague && change.dirty.some(({ path, certain }) => certain && isWithin(root, path))) return again(cause);
  return change.dirty.some(({ path }) => isWithin(root, path) || isWithin(path, root)) ? perhaps(cause) : null;
}

/** The directories of a path before its first wildcard. */
function literalPart(path: string): string {
  const parts = path.split('/');
  const at = parts.findIndex((part) => hasWildcard(part));
  return parts.slice(0, at < 0 ? parts.length : at).join('/') || '/';
}

/** Joins what a layer says itself with what is below it, and notes what that does to the files of the stage. */
function settle(
  layer: Layer,
  own: Rerun | null,
  state: StageChange,
  reruns: Map<Layer, Rerun>,
  edit: Change,
  states: ReadonlyMap<StageFacts, StageChange>,
  facts: Facts,
): void {
  const { below } = state;
  const inherited: Rerun | null =
    below && !layer.linked ? { verdict: below.verdict, cause: { kind: 'below', layer: below.layer } } : null;
  const rerun = own?.verdict === 'again' || !inherited ? own : inherited.verdict === 'again' || !own ? inherited : own;
  if (rerun) reruns.set(layer, rerun);
  if (own || (rerun && layer.kind === 'run')) noteDirty(layer, own, state, edit, states, facts);
  if (rerun && (!below || (below.verdict === 'perhaps' && rerun.verdict === 'again'))) {
    state.below = { layer, verdict: rerun.verdict };
  }
}

/** Which files of the image differ after a layer is made again. */
function noteDirty(
  { kind, copy }: Layer,
  own: Rerun | null,
  state: StageChange,
  edit: Change,
  states: ReadonlyMap<StageFacts, StageChange>,
  facts: Facts,
): void {
  const { dirty } = state;
  if (kind !== 'copy' || !copy || !own || (own.cause.kind !== 'file' && own.cause.kind !== 'stage')) {
    // A command may write any file, or put any back to what it was.
    dirty.splice(0, dirty.length, { path: '/', certain: false });
    return;
  }
  const { destination } = copy;
  const certain = own.verdict === 'again' && !copy.instruction.flags.some(({ name }) => name === 'parents');
  for (const one of dirty.splice(0)) {
    // What is copied over a file may hide that it differed.
    dirty.push(destination !== null && !isWithin(destination, one.path) ? one : { ...one, certain: false });
  }
  if (destination === null || !certain) dirty.push({ path: destination ?? '/', certain: false });
  else if (own.cause.kind === 'file') {
    for (const path of edit.paths)
      for (const landed of landings(path, copy, facts)) dirty.push({ path: landed, certain: true });
  } else if (own.cause.kind === 'stage') dirty.push(...carried(copy, destination, states));
}

/** Where files that differ in another stage come to lie through a `COPY --from`. */
function carried(
  { sources, fromStage, intoDirectory }: CopyFacts,
  destination: string,
  states: ReadonlyMap<StageFacts, StageChange>,
): readonly Dirty[] {
  const there = (fromStage && states.get(fromStage)?.dirty) ?? [];
  return sources.flatMap(({ path }) => {
    const source = path === null ? null : resolveInImage('/', path);
    if (source === null) return [];
    return there.flatMap(({ path: differs, certain }): Dirty[] => {
      if (isWithin(differs, source) && differs !== source) return [{ path: destination, certain: false }];
      if (!isWithin(source, differs)) return [];
      const rest = relativePath(source, differs);
      const into = rest === '.' && intoDirectory ? baseName(source) : rest;
      return [{ path: joinPath(destination, into), certain }];
    });
  });
}

/** Follows what ENV, ARG, USER, SHELL and WORKDIR do to the keys of later layers. */
function noteSetting(
  instruction: Instruction,
  layer: Layer | null,
  edit: Change,
  state: StageChange,
  globals: ReadonlySet<string>,
  facts: Facts,
): void {
  const isEdited = edit.lines.has(instruction);
  const follows = (): boolean =>
    state.variables.size > 0 && first(variablesOf(instruction, facts), (name) => state.variables.has(name)) !== null;
  switch (instruction.keyword) {
    case 'ENV':
      for (const { key, value } of instruction.pairs) {
        const uses = value ? namesIn(value.text) : [];
        if (isEdited || uses.some((name) => state.variables.has(name))) state.variables.add(key.text);
        else state.variables.delete(key.text);
      }
      break;
    case 'ARG':
      for (const { key, value } of instruction.pairs) {
        const name = key.text;
        // ENV wins over an ARG of the same name.
        if (facts.stateAt(instruction).env.get(name)) continue;
        const isGiven = facts.options.buildArgs.has(name);
        const isSet = edit.args.has(name);
        const fromGlobal = value === null && globals.has(name);
        const fromDefault = !isGiven && value !== null && namesIn(value.text).some((one) => state.variables.has(one));
        if (isSet || fromGlobal || fromDefault || (isEdited && !isGiven)) state.variables.add(name);
        else state.variables.delete(name);
      }
      break;
    case 'USER':
      state.user = isEdited || follows() ? instruction : null;
      break;
    case 'SHELL':
      state.shell = isEdited ? instruction : null;
      break;
    case 'WORKDIR':
      // One that makes a layer is below all that follows it anyway.
      if (!layer) state.workdir = isEdited || follows() ? instruction : null;
      break;
    default:
  }
}

function namesIn(text: string): readonly string[] {
  return text.includes('$') ? [...text.matchAll(/\$\{?(\w+)/g)].flatMap(([, name]) => name ?? []) : [];
}

function first(names: ReadonlySet<string>, accepts = (_: string): boolean => true): string | null {
  for (const name of names) if (accepts(name)) return name;
  return null;
}

function again(cause: Cause): Rerun {
  return { verdict: 'again', cause };
}

function perhaps(cause: Cause): Rerun {
  return { verdict: 'perhaps', cause };
}
