import type { Command } from '../shell/types.js';
import { hasWord, type NodeProgram, programOf, verbOf } from './node-program.js';

/** A server or a runner that is made for work on a project, not for its users. */
export interface DevServer {
  /** As a message names it. */
  readonly text: string;
  /** What to do in its place. */
  readonly instead: string;
  /** It only starts another program again when a file changes. */
  readonly watches: boolean;
}

const WATCHER = 'start the program itself, as in CMD ["node", "server.js"]';
const STATIC = 'build the files, and let a web server such as nginx serve them';

/** Program to the verbs that serve for development, with an empty one for the program alone, and what to do instead. */
const SERVERS: Readonly<Record<string, readonly [string, string]>> = {
  next: [' dev', 'run `next build` in a RUN, and start `next start` or the standalone server'],
  nuxt: ['dev', 'run `nuxt build` in a RUN, and start `node .output/server/index.mjs`'],
  nuxi: ['dev', 'run `nuxi build` in a RUN, and start `node .output/server/index.mjs`'],
  remix: ['dev vite:dev', 'run the build in a RUN, and start `remix-serve`'],
  'react-router': ['dev', 'run the build in a RUN, and start `react-router-serve`'],
  strapi: ['develop dev', 'run `strapi build` in a RUN, and start `strapi start`'],
  medusa: ['develop', 'run `medusa build` in a RUN, and start `medusa start`'],
  vite: [' dev serve', STATIC],
  ng: ['serve s dev', STATIC],
  webpack: ['serve s server', STATIC],
  'webpack-dev-server': [' ', STATIC],
  'react-scripts': ['start', STATIC],
  'react-app-rewired': ['start', STATIC],
  craco: ['start', STATIC],
  'vue-cli-service': ['serve', STATIC],
  astro: ['dev', STATIC],
  parcel: ['serve', STATIC],
  gatsby: ['develop', STATIC],
  docusaurus: ['start', STATIC],
  vitepress: ['dev', STATIC],
  vuepress: ['dev', STATIC],
  quasar: ['dev', STATIC],
  ember: ['serve server s', STATIC],
  ionic: ['serve', STATIC],
  storybook: ['dev', STATIC],
  'start-storybook': [' ', STATIC],
  'live-server': [' ', STATIC],
};

const WATCHERS: ReadonlySet<string> = new Set(['nodemon', 'ts-node-dev', 'tsnd', 'tsc-watch', 'node-dev']);

/** They watch where a flag says so. */
const WATCHING = /^(?:--watch(?:-path|-hmr)?|--hot)(?:=|$)/;

/** They tell something, and end. */
const QUESTION = /^(?:-v|--version|-h|--help)$/;

/** What a command serves for development with; null where it does not. */
export function devServerOf(command: Command): DevServer | null {
  const program = programOf(command);
  const { name } = program;
  if (hasWord(program, QUESTION)) return null;
  if (WATCHERS.has(name))
    return hasWord(program, /^--exitcrash$/) ? null : { text: name, instead: WATCHER, watches: true };
  const flag = watchFlag(command, program);
  if (flag !== undefined) return { text: `${command.name} ${flag}`, instead: WATCHER, watches: true };
  const server = Object.hasOwn(SERVERS, name) ? SERVERS[name] : undefined;
  const verb = server ? servingVerb(program, server[0].split(' ')) : null;
  if (!server || verb === null) return null;
  return { text: verb === '' ? name : `${name} ${verb}`, instead: server[1], watches: false };
}

/** The verb that serves, empty for the program alone; null where it does something else. */
function servingVerb(program: NodeProgram, verbs: readonly string[]): string | null {
  const verb = verbOf(program);
  if (verb !== null) return verbs.includes(verb) ? verb : null;
  // Flags before a verb: `vite --mode staging build`.
  return verbs.includes('') && !hasWord(program, /^(?:build|preview|start|optimize|export|lint|info)$/) ? '' : null;
}

function watchFlag(command: Command, program: NodeProgram): string | undefined {
  switch (command.name) {
    case 'node':
    case 'bun':
    case 'deno':
      // What stands behind the file is the app's own.
      return command.flags.find(({ name }) => WATCHING.test(name))?.name;
    case 'tsx': {
      const [first] = command.operands;
      if (first?.value === 'watch') return 'watch';
      return command.flags.find(({ name, span }) => WATCHING.test(name) && !(first && span.start > first.span.start))
        ?.name;
    }
    case 'nest':
      return verbOf(program) === 'start'
        ? program.words.find(({ value }) => /^(?:--watch|-w)$/.test(value))?.value
        : undefined;
    default:
      return undefined;
  }
}
