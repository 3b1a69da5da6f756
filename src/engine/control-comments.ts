import type { Comment, Document } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';

/** A name of a list, as written. */
export interface ListedName {
  readonly text: string;
  readonly span: Span;
}

/** Whose comments silence findings; `check`: BuildKit's. */
export const COMMENT_TOOLS = ['plimsoll', 'hadolint', 'check'] as const;
export type CommentTool = (typeof COMMENT_TOOLS)[number];

/** `instruction`: the next one, or the one that holds the comment. `stage`: from there to its end. */
export type Scope = 'instruction' | 'stage' | 'file';

/** A comment that asks plimsoll, hadolint or BuildKit's checks to be silent. */
export interface IgnoreComment {
  readonly kind: 'ignore';
  readonly tool: 'plimsoll' | 'hadolint';
  readonly scope: Scope;
  readonly names: readonly ListedName[];
  readonly reason: string | null;
  /** Text behind the list that is neither a name nor a reason. */
  readonly trailing: Span | null;
}

/** `check=skip=A,B;error=true;experimental=C`, as a directive or as a comment. */
export interface CheckComment {
  readonly kind: 'check';
  readonly skip: readonly ListedName[];
  readonly error: boolean;
  readonly experimental: readonly ListedName[];
  readonly reason: string | null;
}

export type ControlComment =
  | IgnoreComment
  | CheckComment
  | { readonly kind: 'shell'; readonly shell: string }
  /** Begins like one of plimsoll's but cannot be read. */
  | { readonly kind: 'malformed'; readonly span: Span };

/** More than any list written by hand; keeps a line of megabytes from becoming a million findings. */
const MAX_NAMES = 1000;

/**
 * Reads a comment that is addressed to a linter; null for any other.
 *
 * hadolint's grammar is that of its README (spaces around `=` and commas are free, `# text` may follow); we take its
 * keywords in any case, and ` -- reason` too.
 */
export function readControlComment(document: Document, comment: Comment): ControlComment | null {
  const head = /^(plimsoll|hadolint|check)(?=[\s:=-])/i.exec(comment.text);
  if (!head) return null;
  const text = document.source.text.slice(comment.span.start, comment.span.end);
  // `text` of a comment is trimmed; places are counted in the line itself.
  const start = comment.span.start + text.indexOf(head[0]);
  const body = document.source.text.slice(start, comment.span.end).trimEnd();
  switch (head[0].toLowerCase()) {
    case 'plimsoll':
      return readIgnore('plimsoll', body, start) ?? readMalformed(body, start);
    case 'hadolint':
      return readIgnore('hadolint', body, start) ?? readShell(body);
    default: {
      const sign = /^check\s*=\s*/i.exec(body);
      return sign ? readCheck(body.slice(sign[0].length), start + sign[0].length) : null;
    }
  }
}

/**
 * Reads the value of `check=`. As BuildKit does, only the text up to the first blank counts; what follows (by custom
 * after `//`) is for people.
 *
 * @param offset where `value` begins in the file.
 */
export function readCheck(value: string, offset: number): CheckComment {
  const blank = value.search(/\s/);
  const setting = blank === -1 ? value : value.slice(0, blank);
  const remark =
    blank === -1
      ? ''
      : value
          .slice(blank)
          .replace(/^\s*(?:\/\/)?/, '')
          .trim();
  const skip: ListedName[] = [];
  const experimental: ListedName[] = [];
  let error = false;
  let at = 0;
  for (const part of setting.split(';')) {
    const equals = part.indexOf('=');
    const key = part.slice(0, Math.max(equals, 0));
    const from = at + equals + 1;
    const list = part.slice(equals + 1);
    if (key === 'skip') skip.push(...splitNames(list, offset + from));
    else if (key === 'experimental') experimental.push(...splitNames(list, offset + from));
    else if (key === 'error') error = /^(?:1|t|T|TRUE|true|True)$/.test(list);
    at += part.length + 1;
  }
  return { kind: 'check', skip, error, experimental, reason: remark || null };
}

function readIgnore(tool: IgnoreComment['tool'], body: string, start: number): IgnoreComment | null {
  const head = /^[a-z]+\s+(?:(stage|global)\s+)?ignore\s*=\s*/i.exec(body);
  if (!head) return null;
  const names: ListedName[] = [];
  const name = /(?!--(?:\s|$))[^\s,#]+/y;
  const comma = /\s*,[\s,]*/y;
  let at = head[0].length;
  while (names.length < MAX_NAMES) {
    name.lastIndex = at;
    const found = name.exec(body);
    if (!found) break;
    names.push({ text: found[0], span: { start: start + at, end: start + name.lastIndex } });
    at = comma.lastIndex = name.lastIndex;
    if (!comma.test(body)) break;
    at = comma.lastIndex;
  }
  if (names.length === 0) return null;
  const rest = body.slice(at).trimStart();
  const remark = /^(?:--|#)/.test(rest) ? rest.replace(/^(?:--|#)\s*/, '') : '';
  const restStart = start + body.length - rest.length;
  return {
    kind: 'ignore',
    tool,
    scope: scopeOf(head[1]),
    names,
    reason: remark || null,
    trailing: rest === '' || /^(?:--|#)/.test(rest) ? null : { start: restStart, end: start + body.length },
  };
}

function readShell(body: string): ControlComment | null {
  const found = /^hadolint\s+shell\s*=\s*(\S+)/i.exec(body);
  return found?.[1] === undefined ? null : { kind: 'shell', shell: found[1] };
}

/** Prose that begins with the tool's name is fine; what looks like a setting is not. */
function readMalformed(body: string, start: number): ControlComment | null {
  const looksMeant = /^plimsoll[\s:-]+(?:[a-z-]+\s+)?(?:ignore\b|[a-z-]+\s*=)/i.test(body.slice(0, 200));
  return looksMeant ? { kind: 'malformed', span: { start, end: start + body.length } } : null;
}

function scopeOf(word: string | undefined): Scope {
  if (word === undefined) return 'instruction';
  return word.toLowerCase() === 'stage' ? 'stage' : 'file';
}

function splitNames(list: string, offset: number): readonly ListedName[] {
  const names: ListedName[] = [];
  let at = 0;
  for (const text of list.split(',')) {
    if (text) names.push({ text, span: { start: offset + at, end: offset + at + text.length } });
    at += text.length + 1;
  }
  return names;
}
