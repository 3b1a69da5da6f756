import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';
import type { CommandFlag } from '../shell/types.js';
import type { CommandUse } from './types.js';

/** An edit that takes a flag with its value out of a command; null where the place is not exact. */
export function withoutFlag(
  flag: CommandFlag,
  { script }: CommandUse,
  source: SourceFile,
): { span: Span; text: string } | null {
  const { word, span } = flag;
  const { text } = source;
  if (!script || text.slice(word.span.start, word.span.end) !== word.value) return null;
  if (/^-\w\w+$/.test(word.value) && flag.name.length === 2) {
    const at = word.span.start + word.value.indexOf(flag.name.charAt(1), 1);
    return flag.value === null ? { span: { start: at, end: at + 1 }, text: '' } : null;
  }
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const before = /[ \t]*$/.exec(text.slice(lineStart, span.start))?.[0].length ?? 0;
  if (before > 0 && before < span.start - lineStart)
    return { span: { start: span.start - before, end: span.end }, text: '' };
  const after = /^[ \t]+(?![\s\\`])|^[ \t]*\\\r?\n[ \t]*(?![\s#])/.exec(text.slice(span.end, span.end + 300))?.[0];
  return after === undefined ? null : { span: { start: span.start, end: span.end + after.length }, text: '' };
}
