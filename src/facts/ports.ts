import type { SourceFile } from '../model/source.js';
import { type Command, findFlag } from '../shell/types.js';
import { findListenCalls, relativeImports } from './listen-call.js';
import type { Facts, NodeStart, SeenPort } from './types.js';

/** Files that are read to find a `listen()`; an app that hides it deeper is left alone. */
const MAX_FILES = 12;

/**
 * Ports that the shipped command is certain to listen on: a flag of a known server, the default of a framework that
 * package.json starts, or the `listen()` of the entry file. Empty where none of them says so in so many words.
 */
export function seenPorts(facts: Facts): readonly SeenPort[] {
  const { start } = facts.node;
  if (!start) return [];
  const byCommand = commandPort(start, facts);
  if (byCommand) return [byCommand];
  return start.entry === null ? [] : portsOfEntry(start.entry, facts);
}

interface Server {
  readonly flags: readonly string[];
  /** Subcommand or first operand that starts the server; null: any. */
  readonly verb: string | null;
  /** Port without a flag; null: not known. */
  readonly fallback: number | null;
  /** The environment variable that it obeys. */
  readonly variable: string | null;
}

const SERVERS: Readonly<Record<string, Server>> = {
  next: { flags: ['-p', '--port'], verb: 'start', fallback: 3000, variable: 'PORT' },
  gunicorn: { flags: ['-b', '--bind'], verb: null, fallback: null, variable: null },
  uvicorn: { flags: ['--port'], verb: null, fallback: null, variable: null },
  flask: { flags: ['-p', '--port'], verb: 'run', fallback: null, variable: null },
  'http-server': { flags: ['-p', '--port'], verb: null, fallback: 8080, variable: 'PORT' },
  serve: { flags: ['-l', '--listen', '-p'], verb: null, fallback: 3000, variable: 'PORT' },
};

function commandPort(start: NodeStart, facts: Facts): SeenPort | null {
  const { command } = start;
  const server = SERVERS[command.name];
  if (!server) return null;
  const first = command.subcommandWord?.value ?? command.operands[0]?.value ?? null;
  if (server.verb !== null && first !== server.verb) return null;
  const flag = findFlag(command, ...server.flags);
  const port = flag ? portIn(flag.literal ? flag.value : null) : defaultPort(server, facts);
  if (port === null) return null;
  return {
    port,
    source: flag
      ? `the ${flag.name} flag of ${command.name}`
      : `${command.name}${server.verb ? ` ${server.verb}` : ''}`,
    place: placeOfCommand(start, command, facts),
    loopback: false,
    variable: flag ? null : server.variable,
  };
}

/** `8080`, `0.0.0.0:8080`, `tcp://0.0.0.0:8080`. */
function portIn(value: string | null): number | null {
  const digits = /(?:^|:)(\d{1,5})$/.exec(value ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

function defaultPort(server: Server, facts: Facts): number | null {
  const given = server.variable === null ? undefined : facts.target?.final.env.get(server.variable);
  if (!given) return server.fallback;
  return portIn(given.value);
}

/** In the Dockerfile, or in package.json where a script there names the command. */
function placeOfCommand(start: NodeStart, command: Command, facts: Facts): SeenPort['place'] {
  const script = start.script ? start.project?.manifest.scripts.get(start.script.name) : undefined;
  if (script && start.project) return { file: start.project.manifest.source, span: script.span };
  return { file: facts.document.source, span: (command === start.use.command ? command : start.use.command).span };
}

function portsOfEntry(entry: string, facts: Facts): readonly SeenPort[] {
  const environment = (name: string): string | null | undefined => facts.target?.final.env.get(name)?.value;
  const queue = [entry];
  const seen = new Set<string>();
  while (queue.length > 0 && seen.size < MAX_FILES) {
    const path = queue.shift() ?? '';
    const source = seen.has(path) ? null : readModule(path, facts);
    seen.add(path);
    if (!source) continue;
    const calls = findListenCalls(source.text, environment);
    if (calls.length > 0) {
      return calls.map((call) => ({
        port: call.port,
        source: source.path,
        place: { file: source, span: call.span },
        loopback: call.loopback,
        variable: call.variable,
      }));
    }
    queue.push(...relativeImports(source.text).map((name) => joinPath(path, name)));
  }
  return [];
}

function readModule(path: string, facts: Facts): SourceFile | null {
  const { context } = facts;
  if (!context) return null;
  for (const candidate of [path, `${path}.js`, `${path}.ts`, `${path}/index.js`, path.replace(/\.js$/, '.ts')]) {
    if (context.kindOf(candidate) === 'file' && context.isSent(candidate)) return context.read(candidate);
  }
  return null;
}

function joinPath(from: string, name: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
