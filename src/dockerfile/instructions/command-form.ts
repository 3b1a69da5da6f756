import type { CommandForm, ExecForm, JsonString, Word } from '../ast.js';
import { consequence, type Draft, report, wordsOf } from '../draft.js';
import {
  type JsonForm,
  type JsonItem,
  looksLikeJsonForm,
  looksLikeJsonPaths,
  parseJsonForm,
  repairJsonForm,
  repairJsonPaths,
} from '../json-form.js';
import { spanOf } from '../logical-line.js';
import { parseWords, splitBlanks, type Token } from '../words.js';

/** Reads `[start, end)` of the logical line as exec form or shell form. */
export function readCommandForm(draft: Draft, start: number, end: number): CommandForm {
  const { line } = draft;
  const json = parseJsonForm(line.text, start, end);
  if (json.kind === 'strings') return execForm(draft, json.items, start, end);
  const failedJson = reportFailedJson(draft, json, start, end);
  return { form: 'shell', span: spanOf(line, start, end), failedJson };
}

export function execForm(draft: Draft, items: readonly JsonItem[], start: number, end: number): ExecForm {
  return { form: 'exec', strings: jsonStrings(draft, items), span: spanOf(draft.line, start, end) };
}

function jsonStrings(draft: Draft, items: readonly JsonItem[]): JsonString[] {
  return items.map((item) => ({ value: item.value, span: spanOf(draft.line, item.start, item.end) }));
}

/** The arguments of an instruction that takes paths, either as JSON or split at blanks. */
export function readPaths(draft: Draft): {
  readonly exec: boolean;
  readonly failedJson: boolean;
  readonly words: Word[];
} {
  const { argumentsStart, argumentsEnd } = draft.parts;
  const { text } = draft.line;
  const json = parseJsonForm(text, argumentsStart, argumentsEnd);
  if (json.kind === 'strings') return { exec: true, failedJson: false, words: jsonWords(draft, json.items) };
  const tokens = splitBlanks(text, argumentsStart, argumentsEnd);
  const failedJson =
    (json.kind === 'other' && reportFailedPaths(draft, tokens)) ||
    reportFailedJson(draft, json, argumentsStart, argumentsEnd);
  return { exec: false, failedJson, words: wordsOf(draft, tokens) };
}

/** Strings of a JSON form as words: decoded text, span with the quotes. */
function jsonWords(draft: Draft, items: readonly JsonItem[]): Word[] {
  return wordsOf(
    draft,
    items.map((item) => ({ text: item.value, start: item.start, end: item.end })),
  );
}

/** Reports text that was meant as JSON and is none, or holds more than strings; true where it did. */
function reportFailedJson(draft: Draft, json: JsonForm, start: number, end: number): boolean {
  if (json.kind === 'strings') return false;
  const text = draft.line.text.slice(start, end);
  const span = spanOf(draft.line, start, end);
  if (json.kind === 'not-strings') {
    report(draft, 'invalid-json-form', {
      message: `the JSON array holds something other than strings: ${consequence(draft)}`,
      help: 'put double quotes around every element',
      span,
    });
    return true;
  }
  if (!looksLikeJsonForm(text)) return false;
  const suggestion = repairJsonForm(text);
  report(draft, 'invalid-json-form', {
    message: `this is not valid JSON, so ${readAs(draft)}`,
    help: suggestion
      ? `write ${suggestion}`
      : 'JSON takes double quotes, commas between the strings and none at the end',
    span,
    suggestion,
    fatal: false,
  });
  return true;
}

/** Brackets around unquoted paths, or with the destination behind them. */
function reportFailedPaths(draft: Draft, tokens: readonly Token[]): boolean {
  const [only] = tokens;
  const isVolume = draft.keyword === 'VOLUME' && tokens.length === 1 && /^\[.+\]$/.test(only?.text ?? '');
  if (!isVolume && !looksLikeJsonPaths(tokens)) return false;
  const suggestion = repairJsonForm(draft.base.argumentsText) ?? repairJsonPaths(tokens);
  report(draft, 'invalid-json-form', {
    message: `this is not valid JSON, so ${readAs(draft)}`,
    help: suggestion
      ? `write ${suggestion}`
      : 'put every path in double quotes, with commas between, all of them within the brackets',
    span: draft.base.argumentsSpan,
    suggestion,
    fatal: false,
  });
  return true;
}

function readAs(draft: Draft): string {
  switch (draft.keyword) {
    case 'COPY':
    case 'ADD':
      return 'the brackets, quotes and commas become part of the file names';
    case 'VOLUME':
      return 'the brackets, quotes and commas become part of the paths';
    default:
      return 'a shell runs it as it stands, brackets and all';
  }
}

/** The words of a shell form, computed when first asked for: few ask, and there may be thousands. */
export function lazyWords(draft: Draft, form: CommandForm | null, start: number, end: number): () => readonly Word[] {
  let words: readonly Word[] | null = null;
  return () => {
    if (!words) {
      words =
        form?.form === 'exec' ? [] : wordsOf(draft, parseWords(draft.line.text, draft.context.escape, start, end));
    }
    return words;
  };
}
