import { lineSpan, type SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';
import type { Comment, Directive, Heredoc, SyntaxProblem } from './ast.js';
import { scanDirectives } from './directives.js';
import { emptyContinuation } from './empty-continuation.js';
import { findHeredocMarkers } from './heredoc-marker.js';
import { parseJsonForm } from './json-form.js';
import { type LogicalLine, spanOf } from './logical-line.js';
import { isSpace, skipSpace, trimEnd } from './text.js';
import { splitCommand } from './words.js';

export interface Scan {
  readonly directives: readonly Directive[];
  readonly escape: '\\' | '`';
  readonly comments: readonly Comment[];
  readonly lines: readonly LogicalLine[];
  /** Escape characters at the end of a line that do not continue it, since another stands before them. */
  readonly falseContinuations: readonly number[];
}

/** The longest line, in bytes, that BuildKit's scanner takes. */
const MAX_LINE_BYTES = 65_535;

/**
 * Cuts a file into instructions as BuildKit does: a line ends at `\n`, the escape character with blanks behind it
 * continues it, comment lines and blank lines in between do not count, and the bodies of heredocs belong to the
 * instruction that opens them.
 */
export function scan(source: SourceFile, problems: SyntaxProblem[]): Scan {
  const { directives, escape: escapeCharacter, nextLine } = scanDirectives(source, problems);
  const state: ScanState = {
    source,
    problems,
    escape: escapeCharacter.charCodeAt(0),
    // After a final line end there is no further line.
    lineCount: source.lineStarts.length - (source.text.endsWith('\n') || source.text === '' ? 1 : 0),
    comments: [],
    falseContinuations: [],
    missingTerminators: new Set(),
    at: nextLine,
  };
  checkLineLengths(state);
  if (source.text.startsWith('#!')) addComment(state, 0, contentEnd(state, 0), false);
  const lines: LogicalLine[] = [];
  while (state.at < state.lineCount) {
    const line = readLogicalLine(state);
    if (line) lines.push(line);
  }
  return {
    directives,
    escape: escapeCharacter,
    comments: state.comments,
    lines,
    falseContinuations: state.falseContinuations,
  };
}

interface ScanState {
  readonly source: SourceFile;
  readonly problems: SyntaxProblem[];
  readonly escape: number;
  readonly lineCount: number;
  readonly comments: Comment[];
  readonly falseContinuations: number[];
  /** Delimiters that no line closes from here to the end of the file, so that it is not searched for them again. */
  readonly missingTerminators: Set<string>;
  /** Index of the next line. */
  at: number;
}

function readLogicalLine(state: ScanState): LogicalLine | null {
  const { text, lineStarts } = state.source;
  const firstLine = state.at++;
  const lineStart = lineStarts[firstLine] ?? 0;
  let end = contentEnd(state, firstLine);
  const start = skipSpace(text, lineStart, end);
  if (start === end) return null;
  if (text.charCodeAt(start) === 35) {
    addComment(state, start, end, false);
    return null;
  }
  let cut = continuationAt(state, start, end);
  if (cut === -1) return withHeredocs(state, text.slice(start, end), [0], [start], { start, end }, firstLine);

  let joined = text.slice(start, cut);
  const pieces = [0];
  const offsets = [start];
  let lastEnd = cut + 1;
  let lastEscape = cut;
  const blanks: number[] = [];
  let emptyAfter = -1;
  let afterBlank = -1;
  while (cut !== -1 && state.at < state.lineCount) {
    const index = state.at++;
    const from = lineStarts[index] ?? 0;
    end = contentEnd(state, index);
    const content = skipSpace(text, from, end);
    if (content === end) {
      if (emptyAfter === -1) emptyAfter = lastEscape;
      blanks.push(index);
      continue;
    }
    if (text.charCodeAt(content) === 35) {
      addComment(state, content, end, true);
      continue;
    }
    if (emptyAfter !== -1 && afterBlank === -1) afterBlank = content;
    cut = continuationAt(state, from, end);
    pieces.push(joined.length);
    offsets.push(from);
    joined += text.slice(from, cut === -1 ? end : cut);
    lastEnd = cut === -1 ? end : cut + 1;
    if (cut !== -1) lastEscape = cut;
  }
  if (emptyAfter !== -1) {
    state.problems.push(emptyContinuation(state.source, { from: emptyAfter, blanks, next: afterBlank }));
  }
  return withHeredocs(state, joined, pieces, offsets, { start, end: lastEnd }, firstLine);
}

/** End of a line without `\r` and `\n`. */
function contentEnd(state: ScanState, index: number): number {
  const { text, lineStarts } = state.source;
  const start = lineStarts[index] ?? text.length;
  let end = lineStarts[index + 1] ?? text.length;
  while (end > start) {
    const code = text.charCodeAt(end - 1);
    if (code !== 10 && code !== 13) break;
    end--;
  }
  return end;
}

/** Offset of the escape character that continues a line; -1 where none does. */
function continuationAt(state: ScanState, start: number, end: number): number {
  const { text } = state.source;
  let at = end - 1;
  while (at >= start && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at--;
  if (at < start || text.charCodeAt(at) !== state.escape) return -1;
  // An escaped escape character ends the line: `C:\\`.
  if (at > start && text.charCodeAt(at - 1) === state.escape) {
    state.falseContinuations.push(at);
    return -1;
  }
  return at;
}

function addComment(state: ScanState, start: number, end: number, inside: boolean): void {
  state.comments.push({
    span: { start, end },
    text: state.source.text.slice(start + 1, end).trim(),
    inside,
  });
}

function withHeredocs(
  state: ScanState,
  text: string,
  pieces: readonly number[],
  offsets: readonly number[],
  span: Span,
  firstLine: number,
): LogicalLine {
  const end = trimEnd(state.source.text, span.start, span.end);
  const line = { text, pieces, offsets, span: { start: span.start, end }, firstLine, heredocs: [], end };
  if (!text.includes('<<') || !canHoldHeredoc(text)) return line;
  const markers = findHeredocMarkers(text);
  if (markers.length === 0) return line;
  const heredocs: Heredoc[] = [];
  for (const { marker, start, end: markerEnd } of markers) {
    const place = spanOf(line, start, markerEnd);
    const body = readHeredocBody(state, marker.name, marker.chomp);
    heredocs.push({
      name: marker.name,
      fileDescriptor: marker.fileDescriptor,
      expand: marker.expand,
      chomp: marker.chomp,
      marker: place,
      body: body.span,
      content: state.source.text.slice(body.span.start, body.span.end),
      terminator: body.terminator,
    });
    if (body.terminator === null) {
      reportUnterminated(state, marker.name, place, body.nearMiss);
      break;
    }
  }
  const last = heredocs.at(-1);
  const bodyEnd = last?.terminator?.end ?? last?.body.end ?? end;
  return { ...line, heredocs, end: Math.max(end, bodyEnd) };
}

/** ADD, COPY and RUN, or ONBUILD with one of them, and not in the exec form. */
function canHoldHeredoc(text: string): boolean {
  let parts = splitCommand(text);
  let keyword = text.slice(parts.keywordStart, parts.keywordEnd).toUpperCase();
  if (keyword === 'ONBUILD') {
    parts = splitCommand(text, parts.argumentsStart);
    keyword = text.slice(parts.keywordStart, parts.keywordEnd).toUpperCase();
  }
  if (keyword !== 'RUN' && keyword !== 'COPY' && keyword !== 'ADD') return false;
  return parseJsonForm(text, parts.argumentsStart, parts.argumentsEnd).kind === 'other';
}

interface HeredocBody {
  readonly span: Span;
  readonly terminator: Span | null;
  /** A line that says the delimiter but for blanks around it. */
  readonly nearMiss: { readonly span: Span; readonly line: number } | null;
}

function readHeredocBody(state: ScanState, name: string, chomp: boolean): HeredocBody {
  const { text, lineStarts } = state.source;
  const first = state.at;
  const bodyStart = lineStarts[first] ?? text.length;
  const key = `${chomp ? '-' : ' '}${name}`;
  const isMissing = state.missingTerminators.has(key);
  let nearMiss: HeredocBody['nearMiss'] = null;
  for (let index = first; index < state.lineCount && !(isMissing && nearMiss); index++) {
    const from = lineStarts[index] ?? 0;
    const end = contentEnd(state, index);
    const tabless = chomp ? skipTabs(text, from, end) : from;
    if (end - tabless === name.length && text.startsWith(name, tabless)) {
      state.at = index + 1;
      return { span: { start: bodyStart, end: from }, terminator: { start: tabless, end }, nearMiss: null };
    }
    if (nearMiss === null && end - from > name.length && isAlone(text, name, from, end)) {
      const start = skipSpace(text, from, end);
      nearMiss = { span: { start, end: start + name.length }, line: index };
    }
  }
  state.missingTerminators.add(key);
  // The build stops here; to lint the rest, the line that was meant to close the body is taken to do so.
  if (nearMiss) {
    state.at = nearMiss.line + 1;
    return { span: { start: bodyStart, end: lineStarts[nearMiss.line] ?? bodyStart }, terminator: null, nearMiss };
  }
  state.at = state.lineCount;
  return { span: { start: bodyStart, end: Math.max(bodyStart, text.length) }, terminator: null, nearMiss };
}

function isAlone(text: string, name: string, from: number, end: number): boolean {
  const start = skipSpace(text, from, end);
  return text.startsWith(name, start) && skipSpace(text, start + name.length, end) === end;
}

function skipTabs(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) === 9) at++;
  return at;
}

