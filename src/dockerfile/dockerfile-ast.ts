import { DockerfileParser } from 'dockerfile-ast';
import type { SourceFile } from '../model/source.js';
import type { Scan } from './scan.js';

/** What dockerfile-ast says of one instruction: where its keyword ends, continuations in it considered, and which it is. */
export interface ParsedKeyword {
  /** Upper case. */
  readonly keyword: string;
  /** Offset in the file. */
  readonly end: number;
}

/** dockerfile-ast is given this much text at once: some of what it does grows faster than its input. */
const CHUNK = 64 * 1024;

/**
 * Of an instruction it sees the keyword where that stands alone in its word, and the beginning of any other: it splits and
 * reads the arguments several times while it parses, which is most of its time, and their words are split by BuildKit's
 * rules elsewhere in any case.
 */
const SIGHT = 12;
const PLAIN_KEYWORD = /^[A-Za-z]+(?=[ \t])/;

/**
 * Runs dockerfile-ast over a file in which everything that it takes otherwise than BuildKit is masked (directives,
 * comments, bodies of heredocs, `<<`, carriage returns, escaped escape characters at the end of a line), and gives its
 * instructions by the offset at which they start. Where it fails on a stretch of text, the instructions of that stretch
 * are missing.
 */
export function parseKeywords(source: SourceFile, scan: Scan): ReadonlyMap<number, ParsedKeyword> {
  const found = new Map<number, ParsedKeyword>();
  const { lines } = scan;
  let comment = 0;
  let escapeAt = 0;
  let index = 0;
  while (index < lines.length) {
    const firstLine = lines[index]?.firstLine ?? 0;
    const chunkStart = source.lineStarts[firstLine] ?? 0;
    let masked = '';
    let at = chunkStart;
    for (; index < lines.length; index++) {
      const line = lines[index];
      if (!line || (masked !== '' && line.end - chunkStart > CHUNK)) break;
      masked += emptied(source.text.slice(at, line.span.start));
      let text = source.text.slice(line.span.start, line.span.end);
      // Comments and false continuations are sorted, as are the instructions.
      const blanks: [number, number][] = [];
      for (; escapeAt < scan.falseContinuations.length; escapeAt++) {
        const offset = scan.falseContinuations[escapeAt] ?? 0;
        if (offset >= line.span.end) break;
        if (offset >= line.span.start) blanks.push([offset, offset + 1]);
      }
      for (; comment < scan.comments.length; comment++) {
        const span = scan.comments[comment]?.span;
        if (!span || span.start >= line.span.end) break;
        if (span.start >= line.span.start) blanks.push([span.start, span.end]);
      }
      text = maskText(text, line.span.start, blanks);
      if (text.length > SIGHT) text = beginning(text, scan.escape);
      masked += text;
      at = line.span.end;
      if (line.end > at) {
        masked += emptied(source.text.slice(at, line.end));
        at = line.end;
      }
    }
    collect(source, scan.escape, masked, firstLine, found);
  }
  return found;
}

/** Lines without their text; what stands behind the last line end keeps its width, since something follows it there. */
function emptied(text: string): string {
  return lineEnds(text) + ' '.repeat(text.length - text.lastIndexOf('\n') - 1);
}

function lineEnds(text: string): string {
  let ends = '';
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) ends += '\n';
  return ends;
}

/** The text with all but its beginning taken out, line by line; what is left must not end in a continuation, which would take in the next instruction. */
function beginning(text: string, escapeCharacter: '\\' | '`'): string {
  let seen = PLAIN_KEYWORD.exec(text)?.[0] ?? text.slice(0, SIGHT).trimEnd();
  while (seen.endsWith(escapeCharacter)) seen = seen.slice(0, -1).trimEnd();
  return seen + lineEnds(text.slice(seen.length));
}

function maskText(text: string, offset: number, blanks: readonly (readonly [number, number])[]): string {
  let out = text;
  if (blanks.length > 0) {
    out = '';
    let at = 0;
    for (const [start, end] of [...blanks].sort((a, b) => a[0] - b[0])) {
      out += text.slice(at, start - offset) + ' '.repeat(end - start);
      at = end - offset;
    }
    out += text.slice(at);
  }
  if (out.includes('<<')) out = out.replaceAll('<<', '  ');
  if (out.includes('\r')) out = out.replaceAll('\r', ' ');
  return out;
}

function collect(
  source: SourceFile,
  escapeCharacter: '\\' | '`',
  masked: string,
  firstLine: number,
  found: Map<number, ParsedKeyword>,
): void {
  const prefix = escapeCharacter === '`' ? '# escape=`\n' : '';
  try {
    for (const instruction of DockerfileParser.parse(prefix + masked).getInstructions()) {
      const { start, end } = instruction.getInstructionRange();
      const base = firstLine - (prefix === '' ? 0 : 1);
      found.set((source.lineStarts[base + start.line] ?? 0) + start.character, {
        keyword: instruction.getKeyword(),
        end: (source.lineStarts[base + end.line] ?? 0) + end.character,
      });
    }
  } catch {
    // It throws on some malformed arguments; the caller has its own reading of every instruction.
  }
}
