/**
 * Characters of a file that could act on a terminal or mislead a reader: C0 and C1 controls, marks that reorder text
 * (see https://trojansource.codes), characters without a width of their own that hide in a word, lone surrogates,
 * U+FFFE and U+FFFF. No XML may hold the last three kinds, not even as references, nor most controls.
 * U+200C and U+200D stay: several scripts and emoji need them.
 */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** The text with such characters shown: ESC as `␛`, U+202E as `\u{202e}`. A tab is one of them. */
export function visible(text: string, unicode = true): string {
  return text.replace(HIDDEN, (character) => picture(character.codePointAt(0) ?? 0, unicode));
}

/** A path as programs read it: itself, with U+FFFD for a lone surrogate, which neither a URI nor UTF-8 can hold. */
export function wellFormed(path: string): string {
  return path.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** JSON with such characters written as escapes, so that it can be printed; it means the same. */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(HIDDEN, (character) => (character === '\n' ? character : escapeUnits(character)))}\n`;
}

function picture(code: number, unicode: boolean): string {
  if (unicode && code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (unicode && code === 0x7f) return '\u2421';
  return `\\u{${code.toString(16)}}`;
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let at = 0; at < character.length; at++) {
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
