import type { Instruction } from '../../dockerfile/ast.js';
import { type Layer, layersOf } from '../../facts/layers.js';
import { type LikelyEdit, likelyEdits } from '../../facts/likely-edits.js';
import { type Edit, type Rerun, replay } from '../../facts/replay.js';
import type { Facts, StageFacts } from '../../facts/types.js';
import { locate } from '../../model/source.js';

/** A column of the table: one edit, and what it makes again. */
export interface PlannedEdit {
  readonly kind: LikelyEdit['kind'] | 'change' | 'line';
  /** What a person calls it: "source file". */
  readonly title: string;
  /** The file, the name of the argument. */
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly reruns: ReadonlyMap<Layer, Rerun>;
}

/** All that the reports of `plimsoll layers` show. */
export interface LayerPlan {
  readonly facts: Facts;
  /** Those of stages that the target needs, in order of the file. */
  readonly layers: readonly Layer[];
  readonly stages: readonly StageFacts[];
  readonly edits: readonly PlannedEdit[];
  /** True where the one edit is what the user said has changed. */
  readonly isChange: boolean;
}

/** The table of the edits that people make all the time. */
export function planLikely(facts: Facts): LayerPlan {
  const edits = likelyEdits(facts).map(({ kind, title, name, edit }) => ({
    kind,
    title,
    name,
    edits: [edit],
    reruns: replay([edit], facts),
  }));
  return { ...shownOf(facts), edits, isChange: false };
}

/** What a change that is given makes again. */
export function planChange(edits: readonly Edit[], name: string, facts: Facts): LayerPlan {
  const edit: PlannedEdit = { kind: 'change', title: 'the change', name, edits, reruns: replay(edits, facts) };
  return { ...shownOf(facts), edits: [edit], isChange: true };
}

function shownOf(facts: Facts): Pick<LayerPlan, 'facts' | 'layers' | 'stages'> {
  const stages = facts.stages.filter(({ role }) => role !== 'unreachable');
  const layers = layersOf(facts).all.filter(({ stage }) => stage.role !== 'unreachable');
  return { facts, layers, stages };
}

/** From 1. */
export function lineOf(instruction: Instruction, { document }: Facts): number {
  return locate(document.source, instruction.span.start).line;
}

/** The instruction on one line, blanks joined. */
export function instructionText(instruction: Instruction, { document }: Facts): string {
  const flags = instruction.flags.map(({ span }) => document.source.text.slice(span.start, span.end));
  return [instruction.keyword, ...flags, instruction.argumentsText].join(' ').replace(/\s+/g, ' ').trim();
}

/** The name of a stage, as a person knows it. */
export function stageName({ name, index }: StageFacts): string {
  return name ?? `stage ${index}`;
}

const WORDS = {
  dependencies: 'dependencies',
  packages: 'system packages',
  tools: 'tools',
  compile: 'compile',
  download: 'download',
} as const;

/** The same for a narrow table: what the step does, without the flags that say how. */
export function briefText(instruction: Instruction): string {
  const from = instruction.keyword === 'COPY' && instruction.from ? [`--from=${instruction.from.text}`] : [];
  const text = instruction.argumentsText.replace(/\s+/g, ' ').replace(/^set -\w+(?: -o \w+)*(?: ?&& ?|; ?)/, '');
  return [instruction.keyword, ...from, text].join(' ').trim();
}

/** What the step does that takes time, each kind once; empty: nothing. */
export function costs({ work }: Layer): readonly string[] {
  return [...new Set(work.map(({ kind }) => WORDS[kind]))];
}

/** Why a layer is made again, in a person's words. */
export function reason({ cause }: Rerun, layer: Layer, facts: Facts): string {
  switch (cause.kind) {
    case 'line':
      return cause.isNeighbour ? 'a line beside it is gone' : 'its own line changes';
    case 'below':
      return `stands on line ${lineOf(cause.layer.instruction, facts)}`;
    case 'file':
      return layer.kind === 'run' ? `mounts ${cause.path}` : `brings ${cause.path}`;
    case 'stage':
      return `takes ${cause.source ?? 'files'} from ${stageName(cause.stage)}`;
    case 'variable':
      return layer.kind === 'run' ? `${cause.name} is in its environment` : `uses ${cause.name}`;
    case 'setting':
      return `line ${lineOf(cause.instruction, facts)} holds for it`;
    case 'ignore-file':
      return 'the ignore file decides what it brings';
  }
}
