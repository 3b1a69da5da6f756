import { createSource, type SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';
import type { SyntaxProblem } from './ast.js';

export interface Decoded {
  readonly source: SourceFile;
  /** Of kind `encoding`; null for UTF-8. */
  readonly problem: SyntaxProblem | null;
  /** False for what is no Dockerfile at all: its text is there to be shown, and nothing else in it is worth a finding. */
  readonly isText: boolean;
}

/**
 * Reads bytes as BuildKit does: UTF-8, with or without a byte order mark. Bytes that are not UTF-8 become U+FFFD, and
 * the rest of the file can still be linted. UTF-16 is decoded so that it can be shown.
 *
 * @param path as shown.
 */
export function decode(bytes: Uint8Array, path: string): Decoded {
  const wide = wideEncoding(bytes);
  if (wide) {
    const source = createSource(path, new TextDecoder(wide.label, { ignoreBOM: true }).decode(bytes));
    return {
      source,
      problem: unreadable(source, `the file is ${wide.name}; BuildKit reads UTF-8 only`),
      isText: false,
    };
  }
  const utf8 = decodeUtf8(bytes);
  if (utf8 !== null) {
    const source = createSource(path, utf8);
    const nul = source.text.indexOf('\0');
    if (nul === -1) return { source, problem: null, isText: true };
    if (isBinary(bytes)) return binary(source, nul);
    const span = { start: nul, end: nul + 1 };
    const message = 'there is a NUL character here, which no command and no file name can hold';
    return { source, problem: problemAt(span, message, 'delete it', false), isText: true };
  }
  const source = createSource(path, new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  const wrong = firstInvalid(bytes);
  const before = createSource(path, new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, wrong)));
  const start = before.text.length;
  if (isBinary(bytes)) return binary(source, start);
  const byte = bytes[wrong] ?? 0;
  const meant = byte >= 0xa0 ? ` (in ISO 8859-1 it is \`${String.fromCharCode(byte)}\`)` : '';
  const message = `byte 0x${byte.toString(16).toUpperCase()}${meant} is not UTF-8; BuildKit passes it on as it is, and tools read it differently`;
  return {
    source,
    problem: problemAt({ start, end: start + 1 }, message, 'save the file as UTF-8', false),
    isText: true,
  };
}

function binary(source: SourceFile, at: number): Decoded {
  const start = Math.min(at, Math.max(0, source.text.length - 1));
  const span = { start, end: start + 1 };
  return { source, problem: problemAt(span, 'the file is binary, not a Dockerfile', null), isText: false };
}

function unreadable(source: SourceFile, message: string): SyntaxProblem {
  const line = source.text.search(/[\r\n]/);
  const end = line > 0 ? line : Math.min(1, source.text.length);
  return problemAt({ start: 0, end }, message, 'save the file as UTF-8');
}

function problemAt(span: Span, message: string, help: string | null, fatal = true): SyntaxProblem {
  return { kind: 'encoding', message, help, span, suggestion: null, fatal };
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

interface WideEncoding {
  readonly label: 'utf-16le' | 'utf-16be';
  readonly name: string;
}

const LITTLE: WideEncoding = { label: 'utf-16le', name: 'UTF-16 (little endian)' };
const BIG: WideEncoding = { label: 'utf-16be', name: 'UTF-16 (big endian)' };

/** By its byte order mark or, without one, by the NUL bytes that every second byte of ASCII text is. */
function wideEncoding(bytes: Uint8Array): WideEncoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && !(bytes.length >= 4 && bytes[2] === 0 && bytes[3] === 0)) return LITTLE;
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return BIG;
  const length = Math.min(bytes.length, 4096) & ~1;
  const nuls = [0, 0];
  for (let at = 0; at < length; at++) if (bytes[at] === 0) nuls[at & 1] = (nuls[at & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const half = length / 2;
  if (odd > half * 0.7 && even < half * 0.05) return LITTLE;
  if (even > half * 0.7 && odd < half * 0.05) return BIG;
  return null;
}

/** Controls other than white space, or bytes that are not UTF-8, make up more than a text would ever hold. */
function isBinary(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.length, 8192);
  let odd = 0;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) odd += 4;
    else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127) odd++;
  }
  return odd > length * 0.05 + 4;
}

/** Index of the first byte that is not part of a well-formed sequence: https://www.unicode.org/versions/latest/core-spec/chapter-3/ (table 3-7). */
function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const size = sequenceAt(bytes, at);
    if (size === 0) return at;
    at += size;
  }
  return at;
}

/** Length of the sequence that begins here; 0 where it is not well formed. */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const size =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (size === 0) return 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[at + 1] ?? 0;
  if (second < low || second > high) return 0;
  for (let index = 2; index < size; index++) {
    const byte = bytes[at + index] ?? 0;
    if (byte < 0x80 || byte > 0xbf) return 0;
  }
  return size;
}
