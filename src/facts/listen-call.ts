import type { Span } from '../model/span.js';
import { receiverOf } from './module-names.js';
import { blank, isConditionalAt, type Module, objectFields, splitArguments } from './module-text.js';
import {
  type EnvironmentLookup,
  evaluateHost,
  evaluatePort,
  type ModuleLookup,
  type Scope,
} from './port-expression.js';

export type { EnvironmentLookup, ModuleLookup } from './port-expression.js';

/** A `.listen(...)` of a JavaScript or TypeScript file. */
export interface ListenCall {
  /** Null where it is meant to be a port, but which one cannot be read from the file. */
  readonly port: number | null;
  /** The environment variable that may change the port when the container starts; null: none. */
  readonly variable: string | null;
  /** Only 127.0.0.1, ::1 or localhost is bound. */
  readonly loopback: boolean;
  /** The host as it is given; empty where none is, null where it is not known. */
  readonly host: string | null;
  /** The environment variable that may change the host when the container starts; null: none. */
  readonly hostVariable: string | null;
  /** The environment variable of the image that gives the host; null: none. */
  readonly hostSetBy: string | null;
  /** It may not be called, or not by what is seen to be a server of its kind. */
  readonly isConditional: boolean;
  /** From `listen` to the end of the first argument. */
  readonly span: Span;
}

/** How a server is started that has its port in an object. */
interface ObjectCall {
  readonly pattern: RegExp;
  /** What a file must take from elsewhere for the pattern to mean it; null: nothing. */
  readonly needs: RegExp | null;
  /** Which argument has the port. */
  readonly argument: number;
  readonly host: string;
  readonly fallback: { readonly port: number; readonly variables: readonly string[] } | null;
}

