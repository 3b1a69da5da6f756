import type { Span } from '../model/span.js';

/** A `.listen(...)` whose port can be read from the file. */
export interface ListenCall {
  readonly port: number;
  /** The environment variable that may change the port when the container starts; null: none. */
  readonly variable: string | null;
  /** Only 127.0.0.1, ::1 or localhost is bound. */
  readonly loopback: boolean;
  /** From `listen` to the end of the first argument. */
  readonly span: Span;
}

/** Value of an environment variable in the image; null: set, but not known; undefined: not set. */
export type EnvironmentLookup = (name: string) => string | null | undefined;

/**
 * Finds the servers that a JavaScript or TypeScript file starts. Reads the few shapes in which people write a port (a
 * literal, a constant, `process.env.PORT || 8080`, `parseInt(...)`, `{ port }`) and says nothing of any other.
 */
export function findListenCalls(text: string, environment: EnvironmentLookup): readonly ListenCall[] {
  const code = blankComments(text);
  const calls: ListenCall[] = [];
  for (const match of code.matchAll(/\.\s*listen\s*\(/g)) {
    const open = match.index + match[0].length;
    const parts = splitArguments(code, open);
    const [first, second] = parts;
    if (!first) continue;
    const fields = objectFields(first.text);
    const port = evaluatePort(fields?.get('port') ?? first.text, code, environment, 0);
    if (port?.value === undefined || port.value === null) continue;
    const host = evaluateText(fields ? (fields.get('host') ?? '') : (second?.text ?? ''), code);
    calls.push({
      port: port.value,
      variable: port.variable,
      loopback: host !== null && /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host),
      span: { start: match.index + match[0].indexOf('listen'), end: first.end },
    });
  }
  return calls;
}

