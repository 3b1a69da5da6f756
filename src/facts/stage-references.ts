import type { CopyInstruction, RunInstruction } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';
import { memoise } from './lazy.js';
import type { Facts, StageFacts } from './types.js';

/** A `COPY --from` or `RUN --mount=from=`. */
export interface StageReference {
  readonly instruction: CopyInstruction | RunInstruction;
  /** Of the name. */
  readonly span: Span;
  /** As written. */
  readonly text: string;
  /** False where it holds a variable, which BuildKit expands in some places and some versions only. */
  readonly literal: boolean;
  /** What BuildKit takes it for: of two stages with one name the last, wherever it stands. Null: no stage, or not known. */
  readonly stage: StageFacts | null;
  /** True where a compose file gives the name to a context of its own, which goes before any stage. */
  readonly namedContext: boolean;
}

/**
 * All references to stages and images of COPY and RUN, in order of the file. A trigger of ONBUILD is left out: it means the
 * stages of another Dockerfile. {@link https://docs.docker.com/reference/dockerfile/#copy-or-mount-from-stage-image-or-context}
 */
export const stageReferences = memoise((facts: Facts): readonly StageReference[] => {
  const { stages, context } = facts;
  const byName = new Map(stages.flatMap((stage) => (stage.name === null ? [] : [[stage.name, stage] as const])));
  return written(facts).map((reference) => {
    const name = reference.text.toLowerCase();
    // Only COPY counts the stages.
    const numbered = reference.instruction.keyword === 'COPY' && /^\d+$/.test(name) ? stages[Number(name)] : undefined;
    return {
      ...reference,
      literal: !name.includes('$'),
      stage: byName.get(name) ?? numbered ?? null,
      namedContext: context?.namedContexts.has(reference.text) === true,
    };
  });
});

type Written = Pick<StageReference, 'instruction' | 'span' | 'text'>;

function written(facts: Facts): readonly Written[] {
  const { text: source } = facts.document.source;
  return facts.instructions('COPY', 'RUN').flatMap((instruction): readonly Written[] => {
    if (instruction.onbuild) return [];
    if (instruction.keyword === 'COPY') {
      const { from } = instruction;
      return from ? [{ instruction, span: from.span, text: from.text.replace(/^(["'])(.*)\1$/, '$2') }] : [];
    }
    return instruction.mounts.flatMap(({ flag, options }) => {
      const text = options.get('from') ?? '';
      if (text === '') return [];
      const at = source.slice(flag.span.start, flag.span.end).indexOf(`from=${text}`);
      const start = flag.span.start + at + 'from='.length;
      return [{ instruction, span: at < 0 ? flag.span : { start, end: start + text.length }, text }];
    });
  });
}
