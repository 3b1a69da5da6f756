import type { Instruction } from '../dockerfile/ast.js';
import { type Layer, variablesOf } from './layers.js';
import type { Edit, Rerun } from './replay.js';
import type { Differences } from './stage-changes.js';
import type { Facts, StageFacts } from './types.js';

/** Edits that are made together, and how each stage comes to differ by them. */
export interface Change {
  /** Files that the build is sent, relative to the context. */
  readonly paths: readonly string[];
  /** Whether the ignore file is among what is edited. */
  readonly ignoreFile: boolean;
  readonly lines: ReadonlyMap<Instruction, Extract<Edit, { kind: 'line' }>>;
  readonly args: ReadonlySet<string>;
  readonly globals: GlobalArguments;
  readonly states: Map<StageFacts, StageChange>;
}

/** How a stage differs from the build before, up to a place in it. */
export interface StageChange {
  /** Variables that have another value. */
  readonly variables: Set<string>;
  /** USER, SHELL or WORKDIR that was edited and still holds. */
  user: Instruction | null;
  shell: Instruction | null;
  workdir: Instruction | null;
  /** A `WORKDIR /`, which makes no step, that was edited and may make one now. */
  newStep: Instruction | null;
  /** The nearest step below that is made again. */
  below: { readonly layer: Layer; readonly verdict: Rerun['verdict'] } | null;
  /** Of its files. */
  differences: Differences;
}

export function inheritedState(parent: StageChange | undefined): StageChange {
  return {
    variables: new Set(parent?.variables),
    user: parent?.user ?? null,
    shell: parent?.shell ?? null,
    workdir: parent?.workdir ?? null,
    newStep: parent?.newStep ?? null,
    below: parent?.below ?? null,
    differences: parent?.differences ?? [],
  };
}

/** ARGs before the first FROM. */
interface GlobalArguments {
  /** Those that have a value. */
  readonly set: ReadonlySet<string>;
  /** Those that have another value than before. */
  readonly changed: ReadonlySet<string>;
}

export function globalArguments(
  lines: Change['lines'],
  args: ReadonlySet<string>,
  { document, options }: Facts,
): GlobalArguments {
  const set = new Set<string>();
  const changed = new Set<string>();
  for (const instruction of document.preamble) {
    if (instruction.keyword !== 'ARG') continue;
    for (const { key, value } of instruction.pairs) {
      const name = key.text;
      const isGiven = args.has(name) || options.buildArgs.has(name);
      const isEdited = lines.has(instruction) && !isGiven;
      if (!isGiven && !value && !isEdited) continue;
      set.add(name);
      const follows = !isGiven && value !== null && namesIn(value.text).some((one) => changed.has(one));
      if (args.has(name) || isEdited || follows) changed.add(name);
      else changed.delete(name);
    }
  }
  return { set, changed };
}

/** Follows what ENV, ARG, USER, SHELL and WORKDIR do to the keys of later layers. */
export function noteSetting(
  instruction: Instruction,
  layer: Layer | null,
  change: Change,
  state: StageChange,
  facts: Facts,
): void {
  const { variables } = state;
  const isEdited = change.lines.has(instruction);
  const follows = (): boolean =>
    variables.size > 0 && first(variablesOf(instruction, facts), (name) => variables.has(name)) !== null;
  switch (instruction.keyword) {
    case 'ENV': {
      // Each value is expanded as things stand before the instruction.
      const followers = new Set(
        instruction.pairs.filter(({ value }) => value && namesIn(value.text).some((one) => variables.has(one))),
      );
      for (const pair of instruction.pairs) {
        if (isEdited || followers.has(pair)) variables.add(pair.key.text);
        else variables.delete(pair.key.text);
      }
      break;
    }
    case 'ARG':
      for (const { key, value } of instruction.pairs)
        noteArgument(key.text, value?.text ?? null, isEdited, change, state, facts);
      break;
    case 'USER':
      state.user = isEdited || follows() ? instruction : null;
      break;
    case 'SHELL':
      state.shell = isEdited ? instruction : null;
      break;
    case 'WORKDIR':
      if (isEdited || follows()) {
        state.workdir = instruction;
        if (!layer) state.newStep = instruction;
      } else if (!isRelative(instruction.words[0]?.text)) state.workdir = null;
      break;
    default:
  }
}

/** The last of ENV and ARG holds. An ARG without a value leaves what is there. */
function noteArgument(
  name: string,
  value: string | null,
  isEdited: boolean,
  { args, globals }: Change,
  { variables }: StageChange,
  { options }: Facts,
): void {
  const isGiven = args.has(name) || options.buildArgs.has(name);
  if (args.has(name) || (isEdited && !isGiven)) variables.add(name);
  else if (isGiven) variables.delete(name);
  else if (value !== null) {
    if (namesIn(value).some((one) => variables.has(one))) variables.add(name);
    else variables.delete(name);
  } else if (globals.changed.has(name)) variables.add(name);
  else if (globals.set.has(name)) variables.delete(name);
}

export function isRelative(path: string | undefined): boolean {
  return path !== undefined && !/^["']?(?:[/\\$]|[A-Za-z]:)/.test(path);
}

function namesIn(text: string): readonly string[] {
  return text.includes('$') ? [...text.matchAll(/\$\{?(\w+)/g)].flatMap(([, name]) => name ?? []) : [];
}

export function first(names: ReadonlySet<string>, accepts = (_: string): boolean => true): string | null {
  for (const name of names) if (accepts(name)) return name;
  return null;
}