/** Modules that a file takes from beside it: `require('./app')`, `import './app.js'`. */
export function relativeImports(text: string): readonly string[] {
  const code = blankComments(text);
  const found = new Set<string>();
  for (const match of code.matchAll(/(?:\brequire\s*\(\s*|\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"\n]+)\1/g)) {
    if (match[2]) found.add(match[2]);
  }
  return [...found];
}

interface Port {
  /** Null: not known. Undefined: the variable is not set. */
  readonly value: number | null | undefined;
  readonly variable: string | null;
}

const UNKNOWN: Port = { value: null, variable: null };

function evaluatePort(source: string, code: string, environment: EnvironmentLookup, depth: number): Port | null {
  const text = unwrap(source);
  if (depth > 8 || text === '') return UNKNOWN;
  const literal = /^(['"`]?)(\d{1,5})\1$/.exec(text);
  if (literal) return { value: inRange(Number(literal[2])), variable: null };
  const either = splitTop(text, /^(?:\|\||\?\?)/);
  if (either.length > 1) return firstKnown(either, code, environment, depth);
  const variable = /^process\.env(?:\.([A-Za-z_]\w*)|\[\s*['"](\w+)['"]\s*\])!?$/.exec(text);
  if (variable) return fromEnvironment(variable[1] ?? variable[2] ?? '', environment);
  const call = /^(?:Number|parseInt|Number\.parseInt|normalizePort|String)\s*\(([\s\S]*)\)$/.exec(text);
  if (call) {
    const [first] = splitTop(call[1] ?? '', /^,/);
    return evaluatePort(first ?? '', code, environment, depth + 1);
  }
  if (/^[+]/.test(text)) return evaluatePort(text.slice(1), code, environment, depth + 1);
  const setting = /^\w+\.get\(\s*['"](\w+)['"]\s*\)$/.exec(text);
  if (setting) return evaluatePort(settingOf(setting[1] ?? '', code), code, environment, depth + 1);
  if (/^[A-Za-z_$][\w$]*$/.test(text)) return evaluatePort(constantOf(text, code), code, environment, depth + 1);
  return UNKNOWN;
}

function firstKnown(parts: readonly string[], code: string, environment: EnvironmentLookup, depth: number): Port {
  let variable: string | null = null;
  for (const part of parts) {
    const port = evaluatePort(part, code, environment, depth + 1) ?? UNKNOWN;
    variable ??= port.variable;
    if (port.value !== undefined) return { value: port.value, variable };
  }
  return UNKNOWN;
}

function fromEnvironment(name: string, environment: EnvironmentLookup): Port {
  const value = environment(name);
  if (value === undefined) return { value: undefined, variable: name };
  if (value === null || !/^\d{1,5}$/.test(value)) return UNKNOWN;
  return { value: inRange(Number(value)), variable: null };
}

function inRange(port: number): number | null {
  return port > 0 && port < 65536 ? port : null;
}

/** A string literal, or a constant that is one. */
function evaluateText(source: string, code: string): string | null {
  const text = unwrap(source);
  const literal = /^(['"`])([^'"`$]*)\1$/.exec(text);
  if (literal) return literal[2] ?? null;
  if (!/^[A-Za-z_$][\w$]*$/.test(text)) return null;
  const constant = unwrap(constantOf(text, code));
  return /^(['"`])([^'"`$]*)\1$/.exec(constant)?.[2] ?? null;
}

/** The initial value of a name that the file declares once and never assigns again; empty where that is not so. */
function constantOf(name: string, code: string): string {
  const escaped = name.replaceAll('$', '\\$');
  const declarations = [
    ...code.matchAll(new RegExp(`\\b(?:const|let|var)\\s+${escaped}\\s*(?::\\s*[\\w<>| ]+)?=(?!=)`, 'g')),
  ];
  const assignments = [...code.matchAll(new RegExp(`(?<![.\\w$])${escaped}\\s*=(?![=>])`, 'g'))];
  const [only] = declarations;
  if (!only || declarations.length > 1 || assignments.length > 1) return '';
  const start = only.index + only[0].length;
  return code.slice(start, expressionEnd(code, start));
}

function settingOf(name: string, code: string): string {
  const found = [...code.matchAll(new RegExp(`\\.set\\(\\s*['"]${name}['"]\\s*,`, 'g'))];
  const [only] = found;
  if (!only || found.length > 1) return '';
  return splitArguments(code, only.index + only[0].length)[0]?.text ?? '';
}

/** An expression ends at `;`, `,`, or a line end that leaves no bracket open and no operator waiting. */
function expressionEnd(code: string, start: number): number {
  let depth = 0;
  for (let at = start; at < Math.min(code.length, start + 2000); at++) {
    const char = code[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && depth-- === 0) return at;
    else if (depth === 0 && (char === ';' || char === ',')) return at;
    else if (depth === 0 && char === '\n' && !/(?:\|\||\?\?|=)\s*$/.test(code.slice(start, at))) {
      if (!/^\s*(?:\|\||\?\?)/.test(code.slice(at, at + 40))) return at;
    }
  }
  return code.length;
}

function unwrap(text: string): string {
  let inner = text.trim();
  while (inner.startsWith('(') && matching(inner, 0) === inner.length - 1) inner = inner.slice(1, -1).trim();
  return inner.replace(/\s+as\s+\w+$/, '');
}

function matching(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

function splitTop(text: string, separator: RegExp): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    const found = depth === 0 ? separator.exec(text.slice(at, at + 2)) : null;
    if (!found) continue;
    parts.push(text.slice(start, at));
    at += found[0].length - 1;
    start = at + 1;
  }
  return [...parts, text.slice(start)];
}

function splitArguments(code: string, start: number): readonly { readonly text: string; readonly end: number }[] {
  const parts: { text: string; end: number }[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < Math.min(code.length, start + 4000); at++) {
    const char = code[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (depth > 0 && ')]}'.includes(char)) depth--;
    else if (depth === 0 && (char === ',' || char === ')')) {
      parts.push({ text: code.slice(from, at), end: from + code.slice(from, at).trimEnd().length });
      from = at + 1;
      if (char === ')' || parts.length === 3) break;
    }
  }
  return parts.filter((part) => part.text.trim() !== '');
}

/** Fields of an object literal with plain values; null where the text is none. */
function objectFields(text: string): ReadonlyMap<string, string> | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null;
  const fields = new Map<string, string>();
  for (const part of splitTop(trimmed.slice(1, -1), /^,/)) {
    const named = /^\s*(\w+)\s*:([\s\S]*)$/.exec(part);
    if (named?.[1]) fields.set(named[1], named[2] ?? '');
    else if (/^\s*\w+\s*$/.test(part)) fields.set(part.trim(), part.trim());
  }
  return fields;
}

/** Comments as blanks of the same length; strings stay. */
function blankComments(text: string): string {
  return text.replace(/(["'`])(?:\\[\s\S]|(?!\1)[^\\\n])*\1|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found,
  );
}
