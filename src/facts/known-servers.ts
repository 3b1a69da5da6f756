import { joinPath } from '../context/paths.js';
import type { BuildContext, NodeProject } from '../context/types.js';
import { programOf, verbOf } from './node-program.js';
import type { NodeStart, StageFacts } from './types.js';

/** A server whose port is known without a look into the project's own code. */
export interface Server {
  /** For a message. */
  readonly name: string;
  readonly flags: readonly string[];
  /** Port without a flag; null: not known. */
  readonly fallback: number | null;
  /** The environment variables that give the port, the first of them that is set. */
  readonly variables: readonly string[];
  readonly hostFlags: readonly string[];
  readonly hostVariables: readonly string[];
  /** Environment variables that some of its versions obey, so that nothing is known where one is set. */
  readonly doubtful: readonly string[];
  /** It binds localhost unless it is told another host. */
  readonly isLocal: boolean;
  /** Files of the project that may set either, and what they then hold. */
  readonly settings: Settings | null;
}

interface Settings {
  /** Without their extension. */
  readonly files: readonly string[];
  readonly says: RegExp;
}

const BASE: Server = {
  name: '',
  flags: ['-p', '--port'],
  fallback: 3000,
  variables: ['PORT'],
  hostFlags: ['--host'],
  hostVariables: [],
  doubtful: [],
  isLocal: false,
  settings: null,
};

