import { expandText, type LexResult, TooLarge } from './lexer.js';
import type { Token } from './words.js';

/** What the word `<<EOF` says. */
export interface HeredocMarker {
  readonly name: string;
  readonly fileDescriptor: number;
  readonly expand: boolean;
  readonly chomp: boolean;
}

export type HeredocMarkerResult =
  | { readonly ok: true; readonly marker: HeredocMarker | null }
  | { readonly ok: false; readonly message: string };

const NONE: HeredocMarkerResult = { ok: true, marker: null };

/** Reads one word; null where it is no heredoc marker. Refused where its quotes are not closed. */
export function parseHeredocMarker(word: string): HeredocMarkerResult {
  const match = /^(\d*)<<(-?)\s*([^<]*)$/.exec(word);
  const rest = match?.[3] ?? '';
  if (!match || rest === '') return NONE;
  const plain = lex(rest, false);
  if (!plain.ok) return { ok: false, message: plain.message };
  const name = plain.words[0]?.text;
  if (name === undefined || plain.words.length !== 1) return NONE;
  const fileDescriptor = Number(match[1] ?? 0);
  return {
    ok: true,
    marker: {
      name,
      fileDescriptor: Number.isSafeInteger(fileDescriptor) ? fileDescriptor : 0,
      // Quotes anywhere in the word make the body literal; an escaped quote is part of the name.
      expand: !hasQuotes(rest),
      chomp: match[2] === '-',
    },
  };
}

export interface FoundMarker {
  readonly marker: HeredocMarker;
  readonly start: number;
  readonly end: number;
}

/**
 * The heredoc markers of a logical line, in order. Words are told apart with quotes and backslash escapes in mind,
 * whatever the escape directive says; a line whose quotes do not close has none.
 */
export function findHeredocMarkers(line: string): FoundMarker[] {
  if (!line.includes('<<')) return [];
  const result = lex(line, true);
  if (!result.ok) return [];
  const found: FoundMarker[] = [];
  for (const word of joinBareMarkers(result.words)) {
    const parsed = parseHeredocMarker(word.text);
    if (parsed.ok && parsed.marker) found.push({ marker: parsed.marker, start: word.start, end: word.end });
  }
  return found;
}

/** `<< EOF` is one marker in two words. */
function joinBareMarkers(words: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Token;
    const next = words[at + 1];
    if (next && /^\d*<<-?$/.test(word.text)) {
      joined.push({ text: `${word.text} ${next.text}`, start: word.start, end: next.end });
      at++;
    } else {
      joined.push(word);
    }
  }
  return joined;
}

function hasQuotes(word: string): boolean {
  return /['"]/.test(word.replace(/\\./gs, ''));
}

function lex(text: string, raw: boolean): LexResult {
  try {
    return expandText(text, { escape: '\\', lookup: () => undefined, keepQuotes: false, raw, keepUnset: true });
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return { ok: false, message: 'expansions are nested too deeply', start: 0, end: text.length };
  }
}

/** Takes the leading tabs off every line, as `<<-` asks for. */
export function chompHeredoc(content: string): string {
  return content.replace(/(^|\n)\t+/g, '$1');
}