const OBJECT_CALLS: readonly ObjectCall[] = [
  {
    pattern: /\bBun\s*\.\s*serve\s*(?:<[^<>()]*>)?\(/g,
    needs: null,
    argument: 0,
    host: 'hostname',
    fallback: { port: 3000, variables: ['BUN_PORT', 'PORT', 'NODE_PORT'] },
  },
  {
    pattern: /(?<![.\w$])serve\s*\(/g,
    needs: /['"]@hono\/node-server['"]/,
    argument: 0,
    host: 'hostname',
    fallback: { port: 3000, variables: [] },
  },
  {
    pattern: /\b[Hh]apiJ?s?\s*\.\s*[Ss]erver\s*\(/g,
    needs: /['"](?:@hapi\/hapi|hapi)['"]/,
    argument: 0,
    host: 'host',
    fallback: null,
  },
  {
    pattern: /\bnew\s+(?:\w+\s*\.\s*)?(?:WebSocketServer|Server)\s*\(/g,
    needs: /['"]ws['"]/,
    argument: 0,
    host: 'host',
    fallback: null,
  },
  {
    pattern: /(?<![.\w$])startStandaloneServer\s*(?:<[^<>()]*>)?\(/g,
    needs: /['"]@apollo\/server\/standalone['"]/,
    argument: 1,
    host: 'host',
    fallback: { port: 4000, variables: [] },
  },
];

/** Each is looked up in the whole file; a program that starts more servers is no person's. */
const MOST_CALLS = 50;

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1)$/;

/**
 * Finds the servers that a file starts. Reads the few shapes in which people write a port (a literal, a constant, a field
 * of an object, `process.env.PORT || 8080`, `parseInt(...)`, `{ port }`); a server that is attached to another one
 * (`io.listen(server)`) and a listener for events are none.
 *
 * @param modules where names lead that the file takes from beside it
 */
export function findListenCalls(
  text: string,
  environment: EnvironmentLookup,
  modules: ModuleLookup = () => null,
): readonly ListenCall[] {
  if (!/listen|serve|Server/.test(text)) return [];
  const module = blank(text);
  const scope: Scope = { module, at: 0, environment, modules, file: null, depth: 0 };
  return [...methodCalls(scope), ...OBJECT_CALLS.flatMap((one) => objectCalls(one, scope))];
}

function methodCalls(outer: Scope): readonly ListenCall[] {
  const { module } = outer;
  const calls: ListenCall[] = [];
  let seen = 0;
  for (const match of module.bare.matchAll(/\.\s*listen\s*(?:<[^<>()]*>)?\(/g)) {
    if (seen++ >= MOST_CALLS) break;
    const [first, second] = splitArguments(module, match.index + match[0].length);
    if (!first) continue;
    const fields = objectFields(first.text);
    const scope: Scope = { ...outer, at: match.index };
    const isOpen = fields?.has('...') === true;
    const written = fields ? (fields.get('port') ?? (isOpen ? 'port' : undefined)) : first.text;
    if (written === undefined) continue;
    const port = evaluatePort(written, scope);
    if (port.value === null && !isPortLike(written)) continue;
    const host = evaluateHost(
      fields ? (fields.get('host') ?? fields.get('hostname') ?? '') : (second?.text ?? ''),
      scope,
    );
    const fastify = host.value === '' && !isOpen ? fastifyAt(module, match.index) : 'no';
    const loopback = fastify !== 'no' || (host.value !== null && LOOPBACK.test(host.value));
    calls.push({
      port: isOpen ? null : (port.value ?? null),
      variable: port.variable,
      loopback,
      host: host.value,
      hostVariable: host.variable,
      hostSetBy: host.setBy,
      isConditional: fastify === 'maybe' || (loopback && isConditionalAt(module, match.index)),
      span: { start: match.index + match[0].indexOf('listen'), end: first.end },
    });
  }
  return calls;
}

/**
 * Whether a call is that of fastify, which binds localhost unless it is given a host:
 * https://fastify.dev/docs/latest/Reference/Server/#listen
 */
function fastifyAt(module: Module, at: number): 'yes' | 'maybe' | 'no' {
  if (!/['"](?:fastify|@nestjs\/platform-fastify)['"]/.test(module.code)) return 'no';
  const receiver = receiverOf(module, at);
  if (receiver === null) return 'maybe';
  if (/\b[Ff]astify\w*\s*\(|require\(\s*['"]fastify['"]\s*\)\s*\(|FastifyAdapter\b/.test(receiver)) return 'yes';
  return /^(?:await\s+)?(?:new\s+)?(?:https?\d?|net|express|WebSocket|createServer)\b/.test(receiver.trim())
    ? 'no'
    : 'maybe';
}

function objectCalls({ pattern, needs, argument, host, fallback }: ObjectCall, outer: Scope): readonly ListenCall[] {
  const { module } = outer;
  if (needs && !needs.test(module.code)) return [];
  const calls: ListenCall[] = [];
  for (const match of module.bare.matchAll(pattern)) {
    const given = splitArguments(module, match.index + match[0].length)[argument];
    const options = given ? objectFields(given.text) : null;
    const fields = argument === 1 ? objectFields(options?.get('listen') ?? '') : options;
    const scope: Scope = { ...outer, at: match.index };
    const written = fields?.get('port');
    // An object that is not written here may have a port; nothing has one by default where none is asked for.
    if (written === undefined && (!fallback || (given && !options))) continue;
    const names = fallback?.variables.map((name) => `process.env.${name}`) ?? [];
    const port = evaluatePort(written ?? [...names, String(fallback?.port)].join(' || '), scope);
    const bound = evaluateHost(fields?.get(host) ?? '', scope);
    const loopback = bound.value !== null && LOOPBACK.test(bound.value);
    calls.push({
      port: fields?.has('...') ? null : (port.value ?? null),
      variable: port.variable,
      loopback,
      host: bound.value,
      hostVariable: bound.variable,
      hostSetBy: bound.setBy,
      isConditional: loopback && isConditionalAt(module, match.index),
      span: { start: match.index + match[0].search(/\w/), end: match.index + match[0].length - 1 },
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

/** An argument that speaks of a port, whatever its value; a server or a function does not. */
function isPortLike(text: string): boolean {
  return /port/i.test(text) || /process\.env|config/i.test(text);
}
