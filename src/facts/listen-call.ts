import type { Span } from '../model/span.js';
import { blank, constantOf, type Module, settingOf, splitArguments, splitTop, unwrap } from './module-text.js';

/** A `.listen(...)` of a JavaScript or TypeScript file. */
export interface ListenCall {
  /** Null where it is meant to be a port, but which one cannot be read from the file. */
  readonly port: number | null;
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
 * Finds the servers that a file starts. Reads the few shapes in which people write a port (a literal, a constant,
 * `process.env.PORT || 8080`, `parseInt(...)`, `{ port }`); a server that is attached to another one (`io.listen(server)`)
 * and a listener for events are none.
 */
export function findListenCalls(text: string, environment: EnvironmentLookup): readonly ListenCall[] {
  if (!text.includes('listen')) return [];
  const module = blank(text);
  // Fastify binds localhost unless it is given a host: https://fastify.dev/docs/latest/Reference/Server/#listen
  const isFastify = /['"](?:fastify|@nestjs\/platform-fastify)['"]/.test(module.code);
  const calls: ListenCall[] = [];
  for (const match of module.bare.matchAll(/\.\s*listen\s*(?:<[^<>()]*>)?\(/g)) {
    const open = match.index + match[0].length;
    const [first, second] = splitArguments(module, open);
    if (!first) continue;
    const fields = objectFields(first.text);
    const scope: Scope = { module, at: match.index, environment, depth: 0 };
    const written = fields ? fields.get('port') : first.text;
    if (written === undefined) continue;
    const port = evaluatePort(written, scope);
    if (port.value === null && !isPortLike(written)) continue;
    const host = evaluateHost(fields ? (fields.get('host') ?? '') : (second?.text ?? ''), scope);
    calls.push({
      port: port.value ?? null,
      variable: port.variable,
      loopback: host === null ? false : host === '' ? isFastify : /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host),
      span: { start: match.index + match[0].indexOf('listen'), end: first.end },
    });
  }
  return calls;
}

/** Modules that a file takes from beside it: `require('./app')`, `import './app.js'`. */
export function relativeImports(text: string): readonly string[] {
  const { code } = blank(text);
  const found = new Set<string>();
  for (const match of code.matchAll(/(?:\brequire\s*\(\s*|\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"\n]+)\1/g)) {
    if (match[2]) found.add(match[2]);
  }
  return [...found];
}

interface Scope {
  readonly module: Module;
  /** Where the value is used. */
  readonly at: number;
  readonly environment: EnvironmentLookup;
  readonly depth: number;
}

interface Port {
  /** Null: not known. Undefined: the variable is not set. */
  readonly value: number | null | undefined;
  readonly variable: string | null;
}

const UNKNOWN: Port = { value: null, variable: null };
const NAME = /^[A-Za-z_$][\w$]*$/;
const ENVIRONMENT = /^process\.env(?:\.([A-Za-z_]\w*)|\[\s*['"](\w+)['"]\s*\])!?$/;

/** An argument that speaks of a port, whatever its value; a server or a function does not. */
function isPortLike(text: string): boolean {
  return /port/i.test(text) || /process\.env|config/i.test(text);
}

function evaluatePort(source: string, scope: Scope): Port {
  const text = unwrap(source);
  if (scope.depth > 8 || text === '') return UNKNOWN;
  const inner = { ...scope, depth: scope.depth + 1 };
  const literal = /^(['"`]?)(\d{1,5})\1$/.exec(text);
  if (literal) return { value: inRange(Number(literal[2])), variable: null };
  const either = splitTop(text, /^(?:\|\||\?\?)/);
  if (either.length > 1) return firstKnown(either, inner);
  const variable = ENVIRONMENT.exec(text);
  if (variable) return fromEnvironment(variable[1] ?? variable[2] ?? '', scope.environment);
  const call = /^(?:Number|parseInt|Number\.parseInt|normalizePort|String)\s*\(([\s\S]*)\)$/.exec(text);
  if (call) return evaluatePort(splitTop(call[1] ?? '', /^,/)[0] ?? '', inner);
  if (text.startsWith('+')) return evaluatePort(text.slice(1), inner);
  const setting = /^\w+\.get\(\s*['"](\w+)['"]\s*\)$/.exec(text);
  if (setting) return evaluatePort(settingOf(setting[1] ?? '', scope.module), inner);
  if (!NAME.test(text)) return UNKNOWN;
  const constant = constantOf(text, scope.module, scope.at);
  return constant === null ? UNKNOWN : evaluatePort(constant.text, { ...inner, at: constant.at });
}

function firstKnown(parts: readonly string[], scope: Scope): Port {
  let variable: string | null = null;
  for (const part of parts) {
    const port = evaluatePort(part, scope);
    variable ??= port.variable;
    if (port.value !== undefined) return { value: port.value, variable };
  }
  return { value: undefined, variable };
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

/** The host that is bound; empty where none is given, null where that is not known. */
function evaluateHost(source: string, scope: Scope): string | null {
  const text = unwrap(source);
  if (text === '' || /=>|^(?:async\s+)?function\b/.test(text)) return '';
  const literal = /^(['"`])([^'"`$]*)\1$/.exec(text);
  if (literal) return literal[2] ?? null;
  if (scope.depth > 4) return null;
  const inner = { ...scope, depth: scope.depth + 1 };
  const either = splitTop(text, /^(?:\|\||\?\?)/);
  if (either.length > 1) return either.map((part) => evaluateHost(part, inner)).find((host) => host !== '') ?? null;
  const variable = ENVIRONMENT.exec(text);
  if (variable) {
    const value = scope.environment(variable[1] ?? variable[2] ?? '');
    return value === undefined ? '' : value;
  }
  const constant = NAME.test(text) ? constantOf(text, scope.module, scope.at) : null;
  return constant === null ? null : evaluateHost(constant.text, { ...inner, at: constant.at });
}

/** Fields of an object literal; null where the text is none. */
function objectFields(text: string): ReadonlyMap<string, string> | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null;
  const fields = new Map<string, string>();
  for (const part of splitTop(trimmed.slice(1, -1), /^,/)) {
    const named = /^\s*['"]?(\w+)['"]?\s*:([\s\S]*)$/.exec(part);
    if (named?.[1]) fields.set(named[1], named[2] ?? '');
    else if (/^\s*\w+\s*$/.test(part)) fields.set(part.trim(), part.trim());
  }
  return fields;
}
