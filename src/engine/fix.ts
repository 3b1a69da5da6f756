import type { Edit, Finding, Fix } from '../model/finding.js';
import type { SourceFile } from '../model/source.js';

/** `safe`: only fixes that may be applied unseen. `all`: suggestions too. */
export type FixMode = 'safe' | 'all';

/** More passes than this mean that two fixes undo one another. */
export const MAX_PASSES = 10;

export interface FixPass {
  /** The files that change: the file as it was read, and its new text without a byte order mark. */
  readonly changed: ReadonlyMap<SourceFile, string>;
  readonly applied: readonly Finding[];
}

/**
 * Applies, in one pass, every fix that touches nothing another one touched; the rest is left for the next pass, which
 * sees the changed text. A fix is taken whole or not at all.
 */
export function applyFixes(findings: readonly Finding[], mode: FixMode): FixPass {
  const taken = new Map<SourceFile, Edit[]>();
  const applied: Finding[] = [];
  for (const finding of findings) {
    if (!finding.fix || finding.suppressed || (mode === 'safe' && finding.fix.kind !== 'safe')) continue;
    if (!fits(finding.fix, taken)) continue;
    for (const edit of finding.fix.edits) {
      const edits = taken.get(edit.file) ?? [];
      if (edits.some((other) => isSameEdit(other, edit))) continue;
      edits.push(edit);
      taken.set(edit.file, edits);
    }
    applied.push(finding);
  }
  const changed = new Map([...taken].map(([file, edits]) => [file, applyEdits(file, edits)] as const));
  return { changed, applied };
}

/** The text after all edits; they must not overlap. Line ends of inserted text become those of the file. */
export function applyEdits(file: SourceFile, edits: readonly Edit[]): string {
  let text = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)) {
    text += file.text.slice(at, edit.span.start) + edit.text.replace(/\r?\n/g, file.eol);
    at = edit.span.end;
  }
  return text + file.text.slice(at);
}

function fits(fix: Fix, taken: ReadonlyMap<SourceFile, readonly Edit[]>): boolean {
  return fix.edits.every((edit) =>
    (taken.get(edit.file) ?? []).every((other) => isSameEdit(other, edit) || !collides(other, edit)),
  );
}

/** Two edits collide where they share text, and where both insert at one place: their order would be chance. */
function collides(a: Edit, b: Edit): boolean {
  if (a.span.start === a.span.end && b.span.start === b.span.end) return a.span.start === b.span.start;
  return a.span.start <= b.span.end && b.span.start <= a.span.end;
}

function isSameEdit(a: Edit, b: Edit): boolean {
  return a.span.start === b.span.start && a.span.end === b.span.end && a.text === b.text;
}
