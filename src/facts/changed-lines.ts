import type { Document, Instruction, Stage } from '../dockerfile/ast.js';
import type { Edit } from './replay.js';

/** Instructions that only change the image's configuration: where one of them is gone, no key changes. */
const NO_KEY = /^(?:LABEL|CMD|ENTRYPOINT|EXPOSE|HEALTHCHECK|STOPSIGNAL|VOLUME|MAINTAINER|ONBUILD)$/;

/**
 * The instructions of a Dockerfile that are not as they were in an older text of it. Where one is gone, the next one counts
 * as edited, since it stands on another step now.
 */
export function changedLines(before: Document, after: Document): readonly Edit[] {
  const edited = new Set<Instruction>();
  compare(before.preamble, after.preamble, edited);
  for (const [index, stage] of after.stages.entries()) {
    const old = stageLike(stage, index, before);
    if (old) compare(old.instructions, stage.instructions, edited);
    else edited.add(stage.from);
  }
  return [...edited].map((instruction) => ({ kind: 'line', instruction }));
}

/** The stage of the same name, or else the one at the same place. */
function stageLike(stage: Stage, index: number, { stages }: Document): Stage | undefined {
  return stage.name === null ? stages[index] : (stages.find(({ name }) => name === stage.name) ?? stages[index]);
}

/** Walks two lists side by side; what the older one has more is skipped where the newer one goes on behind it. */
function compare(before: readonly Instruction[], after: readonly Instruction[], edited: Set<Instruction>): void {
  const rest = before.map(keyText);
  let at = 0;
  for (const [index, instruction] of after.entries()) {
    const found = rest.indexOf(keyText(instruction), at);
    if (found < 0) {
      edited.add(instruction);
      continue;
    }
    const gone = before.slice(at, found).some(({ keyword }) => !NO_KEY.test(keyword));
    // What stood in place of an edited line is not gone but edited.
    if (gone && !edited.has(after[index - 1] ?? instruction)) edited.add(instruction);
    at = found + 1;
  }
}

/** What a key can depend on: the text without comments and the way in which lines are joined. */
function keyText({ keyword, flags, argumentsText, heredocs }: Instruction): string {
  const given = flags.map(({ name, value }) => `${name}=${value?.text ?? ''}`);
  return [keyword, ...given, argumentsText, ...heredocs.map(({ content }) => content)].join('\n');
}
