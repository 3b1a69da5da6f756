import type { Instruction } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';
import { memoise } from './lazy.js';
import type { Facts, StageFacts } from './types.js';

/** A `COPY --from` or `RUN --mount=from=`. */
export interface StageReference {
  readonly instruction: Instruction;
  /** Of the name, as written. */
  readonly span: Span;
  /** After expansion; null where a variable has no known value. */
  readonly text: string | null;
  /** True where it is written without variables. */
  readonly literal: boolean;
  /** What BuildKit takes it for: of two stages with one name the last, wherever it stands. Null: no stage. */
  readonly stage: StageFacts | null;
  /** True where a compose file gives the name to a context of its own, which goes before any stage. */
  readonly namedContext: boolean;
}

/**
 * All references to stages and images of COPY and RUN, in order of the file. A trigger of ONBUILD is left out: it means the
 * stages of another Dockerfile. {@link https://docs.docker.com/reference/dockerfile/#copy-or-mount-from-stage-image-or-context}
 */
export const stageReferences = memoise((facts: Facts): readonly StageReference[] => {
  const { document, stages, context } = facts;
  const byName = new Map(stages.flatMap((stage) => (stage.name === null ? [] : [[stage.name, stage] as const])));
  const found: StageReference[] = [];
  const add = (instruction: Instruction, span: Span, text: string | null, literal: boolean, index: boolean): void => {
    const name = text?.toLowerCase() ?? '';
    const numbered = index && /^\d+$/.test(name) ? stages[Number(name)] : undefined;
    found.push({
      instruction,
      span,
      text,
      literal,
      stage: byName.get(name) ?? numbered ?? null,
      namedContext: text !== null && context?.namedContexts.has(text) === true,
    });
  };
  for (const instruction of facts.instructions('COPY', 'RUN')) {
    if (instruction.onbuild) continue;
    if (instruction.keyword === 'COPY') {
      const { from } = instruction;
      if (!from) continue;
      const expanded = facts.expand(from, instruction);
      add(instruction, from.span, expanded.ok ? expanded.value || null : null, !from.text.includes('$'), true);
      continue;
    }
    for (const { flag, options } of instruction.mounts) {
      const from = options.get('from');
      if (from === undefined || from === '') continue;
      const literal = !from.includes('$');
      const at = document.source.text.slice(flag.span.start, flag.span.end).indexOf(`from=${from}`);
      const start = flag.span.start + at + 'from='.length;
      const span = at < 0 ? flag.span : { start, end: start + from.length };
      add(instruction, span, literal ? from : null, literal, false);
    }
  }
  return found;
});
