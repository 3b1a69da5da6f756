import { constantOf, exportOf, importOf, settingOf, unpackedOf } from './module-names.js';
import { blank, type Module, objectFields, splitTop, unwrap } from './module-text.js';

/** Value of an environment variable in the image; null: set, but not known; undefined: not set. */
export type EnvironmentLookup = (name: string) => string | null | undefined;

/** The text of a module that a file takes from beside it, by the name that the file calls it; null where it is not there. */
export type ModuleLookup = (
  file: string | null,
  name: string,
) => { readonly file: string; readonly text: string } | null;

/** A place of a program, from which an expression is seen. */
export interface Scope {
  readonly module: Module;
  /** Where the value is used. */
  readonly at: number;
  readonly environment: EnvironmentLookup;
  readonly modules: ModuleLookup;
  /** The file of the module, as {@link ModuleLookup} knows it; null for the first. */
  readonly file: string | null;
  readonly depth: number;
}

export interface PortValue {
  /** Null: not known. Undefined: the variable is not set. */
  readonly value: number | null | undefined;
  /** The environment variable that may change it when the container starts. */
  readonly variable: string | null;
}

export interface HostValue {
  /** Empty where none is given, null where it is not known. */
  readonly value: string | null;
  /** The environment variable that may change it when the container starts. */
  readonly variable: string | null;
  /** The environment variable of the image that gives it. */
  readonly setBy: string | null;
}

