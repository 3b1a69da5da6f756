import type { Comment, Document, Instruction } from '../dockerfile/ast.js';

/** The shell that a comment names for an instruction, in the form of SHELL; null: none. */
export type ShellOverride = (instruction: Instruction) => readonly string[] | null;

/**
 * Resolves `# hadolint shell=NAME`. As in hadolint it holds until the next SHELL or FROM; before the first FROM, for all
 * stages that begin with an image; a stage built on another one begins with what that one ended with.
 */
export function shellOverrides(
  document: Document,
  comments: readonly { readonly comment: Comment; readonly shell: string }[],
): ShellOverride {
  if (comments.length === 0) return () => null;
  const found = new Map<Instruction, readonly string[]>();
  const finals = new Map<string, readonly string[] | null>();
  let base: readonly string[] | null = null;
  let current: readonly string[] | null = null;
  let flags: readonly string[] = ['-c'];
  let stage = '';
  let next = 0;
  for (const instruction of document.instructions) {
    for (; (comments[next]?.comment.span.start ?? Number.POSITIVE_INFINITY) < instruction.span.start; next++) {
      // The comment corrects which shell it is, not the flags that SHELL gave it (`-o pipefail`).
      current = [comments[next]?.shell ?? '', ...flags];
      if (instruction.stage < 0 || (instruction.keyword === 'FROM' && instruction.stage === 0)) base = current;
    }
    if (instruction.keyword === 'FROM') {
      flags = ['-c'];
      const parent = instruction.image?.text.toLowerCase() ?? '';
      current = finals.has(parent) ? (finals.get(parent) ?? null) : base;
      stage = instruction.name?.text.toLowerCase() ?? '';
    } else if (instruction.keyword === 'SHELL') {
      current = null;
      flags = instruction.command?.strings.slice(1).map(({ value }) => value) ?? flags;
    }
    if (stage) finals.set(stage, current);
    if (!current) continue;
    found.set(instruction, current);
    if (instruction.keyword === 'ONBUILD' && instruction.trigger) found.set(instruction.trigger, current);
  }
  return (instruction) => found.get(instruction) ?? null;
}
