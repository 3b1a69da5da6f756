import type { Document, Instruction, Stage } from '../dockerfile/ast.js';
import type { Edit } from './replay.js';

/** Instructions that make a step, upon which the next one stands. */
const STEP = /^(?:RUN|COPY|ADD|WORKDIR)$/;
/** Instructions that are part of the keys of later steps. */
const SETTING = /^(?:ENV|ARG|USER|SHELL)$/;

/**
 * The instructions of a Dockerfile that are not as they were in an older text of it. Where one is gone, the next step
 * whose key had it in counts as edited; where none follows, the last one of the stage, so that what is built on it does.
 */
export function changedLines(before: Document, after: Document): readonly Edit[] {
  const edits = new Map<Instruction, Edit>();
  compare(before.preamble, after.preamble, edits);
  for (const [index, stage] of after.stages.entries()) {
    const old = stageLike(stage, index, before);
    if (old) compare(old.instructions, stage.instructions, edits);
    else edits.set(stage.from, { kind: 'line', instruction: stage.from });
  }
  return [...edits.values()];
}

/** The stage of the same name, or else the one at the same place. */
function stageLike(stage: Stage, index: number, { stages }: Document): Stage | undefined {
  return stage.name === null ? stages[index] : (stages.find(({ name }) => name === stage.name) ?? stages[index]);
}

/** Walks two lists side by side; what the older one has more is skipped where the newer one goes on behind it. */
function compare(before: readonly Instruction[], after: readonly Instruction[], edits: Map<Instruction, Edit>): void {
  const rest = before.map(keyText);
  // What is gone, as long as no step after it has been seen.
  let gone: readonly Instruction[] = [];
  let at = 0;
  let edited = 0;
  for (const instruction of after) {
    const found = rest.indexOf(keyText(instruction), at);
    if (found < 0) {
      edits.set(instruction, { kind: 'line', instruction });
      edited++;
      continue;
    }
    // What stands in place of an edited line is not gone but edited.
    const missing = before.slice(at, found);
    gone = [...gone, ...missing.slice(Math.min(edited, missing.length))];
    edited = 0;
    at = found + 1;
    if (!gone.some((one) => isInKey(one, instruction))) continue;
    edits.set(instruction, { kind: 'line', instruction, isNeighbour: true });
    gone = [];
  }
  const missing = before.slice(at);
  gone = [...gone, ...missing.slice(Math.min(edited, missing.length))];
  const last = after.findLast(({ keyword }) => STEP.test(keyword) || keyword === 'FROM');
  if (last && !edits.has(last) && gone.some(({ keyword }) => STEP.test(keyword) || SETTING.test(keyword)))
    edits.set(last, { kind: 'line', instruction: last, isNeighbour: true });
}

/** Whether the key of an instruction has another one in that stood somewhere before it. */
function isInKey(gone: Instruction, { keyword, argumentsText, flags }: Instruction): boolean {
  if (!STEP.test(keyword)) return false;
  if (STEP.test(gone.keyword)) return true;
  if (!SETTING.test(gone.keyword)) return false;
  const expands = [argumentsText, ...flags.map(({ value }) => value?.text ?? '')].some((text) => text.includes('$'));
  return keyword === 'RUN' || (keyword === 'WORKDIR' && gone.keyword === 'USER') || expands;
}

/** What a key can depend on: the text without comments and the way in which lines are joined. */
function keyText({ keyword, flags, argumentsText, heredocs }: Instruction): string {
  const given = flags.map(({ name, value }) => `${name}=${value?.text ?? ''}`);
  return [keyword, ...given, argumentsText, ...heredocs.map(({ content }) => content)].join('\n');
}
