import { readService } from './compose-service.js';
import { cleanPath, joinPath, resolvePath } from './paths.js';
import type { ComposeService, Fs } from './types.js';
import { isMapping, member, parseYaml, stringOrNull } from './yaml.js';

const COMPOSE_FILE = /^(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$/;
const LARGEST_COMPOSE_FILE = 1_000_000;

/** More entries than this in a directory are not looked through. */
const MOST_ENTRIES = 10_000;

/**
 * Contexts that the services of compose files build a Dockerfile with, absolute, nearest directory first, each once.
 * Files that are no YAML, builds from a URL and names with unknown variables are passed over.
 * {@link https://docs.docker.com/reference/compose-file/build/}
 *
 * @param dockerfile absolute path
 * @param directories absolute paths to look for compose files in
 */
export function findComposeContexts(fs: Fs, dockerfile: string, directories: readonly string[]): string[] {
  return [...new Set(buildsWith(fs, dockerfile, directories).map((build) => build.context))];
}

/** Names that compose files give to further contexts of a Dockerfile: FROM and `--from` then mean these, and no image. */
export function findNamedContexts(fs: Fs, dockerfile: string, directories: readonly string[]): ReadonlySet<string> {
  return new Set(buildsWith(fs, dockerfile, directories).flatMap((build) => build.named));
}

/** Names of the build arguments that compose files pass to a Dockerfile; one without a value is the environment's. */
export function findComposeArgs(fs: Fs, dockerfile: string, directories: readonly string[]): readonly string[] {
  return buildsWith(fs, dockerfile, directories).flatMap((build) => build.args);
}

/**
 * What the services that compose files build with a Dockerfile say of it. A file that is merged into another has services of
 * the same name, without `build`.
 */
export function findComposeServices(fs: Fs, dockerfile: string, directories: readonly string[]): ComposeService[] {
  const merged: { readonly name: string; readonly service: unknown; readonly file: string }[] = [];
  const builds = buildsWith(fs, dockerfile, directories, (compose, file) => {
    for (const [name, service] of servicesOf(compose)) {
      if (member(service, 'build') === undefined) merged.push({ name, service, file });
    }
  });
  const names = new Set(builds.map(({ name }) => name));
  return [...builds, ...merged.filter(({ name }) => names.has(name))].map(({ service, file }) =>
    readService(service, file),
  );
}

/**
 * Paths of containers over which the services of compose files lay a directory or a volume, whatever they are built from:
 * the file that mounts is often not the one that builds.
 *
 * @param directories absolute paths to look for compose files in
 */
export function findComposeMounts(fs: Fs, directories: readonly string[]): readonly string[] {
  return composeFiles(fs, directories).flatMap(({ text }) => {
    if (!text.includes('volumes')) return [];
    return servicesOf(parseYaml(text)).flatMap(([, service]) => mountsOf(member(service, 'volumes')));
  });
}

interface ComposeFile {
  readonly directory: string;
  readonly name: string;
  readonly text: string;
}

/** The compose files in some directories that can be read. */
function composeFiles(fs: Fs, directories: readonly string[]): readonly ComposeFile[] {
  return directories.flatMap((directory) => {
    const entries = fs.readDirectory(directory);
    if (!entries.ok || entries.value.length > MOST_ENTRIES) return [];
    return entries.value.flatMap(({ name, kind }) => {
      const text = kind !== 'directory' && COMPOSE_FILE.test(name) ? readText(fs, joinPath(directory, name)) : null;
      return text === null ? [] : [{ directory, name, text }];
    });
  });
}

function buildsWith(
  fs: Fs,
  dockerfile: string,
  directories: readonly string[],
  visit: ((compose: unknown, file: string) => void) | null = null,
): Build[] {
  const builds: Build[] = [];
  for (const { directory, name, text } of composeFiles(fs, directories)) {
    if (!visit && !text.includes('build')) continue;
    const variables = readText(fs, joinPath(directory, '.env'));
    const compose = parseYaml(text);
    visit?.(compose, name);
    for (const build of buildsOf(compose, directory, parseEnv(variables ?? ''))) {
      if (build.dockerfile === dockerfile) builds.push({ ...build, file: name });
    }
  }
  return builds;
}

interface Build extends WrittenBuild {
  /** Name of the compose file. */
  readonly file: string;
}

interface WrittenBuild {
  /** Absolute. */
  readonly context: string;
  /** Absolute. */
  readonly dockerfile: string;
  readonly named: readonly string[];
  readonly args: readonly string[];
  /** Of the service. */
  readonly name: string;
  /** The service as it is written. */
  readonly service: unknown;
}

function buildsOf(compose: unknown, directory: string, variables: ReadonlyMap<string, string>): WrittenBuild[] {
  const builds: WrittenBuild[] = [];
  for (const [serviceName, service] of servicesOf(compose)) {
    const build = member(service, 'build');
    const written = isMapping(build) ? (stringOrNull(build.context) ?? '.') : stringOrNull(build);
    if (written === null) continue;
    const context = interpolate(written, variables);
    const name = interpolate(stringOrNull(member(build, 'dockerfile')) ?? 'Dockerfile', variables);
    if (context === null || name === null || /^[\w+.-]+:\/\/|^git@|^~/.test(context)) continue;
    const absolute = resolvePath(directory, context);
    const named = namesOf(member(build, 'additional_contexts'));
    const args = namesOf(member(build, 'args'));
    builds.push({
      context: absolute,
      dockerfile: resolvePath(absolute, name),
      named,
      args,
      name: serviceName,
      service,
    });
  }
  return builds;
}

function servicesOf(compose: unknown): readonly (readonly [string, unknown])[] {
  const services = member(compose, 'services') ?? compose;
  return isMapping(services) ? Object.entries(services) : [];
}

/** Of a list of `./src:/app/src:ro`, and of the long form with a `target`. */
function mountsOf(volumes: unknown): readonly string[] {
  if (!Array.isArray(volumes)) return [];
  return volumes.flatMap((volume) => {
    const short = stringOrNull(volume)?.split(':');
    const target = short ? (short[1] ?? short[0]) : stringOrNull(member(volume, 'target'));
    return target?.startsWith('/') ? [cleanPath(target)] : [];
  });
}

/** Of `name: value`, or of a list of `name=value`. */
function namesOf(contexts: unknown): readonly string[] {
  if (isMapping(contexts)) return Object.keys(contexts);
  if (!Array.isArray(contexts)) return [];
  return contexts.flatMap((one) => stringOrNull(one)?.split('=', 1) ?? []);
}

/** `$NAME`, `${NAME}`, `${NAME:-default}`; null where a variable has no known value. */
function interpolate(text: string, variables: ReadonlyMap<string, string>): string | null {
  let known = true;
  const value = text.replace(
    /\$\$|\$(\w+)|\$\{(\w+)(?::?-([^}]*))?\}/g,
    (token, bare?: string, braced?: string, fallback?: string) => {
      if (token === '$$') return '$';
      const found = variables.get(bare ?? braced ?? '') ?? fallback;
      if (found === undefined) known = false;
      return found ?? '';
    },
  );
  return known && value !== '' ? cleanPath(value) : null;
}

function parseEnv(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1] !== undefined) values.set(match[1], (match[2] ?? '').replace(/^(['"])(.*)\1$/, '$2'));
  }
  return values;
}

function readText(fs: Fs, path: string): string | null {
  const read = fs.readFile(path, LARGEST_COMPOSE_FILE);
  return read.ok ? new TextDecoder().decode(read.value) : null;
}
