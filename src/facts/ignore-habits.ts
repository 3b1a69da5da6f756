import type { BuildContext, IgnoreFile, IgnorePattern } from '../context/types.js';
import type { Span } from '../model/span.js';

/** A line of an ignore file in the words of another language: a shell, a regular expression, git, Windows. */
export interface Habit {
  readonly kind:
    | 'comment'
    | 'slashes'
    | 'indented'
    | 'several'
    | 'braces'
    | 'alternatives'
    | 'negatedClass'
    | 'backslash'
    | 'class'
    | 'parent';
  readonly pattern: IgnorePattern;
  /** The telling part of the line, in the ignore file. */
  readonly span: Span;
  /** The lines that say what was meant, with the `!` of an exception; empty where that is not known. */
  readonly instead: readonly string[];
}

type Reading = Omit<Habit, 'pattern' | 'span'> & {
  /** In the text of the pattern. */
  readonly start: number;
  readonly end: number;
};

type Reader = (text: string, context: BuildContext, pattern: IgnorePattern) => Reading | null;

/** Lines that a brace pattern is written out to. */
const MOST_LINES = 12;

/** Every such line. What is there under the very text of a pattern is meant by it, whatever characters it has. */
export function ignoreHabits(context: BuildContext, { patterns }: IgnoreFile): readonly Habit[] {
  return patterns.flatMap((pattern) => {
    const { text, span } = pattern;
    if (!/[\s\\{(#[]|^\/\/|\.\./.test(text)) return [];
    const readers = context.kindOf(pattern.pattern) === null ? READERS : [bracketName];
    for (const reader of readers) {
      const reading = reader(text, context, pattern);
      if (!reading) continue;
      const { kind, start, end, instead } = reading;
      return [{ kind, pattern, instead, span: { start: span.start + start, end: span.start + end } }];
    }
    return [];
  });
}

const comment: Reader = (text) => {
  // The blanks were trimmed: a line that starts with a mark and is a pattern still had some before it.
  if (text.startsWith('#')) return { kind: 'indented', start: 0, end: 1, instead: [text] };
  if (/^\/\/(?=\s|[A-Z][a-z]+ )/.test(text)) {
    return { kind: 'slashes', start: 0, end: 2, instead: [`# ${text.slice(2).trim()}`] };
  }
  const found = /^(.*?\S)\s+(#.*)$/.exec(text);
  if (!found) return null;
  const [, before = '', mark = ''] = found;
  return { kind: 'comment', start: text.length - mark.length, end: text.length, instead: [mark, before] };
};

/** Known to be files of their own, so that two of them on one line are no name with a blank in it. */
const FAMILIAR =
  /^(?:node_modules|\.git|\.gitignore|\.env.*|\.dockerignore|dist|build|coverage|target|\.venv|venv|__pycache__|\.vscode|\.idea|\.DS_Store|Dockerfile.*|README\.md|\*\.\w+|npm-debug\.log|\.next|\*\*\/.+)$/;

const several: Reader = (text, context) => {
  if (!/\s/.test(text)) return null;
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const isPattern = (word: string): boolean => {
    const name = word.replace(/^!?(?:\.?\/)*|\/+$/g, '');
    return FAMILIAR.test(name) || (name !== '' && context.kindOf(name) !== null);
  };
  if (words.length < 2 || !words.every(isPattern)) return null;
  return { kind: 'several', start: 0, end: text.length, instead: words };
};

const braces: Reader = (text) => {
  const found = /\{[^{}]*,[^{}]*\}/.exec(text);
  if (!found) return null;
  return { kind: 'braces', start: found.index, end: found.index + found[0].length, instead: expand(text) };
};

function expand(text: string): readonly string[] {
  let lines = [text];
  for (let at = 0; at < lines.length && lines.length <= MOST_LINES; ) {
    const line = lines[at] ?? '';
    const found = /\{([^{}]*,[^{}]*)\}/.exec(line);
    if (!found) at++;
    else {
      const [before, after] = [line.slice(0, found.index), line.slice(found.index + found[0].length)];
      const written = (found[1] ?? '').split(',').map((one) => `${before}${one.trim()}${after}`);
      lines = [...lines.slice(0, at), ...written, ...lines.slice(at + 1)];
    }
  }
  return lines.length > MOST_LINES || lines.some((line) => /[{}]/.test(line)) ? [] : lines;
}

const alternatives: Reader = (text) => {
  const found = /[@?*+]?\(([^()|]*(?:\|[^()|]*)+)\)[?*+]?/.exec(text);
  if (!found) return null;
  const plain = /^[@(]/.test(found[0]) && !text.startsWith('!(');
  const [before, after] = [text.slice(0, found.index), text.slice(found.index + found[0].length)];
  const lines = (found[1] ?? '').split('|').map((one) => `${before}${one}${after}`);
  const instead = plain && !/[()|^$\\]/.test(lines.join('')) ? lines : [];
  return { kind: 'alternatives', start: found.index, end: found.index + found[0].length, instead };
};

const negatedClass: Reader = (text) => {
  const at = text.indexOf('[!');
  if (at < 0 || !text.includes(']', at + 3)) return null;
  return { kind: 'negatedClass', start: at, end: at + 2, instead: [text.replaceAll('[!', '[^')] };
};

/** `\#`, `\!`, `\*` and `\ ` are escapes that someone may need; a letter or a digit needs none. */
const backslash: Reader = (text) => {
  const at = /\\[\p{L}\p{N}]/u.exec(text)?.index;
  if (at === undefined) return null;
  const slashed = text.replaceAll('\\', '/');
  const asPath = /^!?[\w .*/@-]+$/.test(slashed) && !/\\[dwsDWSb](?:[+*?]|$)/.test(text);
  return { kind: 'backslash', start: at, end: at + 2, instead: asPath ? [slashed] : [] };
};

/** `pages/[id].tsx` is there, and the pattern does not mean it: brackets are a set of characters. */
const bracketName: Reader = (text, context, { pattern, negated }) => {
  const found = /\[[\w.-]+\]/.exec(text);
  if (!found || /[*?\\]/.test(text) || context.decide(pattern).ignored !== negated) return null;
  const escaped = text.replace(/[[\]]/g, '\\$&');
  return { kind: 'class', start: found.index, end: found.index + found[0].length, instead: [escaped] };
};

const parent: Reader = (text, _, { pattern }) => {
  const start = text.indexOf('..');
  return /^\.\.(?:\/|$)/.test(pattern) ? { kind: 'parent', start, end: start + 2, instead: [] } : null;
};

const READERS: readonly Reader[] = [comment, several, braces, alternatives, negatedClass, backslash, parent];
