import type { Edit, Finding, Fix } from '../model/finding.js';
import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';
import { type Frame, placeOf } from '../shell/frame.js';
import { CODES_MILD, CODES_OFF, CODES_QUIET, isPortability } from './codes.js';
import { BODY_LINE, type CheckedScript, type Remark, type Replacement, type ShellcheckSettings } from './types.js';
import { splittingOf } from './words-to-split.js';

/** The family of the ids: `shellcheck/SC2086`. */
const FAMILY = 'shellcheck';

/** Where ShellCheck explains a code. */
export function wikiPage(code: string): string {
  return `https://www.shellcheck.net/wiki/${code}`;
}

/** Puts what ShellCheck said of a script at its place in the Dockerfile. */
export function findingsOf(
  script: CheckedScript,
  remarks: readonly Remark[],
  source: SourceFile,
  settings: ShellcheckSettings,
): readonly Finding[] {
  const lines = lineStarts(script.frame.text);
  return remarks.flatMap((remark) => {
    const code = `SC${remark.code}`;
    const chosen = settings.codes.get(code);
    if (chosen === null || settings.only?.has(code) === false) return [];
    if (remark.line < BODY_LINE || CODES_OFF.has(remark.code)) return [];
    const isOwn = settings.semantics === 'plimsoll';
    // Who names a code wants it.
    if (isOwn && chosen === undefined && !settings.only && isQuiet(remark.code, script)) return [];
    const span = spanOf(remark, script.frame, lines);
    if (isOwn && isMistaken(remark.code, span, script, source.text)) return [];
    return {
      rule: `${FAMILY}/${code}`,
      severity: chosen ?? (isOwn ? CODES_MILD.get(remark.code)?.severity : undefined) ?? remark.level,
      message: remark.message.replace(/\s+/g, ' ').trim().replace(/\.$/, ''),
      help: `see ${wikiPage(code)}`,
      label: null,
      at: { file: source, span },
      related: [],
      sensitive: [],
      fix: isOwn && !isFixSafe(remark.code, span, script, source.text) ? null : fixOf(script, remark, source, lines),
      suppressed: null,
    };
  });
}

/** True where a code is hardly ever right, or nobody knows whether it is. */
function isQuiet(code: number, { dialect }: CheckedScript): boolean {
  return CODES_QUIET.has(code) || (dialect === null && isPortability(code));
}

/** True where the words around it show that a remark does not hold. */
function isMistaken(code: number, span: Span, script: CheckedScript, text: string): boolean {
  switch (code) {
    case 2086:
      return splittingOf(script, span, text.slice(span.start, span.end)) === 'list';
    // The exit code of the last command is that of the script.
    case 2164:
      return text.slice(span.end, placeOf(script.frame, 0, script.frame.text.length).end).trim() === '';
    // `mktemp -d` as most official images have it: the next command fails where it did.
    case 2155:
      return /^="?\$\(mktemp\b/.test(text.slice(span.end, span.end + 12));
    default:
      return false;
  }
}

/** False where ShellCheck's change may break the script: quotes around what is a list, or may be empty. */
function isFixSafe(code: number, span: Span, script: CheckedScript, text: string): boolean {
  if (code === 2086) return splittingOf(script, span, text.slice(span.start, span.end)) === 'one';
  // `! grep x` becomes `grep x && exit 1`, which fails at the end of a script or of an `if` where it did not.
  return code !== 2251;
}

/** Offsets of the lines in the text. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Offset in the frame's text of a place in the script; null: it is none of it. */
function offsetOf(text: string, lines: readonly number[], line: number, column: number): number | null {
  const start = lines[line - BODY_LINE];
  if (start === undefined) return null;
  const end = (lines[line - BODY_LINE + 1] ?? text.length + 1) - 1;
  let at = start;
  for (let count = 1; count < column && at < end; count++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

/** The span of a remark, one character at least; the whole script where ShellCheck names a place behind it. */
function spanOf(remark: Remark, frame: Frame, lines: readonly number[]): Span {
  const { text } = frame;
  const from = offsetOf(text, lines, remark.line, remark.column) ?? 0;
  const to = offsetOf(text, lines, remark.endLine, remark.endColumn) ?? text.length;
  // A place at a line end or behind the text: the last character before it that can be seen.
  let start = Math.min(from, text.length);
  let end = Math.max(to, start);
  if (end === start || text.slice(start, end).trim() === '') {
    if (/\S/.test(text.charAt(start))) end = start + 1;
    else {
      while (start > 0 && !/\S/.test(text.charAt(start - 1))) start--;
      end = start;
      start = Math.max(start - 1, 0);
      if (end === 0) end = Math.min(1, text.length);
    }
  }
  const span = placeOf(frame, start, end);
  return span.end > span.start ? span : { start: span.start, end: span.start + 1 };
}

/**
 * ShellCheck's change as edits of the Dockerfile. Null where it would not be the same there: a line end within a continued
 * instruction, a range that a continuation runs through.
 */
function fixOf(script: CheckedScript, remark: Remark, source: SourceFile, lines: readonly number[]): Fix | null {
  if (!remark.fix || remark.fix.length === 0) return null;
  const edits: Edit[] = [];
  for (const [index, replacement] of remark.fix.entries()) {
    const span = editSpan(script, replacement, lines, index > 0 || remark.fix.length === 1);
    if (span === null) return null;
    edits.push({ file: source, span, text: replacement.text });
  }
  edits.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  if (edits.some(({ span }, index) => span.start < (edits[index - 1]?.span.end ?? 0))) return null;
  // Quotes and the like are nearly always right, but a word that was meant to be split no longer is.
  return { kind: 'suggestion', title: `Apply ShellCheck's change for SC${remark.code}`, edits };
}

function editSpan(
  { frame, isJoined }: CheckedScript,
  { line, column, endLine, endColumn, text }: Replacement,
  lines: readonly number[],
  isClosing: boolean,
): Span | null {
  const from = offsetOf(frame.text, lines, line, column);
  const to = offsetOf(frame.text, lines, endLine, endColumn);
  if (from === null || to === null || to < from || (isJoined && text.includes('\n'))) return null;
  if (from === to) {
    // What closes a word goes directly behind it, before a continuation that may follow.
    const at = isClosing && from > 0 ? placeOf(frame, from - 1, from).end : placeOf(frame, from, from).start;
    return { start: at, end: at };
  }
  const span = placeOf(frame, from, to);
  return span.end - span.start === to - from ? span : null;
}