const VITE: Settings = {
  files: ['vite.config'],
  says: /\b(?:host|port|preview|server)\b|require|import\(|from\s*['"]\./,
};
const ASTRO: Settings = { files: ['astro.config'], says: /\b(?:host|port|middleware)\b|\bserver\s*[:(]|from\s*['"]\./ };

/** Of the program and its first word. */
const SERVERS: Readonly<Record<string, Partial<Server>>> = {
  'next start': { hostFlags: ['-H', '--hostname'] },
  gunicorn: { flags: ['-b', '--bind'], fallback: null, variables: [], hostFlags: [] },
  uvicorn: {
    flags: ['--port'],
    fallback: null,
    variables: ['UVICORN_PORT'],
    hostVariables: ['UVICORN_HOST'],
    isLocal: true,
  },
  'flask run': {
    fallback: null,
    variables: ['FLASK_RUN_PORT'],
    hostFlags: ['-h', '--host'],
    hostVariables: ['FLASK_RUN_HOST'],
    isLocal: true,
  },
  'http-server': { fallback: 8080, hostFlags: ['-a'] },
  serve: { flags: ['-l', '--listen', '-p'], hostFlags: [] },
  'remix-serve': { flags: ['--port'], hostFlags: [], hostVariables: ['HOST'] },
  'react-router-serve': { flags: [], hostFlags: [], hostVariables: ['HOST'] },
  'json-server': {
    hostFlags: ['-H', '-h', '--host'],
    doubtful: ['HOST'],
    isLocal: true,
    settings: { files: ['json-server'], says: /\S/ },
  },
  'vite preview': { flags: ['--port'], fallback: 4173, variables: [], isLocal: true, settings: VITE },
  vite: { flags: ['--port'], fallback: 5173, variables: [], isLocal: true, settings: VITE },
  'vite dev': { flags: ['--port'], fallback: 5173, variables: [], isLocal: true, settings: VITE },
  'ng serve': {
    flags: ['--port'],
    fallback: 4200,
    variables: [],
    isLocal: true,
    settings: { files: ['angular', '.angular-cli'], says: /"(?:host|port)"/ },
  },
  'astro preview': { flags: ['--port'], fallback: 4321, variables: [], isLocal: true, settings: ASTRO },
  'astro dev': { flags: ['--port'], fallback: 4321, variables: [], isLocal: true, settings: ASTRO },
  'gatsby serve': {
    fallback: 9000,
    hostFlags: ['-H', '--host'],
    doubtful: ['HOST', 'GATSBY_HOST'],
    isLocal: true,
  },
  'docusaurus serve': { hostFlags: ['-h', '--host'], doubtful: ['HOST'], isLocal: true },
  'fastify start': {
    variables: ['FASTIFY_PORT', 'PORT'],
    hostFlags: ['-a', '--address'],
    hostVariables: ['FASTIFY_ADDRESS'],
    settings: { files: ['.fastify', '.fastifyrc'], says: /\S/ },
  },
  'strapi start': {
    flags: [],
    fallback: 1337,
    hostFlags: [],
    hostVariables: ['HOST'],
    settings: { files: ['config/server'], says: /^(?![\s\S]*\b1337\b)/ },
  },
};

/** Servers that a build writes, by their place in the image, and the package that does it. */
const BUILT: readonly { readonly path: RegExp; readonly needs: string | null; readonly server: Partial<Server> }[] = [
  {
    path: /\/\.output\/server\/index\.mjs$/,
    needs: null,
    server: {
      name: 'the Nitro server of Nuxt',
      variables: ['NITRO_PORT', 'PORT'],
      hostVariables: ['NITRO_HOST', 'HOST'],
    },
  },
  {
    path: /\/build(?:\/index\.js)?$/,
    needs: '@sveltejs/adapter-node',
    server: {
      name: 'the server of SvelteKit',
      hostVariables: ['HOST'],
      settings: { files: ['svelte.config'], says: /\benvPrefix\b/ },
    },
  },
  {
    path: /\/dist\/server\/entry\.mjs$/,
    needs: '@astrojs/node',
    server: { name: 'the server of Astro', fallback: 4321, hostVariables: ['HOST'], isLocal: true, settings: ASTRO },
  },
];

/** The server that the command is known to be; null where it is a program of the project's own. */
export function serverOf(start: NodeStart, target: StageFacts): Server | null {
  const { command, entryInImage, project } = start;
  if (!start.simple || givesMore(start)) return null;
  const program = programOf(command);
  const key = [`${program.name} ${verbOf(program) ?? ''}`, program.name].find((one) => Object.hasOwn(SERVERS, one));
  const known = key === undefined || (key === 'vite' && verbOf(program) !== null) ? undefined : SERVERS[key];
  if (known) return { ...BASE, name: key ?? '', ...known };
  if (command.name !== 'node' || entryInImage === null || start.entry !== null) return null;
  const built = BUILT.find(({ path, needs }) => path.test(entryInImage) && (needs === null || uses(needs, project)));
  if (built) return { ...BASE, flags: [], hostFlags: [], ...built.server };
  if (!entryInImage.endsWith('/server.js') || !copiesStandalone(target)) return null;
  return { ...BASE, name: 'Next.js', flags: [], hostFlags: [], hostVariables: ['HOSTNAME'] };
}

/** `npm start -- --port 80`: what the server is told besides stands in another file. */
function givesMore({ script, use }: NodeStart): boolean {
  const { operands, subcommand, flags } = use.command;
  return script !== null && (operands.length > (subcommand === 'start' ? 0 : 1) || flags.some((flag) => flag.unknown));
}

/** `COPY --from=build /app/.next/standalone ./`: https://nextjs.org/docs/app/api-reference/config/next-config-js/output */
function copiesStandalone(target: StageFacts): boolean {
  return target.copies.some((copy) =>
    copy.sources.some((source) => source.path !== null && /\.next\/standalone(?:\/\.?)?$/.test(source.path)),
  );
}

function uses(name: string, project: NodeProject | null): boolean {
  return project !== null && (project.manifest.dependencies.has(name) || project.manifest.devDependencies.has(name));
}

/** Versions from which the defaults of {@link SERVERS} hold; what is installed without one is newer. */
const SINCE: Readonly<Record<string, readonly [string, number, number]>> = {
  serve: ['serve', 14, 0],
  'vite preview': ['vite', 3, 0],
  vite: ['vite', 3, 0],
  'vite dev': ['vite', 3, 0],
  'json-server': ['json-server', 0, 14],
  'astro preview': ['astro', 3, 0],
  'astro dev': ['astro', 3, 0],
  'the server of Astro': ['astro', 3, 0],
};

/**
 * Whether the server takes what it is not told from its defaults: no file of the project sets it, and its version is one
 * that has them. A server with files of settings is not sure of them where the build context is not at hand.
 */
export function hasDefaults(server: Server, start: NodeStart, context: BuildContext | null, text: string): boolean {
  const since = SINCE[server.name];
  if (since && isOlder(since, start.project, text)) return false;
  if (!server.settings) return true;
  const { project } = start;
  if (
    !context ||
    !project ||
    programOf(start.command).words.some(({ value }) => /^(?:-c|--config|-o|--options)\b/.test(value))
  )
    return false;
  const { files, says } = server.settings;
  const names = files.flatMap((file) =>
    ['js', 'ts', 'mjs', 'cjs', 'mts', 'json', 'yml', 'yaml'].map((end) => `${file}.${end}`),
  );
  return [...files, ...names].every((name) => {
    const path = joinPath(project.directory, name);
    if (context.kindOf(path) !== 'file') return true;
    const content = context.read(path)?.text.trim() ?? '';
    return content !== '' && !says.test(content);
  });
}

function isOlder(
  [name, major, minor]: readonly [string, number, number],
  project: NodeProject | null,
  text: string,
): boolean {
  const manifest = project?.manifest;
  const written = (manifest?.dependencies.get(name) ?? manifest?.devDependencies.get(name))?.value;
  // What an image installs without a version is new; a project that is not seen may have any.
  const isGlobal = new RegExp(`(?:\\s-g|--global|\\sglobal)\\b[^\\n]*\\s${name}(?:@latest)?(?=\\s|$)`, 'm').test(text);
  if (!manifest && isGlobal) return false;
  const pinned =
    new RegExp(`\\b${name}@[\\^~]?v?(\\d+)(?:\\.(\\d+))?`).exec(text) ?? /(\d+)(?:\.(\d+))?/.exec(written ?? '');
  if (!pinned) return !manifest || (written !== undefined && !/^(?:latest|\*|next)$/.test(written));
  const [, found = '0', rest = '0'] = pinned;
  return Number(found) < major || (Number(found) === major && Number(rest) < minor);
}