function reportUnterminated(state: ScanState, name: string, marker: Span, nearMiss: HeredocBody['nearMiss']): void {
  state.problems.push({
    kind: 'unterminated-heredoc',
    message: nearMiss
      ? `no line closes this heredoc: \`${name}\` on line ${nearMiss.line + 1} has blanks around it; the build stops here`
      : `no line closes this heredoc: the file ends before \`${name}\`, and the build stops here`,
    help: nearMiss
      ? `write \`${name}\` at the start of its line with nothing after it`
      : `put \`${name}\` on a line of its own after the last line of the body`,
    span: marker,
    suggestion: null,
    fatal: true,
    ...(nearMiss ? nearMissParts(state, nearMiss, name) : {}),
  });
}

function nearMissParts(
  { source }: ScanState,
  { span, line }: NonNullable<HeredocBody['nearMiss']>,
  name: string,
): Pick<SyntaxProblem, 'related' | 'remedy'> {
  return {
    related: [{ span, message: 'blanks stand around this one' }],
    remedy: {
      safe: false,
      title: `write ${name} alone on its line`,
      edits: [{ span: lineSpan(source, line), text: name }],
    },
  };
}

function checkLineLengths(state: ScanState): void {
  const { text, lineStarts } = state.source;
  // A UTF-16 unit takes three bytes at most.
  if (text.length <= MAX_LINE_BYTES / 3) return;
  for (let index = 0; index < state.lineCount; index++) {
    const start = lineStarts[index] ?? 0;
    const end = contentEnd(state, index);
    if (end - start <= MAX_LINE_BYTES / 3 || byteLength(text, start, end) <= MAX_LINE_BYTES) continue;
    const from = skipSpace(text, start, end);
    let wordEnd = from;
    while (wordEnd < end && wordEnd < from + 80 && !isSpace(text.charCodeAt(wordEnd))) wordEnd++;
    state.problems.push({
      kind: 'invalid-value',
      message: `this line is longer than ${MAX_LINE_BYTES} bytes: the build stops here`,
      help: 'put what is in it into a file and COPY that, or continue the line on further ones',
      span: { start: from, end: Math.max(wordEnd, start + 1) },
      suggestion: null,
      fatal: true,
    });
    return;
  }
}

function byteLength(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    // A surrogate is half of a character of four bytes.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}
