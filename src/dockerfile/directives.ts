import type { SourceFile } from '../model/source.js';
import type { Directive, SyntaxProblem } from './ast.js';
import { suggest } from './suggest.js';
import { skipSpace, trimEnd } from './text.js';

export interface DirectiveScan {
  readonly directives: readonly Directive[];
  readonly escape: '\\' | '`';
  /** Index of the first line that is no directive. */
  readonly nextLine: number;
}

const DIRECTIVE_NAME = /([a-zA-Z][a-zA-Z0-9]*)\s*=/y;
const NAMES: ReadonlySet<string> = new Set(['syntax', 'escape', 'check']);

/**
 * Reads the directives at the top. They end at the first line that is none: a comment, a blank line, an instruction. A
 * `#!` line may stand before `syntax` and `check`, but not before `escape`.
 * {@link https://docs.docker.com/reference/dockerfile/#parser-directives}
 */
export function scanDirectives(source: SourceFile, problems: SyntaxProblem[]): DirectiveScan {
  const { text, lineStarts } = source;
  const directives: Directive[] = [];
  let escapeCharacter: '\\' | '`' = '\\';
  const hasShebang = text.startsWith('#!');
  let index = hasShebang ? 1 : 0;
  for (; index < lineStarts.length; index++) {
    const lineStart = lineStarts[index] ?? 0;
    let end = lineStarts[index + 1] ?? text.length;
    while (end > lineStart && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--;
    const start = skipSpace(text, lineStart, end);
    if (text.charCodeAt(start) !== 35 || start >= end) break;
    const bodyStart = skipSpace(text, start + 1, end);
    const assignment = readAssignment(text, bodyStart, end);
    if (!assignment || !isDirectiveName(assignment.name)) break;
    const { name, valueStart, valueEnd } = assignment;
    const value = text.slice(valueStart, valueEnd);
    if (hasShebang && name === 'escape') break;
    const nameSpan = { start: bodyStart, end: bodyStart + name.length };
    const directive: Directive = {
      name,
      nameSpan,
      value,
      valueSpan: { start: valueStart, end: valueEnd },
      span: { start, end },
    };
    const earlier = directives.find((directive) => directive.name === name);
    if (earlier) {
      problems.push({
        kind: 'invalid-directive',
        message: `a second \`${name}\` directive: the build stops here`,
        help: 'keep one of the two lines',
        span: nameSpan,
        suggestion: null,
        fatal: true,
        related: [{ span: earlier.nameSpan, message: 'the first one' }],
      });
      continue;
    }
    if (name === 'escape') {
      if (value === '\\' || value === '`') {
        escapeCharacter = value;
      } else {
        problems.push({
          kind: 'invalid-directive',
          message: `\`${value}\` cannot be the escape character: the build stops here`,
          help: 'write \\ or `',
          span: directive.valueSpan,
          suggestion: null,
          fatal: true,
        });
        continue;
      }
    }
    if (name === 'check') checkOptions(directive, problems);
    directives.push(directive);
  }
  return { directives, escape: escapeCharacter, nextLine: index };
}

function checkOptions(directive: Directive, problems: SyntaxProblem[]): void {
  // BuildKit reads the value up to its first space.
  const text = directive.value.split(' ', 1)[0] ?? '';
  const result = parseCheckDirective(text);
  if (result.ok) return;
  problems.push({
    kind: 'invalid-directive',
    message: `${result.message}: the build stops here`,
    help: 'write it as skip=Name,Other;error=true',
    span: { start: directive.valueSpan.start, end: directive.valueSpan.start + text.length },
    suggestion: null,
    fatal: true,
  });
}

interface Assignment {
  /** Lower case. */
  readonly name: string;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** Reads `name = value` from `text[from..end]`. */
function readAssignment(text: string, from: number, end: number): Assignment | null {
  DIRECTIVE_NAME.lastIndex = from;
  const match = DIRECTIVE_NAME.exec(text);
  const afterEquals = from + (match?.[0].length ?? 0);
  if (!match || afterEquals >= end) return null;
  let valueStart = skipSpace(text, afterEquals, end);
  // Nothing but spaces behind the `=`: the last of them is the value.
  if (valueStart === end) valueStart = end - 1;
  return {
    name: (match[1] ?? '').toLowerCase(),
    valueStart,
    valueEnd: Math.max(valueStart + 1, trimEnd(text, valueStart, end)),
  };
}

function isDirectiveName(name: string): name is Directive['name'] {
  return NAMES.has(name);
}

/** The frontend that a file asks for. */
export interface SyntaxReference {
  /** The image: the value up to the first space. */
  readonly reference: string;
  /** The whole value. */
  readonly commandLine: string;
  /** From 1; 0 for the JSON form. */
  readonly line: number;
}

/** What BuildKit takes for the `syntax` of any text: `# syntax=`, `// syntax=` or `{"syntax": "..."}`. */
export function detectSyntax(raw: string): SyntaxReference | null {
  return (
    findDirective('syntax', raw, '#') ??
    findDirective('syntax', raw, '//') ??
    detectJsonSyntax(withoutShebang(stripBom(raw)).rest)
  );
}

/** What BuildKit takes for the `check` of a text; only the form with `#` counts. */
export function detectCheck(raw: string): SyntaxReference | null {
  return findDirective('check', raw, '#');
}

function findDirective(name: string, raw: string, comment: string): SyntaxReference | null {
  const { rest, hadShebang } = withoutShebang(stripBom(raw));
  const seen = new Set<string>();
  let at = 0;
  for (let line = hadShebang ? 2 : 1; at < rest.length; line++) {
    const newline = rest.indexOf('\n', at);
    const text = rest.slice(at, newline === -1 ? rest.length : newline);
    at = newline === -1 ? rest.length : newline + 1;
    if (!text.startsWith(comment)) return null;
    const body = text.slice(comment.length).replace(/\r+$/, '');
    const assignment = readAssignment(body, skipSpace(body, 0, body.length), body.length);
    const key = assignment?.name ?? '';
    const value = body.slice(assignment?.valueStart, assignment?.valueEnd);
    if (!NAMES.has(key) || seen.has(key)) return null;
    seen.add(key);
    if (key === name) return { reference: value.split(' ', 1)[0] ?? '', commandLine: value, line };
  }
  return null;
}

function detectJsonSyntax(text: string): SyntaxReference | null {
  if (text.charCodeAt(skipSpace(text, 0, text.length)) !== 123) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    const value = parsed !== null && typeof parsed === 'object' ? (parsed as { syntax?: unknown }).syntax : undefined;
    return typeof value === 'string' ? { reference: value, commandLine: value, line: 0 } : null;
  } catch {
    return null;
  }
}

function withoutShebang(text: string): { rest: string; hadShebang: boolean } {
  if (!text.startsWith('#!')) return { rest: text, hadShebang: false };
  const newline = text.indexOf('\n');
  return { rest: newline === -1 ? '' : text.slice(newline + 1), hadShebang: true };
}

function stripBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** What `# check=` asks for. */
export interface CheckDirective {
  /** Names of checks, as written; `all` among them switches off all but experimental ones. */
  readonly skip: readonly string[];
  readonly experimental: readonly string[];
  readonly error: boolean;
}

export type CheckDirectiveResult =
  | { readonly ok: true; readonly value: CheckDirective }
  | { readonly ok: false; readonly message: string };

/**
 * Reads `skip=A,B;error=true;experimental=C`, in any order.
 * {@link https://docs.docker.com/reference/dockerfile/#check}
 */
export function parseCheckDirective(text: string): CheckDirectiveResult {
  let skip: readonly string[] = [];
  let experimental: readonly string[] = [];
  let error = false;
  if (text.trim() === '') return { ok: true, value: { skip, experimental, error } };
  for (const part of text.split(';')) {
    const equals = part.indexOf('=');
    if (equals === -1) return { ok: false, message: `\`${part.trim()}\` is no \`key=value\`` };
    const key = part.slice(0, equals).trim();
    const value = part.slice(equals + 1).trim();
    if (key === 'skip') {
      skip = listOf(value);
    } else if (key === 'experimental') {
      experimental = listOf(value);
    } else if (key === 'error') {
      // What Go's strconv.ParseBool takes.
      if (!/^(?:1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(value)) {
        return { ok: false, message: `\`error\` takes true or false, not \`${value}\`` };
      }
      error = /^[1tT]/.test(value);
    } else {
      const close = suggest(key, ['skip', 'experimental', 'error']);
      return { ok: false, message: `\`${key}\` is no option of a check directive${close ? ` (\`${close}\`?)` : ''}` };
    }
  }
  return { ok: true, value: { skip, experimental, error } };
}

function listOf(value: string): string[] {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
