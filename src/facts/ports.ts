import { joinPath, parentOf } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import type { Place } from '../model/finding.js';
import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';
import type { Command } from '../shell/types.js';
import { moduleFile } from './entry-file.js';
import { hasDefaults, type Server, serverOf } from './known-servers.js';
import { type EnvironmentLookup, findListenCalls, type ModuleLookup } from './listen-call.js';
import { LONGEST_FILE, moduleGraph } from './module-graph.js';
import type { Facts, LocalHost, NodeStart, SeenPort, StageFacts } from './types.js';

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
  if (server) return serverPort(server, start, facts, lookup);
  const entry = context ? (start.entry ?? angularServer(start, context)) : null;
  return entry === null || !context ? [] : portsOfEntry(entry, context, lookup, facts);
}

/** What `dist/app/server/server.mjs` is built from. */
function angularServer({ entryInImage, project }: NodeStart, context: BuildContext): string | null {
  if (!project?.manifest.dependencies.has('@angular/ssr') || !entryInImage?.endsWith('/server/server.mjs')) return null;
  const places = ['src/server.ts', 'server.ts'].map((name) => joinPath(project.directory, name));
  return places.find((path) => context.isSent(path)) ?? null;
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
    for (const path of new Set(['.env', '.flaskenv'].flatMap((file) => [joinPath(directory, file), file]))) {
      const file = context?.isSent(path) ? context.read(path) : null;
      if (file && new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`, 'm').test(file.text)) return null;
    }
    return undefined;
  };
}

function serverPort(server: Server, start: NodeStart, facts: Facts, lookup: EnvironmentLookup): readonly SeenPort[] {
  const { command, place } = start;
  const hasOwn = hasDefaults(server, start, facts.context, facts.document.source.text);
  const given = flagValue(command, server.flags);
  const local = localHost(server, start, given?.value ?? null, hasOwn, facts, lookup);
  const seen = { place, loopback: local !== null, local };
  if (given !== undefined) {
    const port = portIn(given.value);
    return port === null ? [] : [{ port, source: server.name, variable: null, ...seen }];
  }
  const name = server.variables.find((one) => lookup(one) !== undefined);
  const set = name === undefined ? undefined : lookup(name);
  const port = set === undefined ? (hasOwn ? server.fallback : null) : portIn(set);
  if (port === null) return [];
  return [
    { port, source: server.name, variable: set === undefined ? (server.variables.at(-1) ?? null) : null, ...seen },
  ];
}

const LOOPBACK = /^(?:tcp:\/\/)?(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/;

/** What binds a server to the loopback alone; null where it is reachable, or that is not known. */
function localHost(
  server: Server,
  { command, place }: NodeStart,
  address: string | null,
  hasOwn: boolean,
  facts: Facts,
  lookup: EnvironmentLookup,
): LocalHost | null {
  const remedy = server.hostFlags.at(-1) ?? server.hostVariables[0] ?? null;
  const found = (host: string | null, more: Partial<LocalHost>): LocalHost | null =>
    host !== null && LOOPBACK.test(host)
      ? {
          host,
          place: null,
          remedy,
          variable: null,
          setBy: null,
          isConditional: false,
          isDoubtful: server.doubtful.length > 0,
          ...more,
        }
      : null;
  const flag = flagValue(command, server.hostFlags);
  if (flag) return found(flag.value, { place: { file: place.file, span: flag.span } });
  // `-b 127.0.0.1:8000`
  const host = /^(.+):\d+$/.exec(address ?? '')?.[1];
  if (host !== undefined) return found(host, {});
  const name = server.hostVariables.find((one) => lookup(one) !== undefined);
  if (name !== undefined) return found(lookup(name) ?? null, { place: placeOfVariable(name, facts), setBy: name });
  if (!server.isLocal || !hasOwn || server.doubtful.some((one) => lookup(one) !== undefined)) return null;
  return found('localhost', { variable: server.hostVariables[0] ?? null });
}

function placeOfVariable(name: string, { target, document }: Facts): Place | null {
  const by = target?.final.env.get(name)?.by;
  const pair = by?.keyword === 'ENV' ? by.pairs.findLast(({ key }) => key.text === name) : undefined;
  return pair?.value ? { file: document.source, span: pair.value.span } : null;
}

interface FlagValue {
  /** Null: not known. Empty: a flag without a value. */
  readonly value: string | null;
  /** Of the value, or of the flag with it. */
  readonly span: Span;
}

/** Last of the flags, whose tool no table may know: `--port 80`, `--port=80`, `-p80`. */
function flagValue(command: Command, names: readonly string[]): FlagValue | undefined {
  let found: FlagValue | undefined;
  for (const [index, word] of command.words.entries()) {
    const flag = names.find(
      (name) =>
        word.value === name ||
        word.value.startsWith(`${name}=`) ||
        (name.length === 2 && word.value.startsWith(name) && word.value.length > 2),
    );
    if (flag === undefined) continue;
    const next = command.words[index + 1];
    const value = word.value !== flag ? word : next && !(next.literal && next.value.startsWith('-')) ? next : undefined;
    // gunicorn binds all that it is given.
    if (found && command.name === 'gunicorn') found = { value: null, span: word.span };
    else if (!value) found = { value: '', span: word.span };
    else {
      const text = value === word ? word.value.slice(flag.length).replace(/^=/, '') : value.value;
      found = { value: value.literal ? text : null, span: value.span };
    }
  }
  return found;
}

function portIn(value: string | null): number | null {
  const digits = /(?:^|:)(\d{1,5})$/.exec(value ?? '')?.[1];
  const port = digits === undefined ? 0 : Number(digits);
  return port > 0 && port < 65536 ? port : null;
}

function portsOfEntry(
  entry: string,
  context: BuildContext,
  lookup: EnvironmentLookup,
  facts: Facts,
): readonly SeenPort[] {
  const found: SeenPort[] = [];
  for (const { path, source } of moduleGraph(entry, context, MOST_FILES)) {
    const ports = portsOfFile(source, lookup, modulesOf(path, context), facts);
    if (ports === null) return [];
    found.push(...ports);
  }
  return found;
}

/** Null where a port cannot be read. */
function portsOfFile(
  source: SourceFile,
  lookup: EnvironmentLookup,
  modules: ModuleLookup,
  facts: Facts,
): readonly SeenPort[] | null {
  const found: SeenPort[] = [];
  for (const call of findListenCalls(source.text, lookup, modules)) {
    const { port, loopback, variable, span, host, hostVariable, hostSetBy, isConditional } = call;
    if (port === null) return null;
    const place = { file: source, span };
    const local: LocalHost | null = loopback
      ? {
          host: host || 'localhost',
          place: hostSetBy === null ? (host ? place : null) : placeOfVariable(hostSetBy, facts),
          remedy: null,
          variable: hostVariable,
          setBy: hostSetBy,
          isConditional,
          isDoubtful: false,
        }
      : null;
    found.push({ port, source: source.path, place, loopback, local, variable });
  }
  return found;
}

/** Files beside a module by the names that it calls them. */
function modulesOf(path: string, context: BuildContext): ModuleLookup {
  return (file, name) => {
    const found = moduleFile(joinPath(parentOf(file ?? path), name), context);
    const text = found === null ? null : context.read(found)?.text;
    return found === null || text == null || text.length > LONGEST_FILE ? null : { file: found, text };
  };
}
