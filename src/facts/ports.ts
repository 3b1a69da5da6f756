import { joinPath, parentOf } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import type { SourceFile } from '../model/source.js';
import type { Command } from '../shell/types.js';
import { type EnvironmentLookup, findListenCalls } from './listen-call.js';
import { moduleGraph } from './module-graph.js';
import type { Facts, NodeStart, SeenPort, StageFacts } from './types.js';

/** Files that are read to find a `listen()`; an app that hides it deeper is left alone. */
const MOST_FILES = 12;

/**
 * Ports that the shipped command is certain to listen on: a flag of a known server, the default of a framework that
 * package.json starts, or the `listen()` of the entry file and the files that it imports. Empty where none of them says so
 * in so many words, or where one of several ports cannot be read.
 */
export function seenPorts(facts: Facts): readonly SeenPort[] {
  const { target, context } = facts;
  const { start } = facts.node;
  if (!target || !start) return [];
  const lookup = environmentOf(target, start, context);
  const server = serverOf(start, target);
  if (server) return serverPort(server, start, lookup);
  return start.entry === null || !context ? [] : portsOfEntry(start.entry, context, lookup);
}

/** What a variable is when the container starts: ENV, then the `.env` file that the image would have. */
function environmentOf(target: StageFacts, start: NodeStart, context: BuildContext | null): EnvironmentLookup {
  const directory = start.project?.directory ?? (start.entry === null ? '.' : parentOf(start.entry));
  return (name) => {
    const own = [...start.command.assignments, ...start.use.command.assignments].findLast((one) => one.name === name);
    if (own) return own.value?.literal ? own.value.value : null;
    if (start.use.script?.assigned.has(name)) return null;
    const setting = target.final.env.get(name);
    if (setting) return setting.value;
    for (const path of new Set([joinPath(directory, '.env'), '.env'])) {
      const file = context?.isSent(path) ? context.read(path) : null;
      if (file && new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`, 'm').test(file.text)) return null;
    }
    return undefined;
  };
}

interface Server {
  /** For a message. */
  readonly name: string;
  readonly flags: readonly string[];
  /** Port without a flag; null: not known. */
  readonly fallback: number | null;
  /** The environment variable that it obeys. */
  readonly variable: string | null;
  /** The flag that sets the host where only the loopback is bound without it; null: all interfaces are bound. */
  readonly host: string | null;
}

const NEXT: Server = { name: 'Next.js', flags: ['-p', '--port'], fallback: 3000, variable: 'PORT', host: null };

const SERVERS: Readonly<Record<string, Server>> = {
  'next start': { ...NEXT, name: 'next start' },
  gunicorn: { name: 'gunicorn', flags: ['-b', '--bind'], fallback: null, variable: null, host: null },
  uvicorn: { name: 'uvicorn', flags: ['--port'], fallback: null, variable: null, host: '--host' },
  'flask run': { name: 'flask run', flags: ['-p', '--port'], fallback: null, variable: null, host: '--host' },
  'http-server': { name: 'http-server', flags: ['-p', '--port'], fallback: 8080, variable: 'PORT', host: null },
  serve: { name: 'serve', flags: ['-l', '--listen', '-p'], fallback: null, variable: null, host: null },
  'remix-serve': { name: 'remix-serve', flags: ['--port'], fallback: 3000, variable: 'PORT', host: null },
};

/** The server that the command is known to be; null where it is a program of the project's own. */
function serverOf(start: NodeStart, target: StageFacts): Server | null {
  const { command } = start;
  if (!start.simple) return null;
  const first = command.subcommandWord?.value ?? command.operands[0]?.value ?? '';
  const known = SERVERS[command.name] ?? SERVERS[`${command.name} ${first}`];
  if (known) return known;
  if (command.name !== 'node' || start.entryInImage === null || start.entry !== null) return null;
  if (start.entryInImage.endsWith('/.output/server/index.mjs')) {
    return { name: 'the Nitro server of Nuxt', flags: [], fallback: 3000, variable: 'PORT', host: null };
  }
  return start.entryInImage.endsWith('/server.js') && copiesStandalone(target) ? NEXT : null;
}

/** `COPY --from=build /app/.next/standalone ./`: https://nextjs.org/docs/app/api-reference/config/next-config-js/output */
function copiesStandalone(target: StageFacts): boolean {
  return target.copies.some((copy) =>
    copy.sources.some((source) => source.path !== null && /\.next\/standalone(?:\/\.?)?$/.test(source.path)),
  );
}

function serverPort(server: Server, start: NodeStart, lookup: EnvironmentLookup): readonly SeenPort[] {
  const { command, place } = start;
  const given = flagValue(command, server.flags);
  const loopback = server.host !== null && flagValue(command, [server.host]) === undefined;
  if (given !== undefined) {
    const port = portIn(given.value);
    return port === null ? [] : [{ port, source: `${server.name} ${given.flag}`, place, loopback, variable: null }];
  }
  const set = server.variable === null ? undefined : lookup(server.variable);
  const port = set === undefined ? server.fallback : portIn(set);
  if (port === null) return [];
  return [{ port, source: server.name, place, loopback, variable: set === undefined ? server.variable : null }];
}

/** Last of the flags, whose tool no table may know: `--port 80`, `--port=80`, `-p80`. Null value: not known. */
function flagValue(
  command: Command,
  names: readonly string[],
): { readonly flag: string; readonly value: string | null } | undefined {
  let found: { flag: string; value: string | null } | undefined;
  for (const [index, word] of command.words.entries()) {
    const flag = names.find(
      (name) =>
        word.value === name ||
        word.value.startsWith(`${name}=`) ||
        (name.length === 2 && word.value.startsWith(name) && word.value.length > 2),
    );
    if (flag === undefined) continue;
    const value = word.value === flag ? command.words[index + 1] : word;
    const text = value === word ? word.value.slice(flag.length).replace(/^=/, '') : value?.value;
    found = { flag, value: value?.literal ? (text ?? null) : null };
  }
  return found;
}

/** `8080`, `0.0.0.0:8080`, `tcp://0.0.0.0:8080`. */
function portIn(value: string | null): number | null {
  const digits = /(?:^|:)(\d{1,5})$/.exec(value ?? '')?.[1];
  const port = digits === undefined ? 0 : Number(digits);
  return port > 0 && port < 65536 ? port : null;
}

function portsOfEntry(entry: string, context: BuildContext, lookup: EnvironmentLookup): readonly SeenPort[] {
  const found: SeenPort[] = [];
  for (const source of moduleGraph(entry, context, MOST_FILES)) {
    const ports = portsOfFile(source, lookup);
    if (ports === null) return [];
    found.push(...ports);
  }
  return found;
}

/** Null where a port cannot be read. */
function portsOfFile(source: SourceFile, lookup: EnvironmentLookup): readonly SeenPort[] | null {
  const found: SeenPort[] = [];
  for (const { port, loopback, variable, span } of findListenCalls(source.text, lookup)) {
    if (port === null) return null;
    found.push({ port, source: source.path, place: { file: source, span }, loopback, variable });
  }
  return found;
}