const UNKNOWN: PortValue = { value: null, variable: null };
const NAME = /^[A-Za-z_$][\w$]*$/;
const MEMBER = /^([A-Za-z_$][\w$]*)\??\.([A-Za-z_$][\w$]*)$/;
const ENVIRONMENT = /^process\.env(?:\.([A-Za-z_]\w*)|\[\s*['"](\w+)['"]\s*\])!?$/;
const DEEPEST = 12;

export function evaluatePort(source: string, scope: Scope): PortValue {
  const text = unwrap(source);
  if (scope.depth > DEEPEST || text === '') return UNKNOWN;
  const inner = { ...scope, depth: scope.depth + 1 };
  const literal = /^(['"`]?)(\d{1,5})\1$/.exec(text);
  if (literal) return { value: inRange(Number(literal[2])), variable: null };
  const choice = /^process\.env(?:\.(\w+)|\[\s*['"](\w+)['"]\s*\])\s*\?(?![.?])([^:]+):([\s\S]+)$/.exec(text);
  if (choice) return evaluateChoice(choice, inner);
  const either = splitTop(text, /^(?:\|\||\?\?)/);
  if (either.length > 1) return firstKnown(either, inner);
  const variable = environmentName(text, scope);
  if (variable !== null) return portOfEnvironment(variable, scope.environment);
  const call = /^(?:Number|parseInt|Number\.parseInt|normalizePort|String)\s*\(([\s\S]*)\)$/.exec(text);
  if (call) return evaluatePort(splitTop(call[1] ?? '', /^,/)[0] ?? '', inner);
  if (text.startsWith('+')) return evaluatePort(text.slice(1), inner);
  const setting = /^\w+\.get\(\s*['"](\w+)['"]\s*\)$/.exec(text);
  if (setting) return evaluatePort(settingOf(setting[1] ?? '', scope.module), inner);
  const definition = definitionOf(text, inner);
  return definition === null ? UNKNOWN : evaluatePort(definition.text, definition.scope);
}

/** A choice by whether the variable is set: `PORT ? Number(PORT) : 3000`, with the environment before each name. */
function evaluateChoice([, plain, quoted, set = '', unset = '']: RegExpExecArray, scope: Scope): PortValue {
  const name = plain ?? quoted ?? '';
  if (scope.environment(name) !== undefined) return evaluatePort(set, scope);
  return { value: evaluatePort(unset, scope).value, variable: name };
}

function firstKnown(parts: readonly string[], scope: Scope): PortValue {
  let variable: string | null = null;
  for (const part of parts) {
    const port = evaluatePort(part, scope);
    variable ??= port.variable;
    if (port.value !== undefined) return { value: port.value, variable };
  }
  return { value: undefined, variable };
}

function portOfEnvironment(name: string, environment: EnvironmentLookup): PortValue {
  const value = environment(name);
  if (value === undefined) return { value: undefined, variable: name };
  if (value === null || !/^\d{1,5}$/.test(value)) return UNKNOWN;
  return { value: inRange(Number(value)), variable: null };
}

function inRange(port: number): number | null {
  return port > 0 && port < 65536 ? port : null;
}

/** The host that an expression gives. */
export function evaluateHost(source: string, scope: Scope): HostValue {
  const text = unwrap(source);
  const unknown: HostValue = { value: null, variable: null, setBy: null };
  if (text === '' || /=>|^(?:async\s+)?function\b/.test(text)) return { value: '', variable: null, setBy: null };
  const literal = /^(['"`])([^'"`$]*)\1$/.exec(text);
  if (literal) return { value: literal[2] ?? null, variable: null, setBy: null };
  if (scope.depth > DEEPEST) return unknown;
  const inner = { ...scope, depth: scope.depth + 1 };
  const either = splitTop(text, /^(?:\|\||\?\?)/);
  if (either.length > 1) {
    const hosts = either.map((part) => evaluateHost(part, inner));
    const variable = hosts.find((one) => one.variable !== null)?.variable ?? null;
    const given = hosts.find(({ value }) => value !== '');
    return { value: given?.value ?? null, variable, setBy: given?.setBy ?? null };
  }
  const variable = environmentName(text, scope);
  if (variable !== null) {
    const value = scope.environment(variable);
    return value === undefined ? { value: '', variable, setBy: null } : { value, variable: null, setBy: variable };
  }
  const definition = definitionOf(text, inner);
  return definition === null ? unknown : evaluateHost(definition.text, definition.scope);
}

/** The variable that a member of the environment reads; `env.PORT` too, where `env` is the environment. */
function environmentName(text: string, { module }: Scope): string | null {
  const direct = ENVIRONMENT.exec(text);
  if (direct) return direct[1] ?? direct[2] ?? '';
  const short = /^env\.([A-Za-z_]\w*)$/.exec(text)?.[1];
  const isProcess = /\benv\s*=\s*process\.env\b|\bimport\s*\{[^}]*\benv\b[^}]*\}\s*from\s*['"](?:node:)?process['"]/;
  return short !== undefined && isProcess.test(module.code) ? short : null;
}

/** What a name, or a field of an object, is defined as; in another file where it is taken from there. */
function definitionOf(text: string, scope: Scope): { readonly text: string; readonly scope: Scope } | null {
  const member = MEMBER.exec(text);
  if (!member) return NAME.test(text) ? meaningOf(text, scope) : null;
  const [, object = '', field = ''] = member;
  const found = object === 'process' ? null : meaningOf(object, scope);
  const value = found ? objectFields(unwrap(found.text))?.get(field) : undefined;
  return found && value !== undefined ? { text: value, scope: found.scope } : null;
}

/** `config.port = 3000`, `Object.assign(config, ...)`, `require('./load')(config)`: a field may be another one by then. */
function isChanged(object: string, { bare }: Module): boolean {
  const name = object.replaceAll('$', '\\$');
  return new RegExp(
    `(?<![.\\w$])${name}\\.\\w+\\s*=(?![=>])|(?:\\bObject\\.assign|\\)|\\b(?:apply|extend|load|merge|override|set)\\w*)\\s*\\(\\s*${name}\\b`,
  ).test(bare);
}

function meaningOf(name: string, scope: Scope): { readonly text: string; readonly scope: Scope } | null {
  const { module, file, modules } = scope;
  if (isChanged(name, module)) return null;
  const constant = constantOf(name, module, scope.at);
  if (constant && !/^\s*(?:await\s+)?(?:require|import)\s*\(/.test(constant.text)) {
    return { text: constant.text, scope: { ...scope, at: constant.at } };
  }
  const unpacked = unpackedOf(name, module);
  if (unpacked !== null && scope.depth <= DEEPEST) {
    const found = definitionOf(unpacked.member, { ...scope, depth: scope.depth + 1 });
    if (found || unpacked.fallback === null) return found;
  }
  const imported = importOf(name, module);
  const other = imported && modules(file, imported.from);
  if (!imported || !other || scope.depth > DEEPEST) return null;
  const there = blank(other.text);
  const exported = exportOf(imported.name, there);
  const inner = {
    ...scope,
    module: there,
    file: other.file,
    at: exported?.at ?? other.text.length,
    depth: scope.depth + 1,
  };
  if (exported === null) return null;
  return NAME.test(unwrap(exported.text))
    ? meaningOf(unwrap(exported.text), inner)
    : { text: exported.text, scope: inner };
}
