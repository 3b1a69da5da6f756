import { joinPath } from '../context/paths.js';
import type { BuildContext, Lockfile, NodeProject } from '../context/types.js';
import { type NpmLock, readNpmLock } from './lock-text.js';

/**
 * Whether a package is installed where devDependencies are left out: `absent` where the lockfile, or the way in which the
 * manager lays out node_modules, shows that it is not; null where that is not known.
 *
 * @param program the program that is wanted of it
 */
export function productionState(
  name: string,
  program: string,
  lockfile: Lockfile | null,
  project: NodeProject,
  context: BuildContext,
): 'present' | 'absent' | null {
  const { dependencies, optionalDependencies, devDependencies, source } = project.manifest;
  if (dependencies.has(name) || optionalDependencies.has(name)) return 'present';
  if (!devDependencies.has(name) || !lockfile) return null;
  switch (lockfile.manager) {
    case 'npm':
      return inNpm(name, program, npmLockAt(lockfile.path, context));
    case 'yarn':
      return inYarn(name, project, context.read(lockfile.path)?.text ?? '');
    case 'pnpm':
      // pnpm also installs what the project names as its peers, and hoists these two by itself.
      if (/"peerDependencies"/.test(source.text) || /eslint|prettier/.test(name)) return null;
      return isHoisted(project, context) ? null : 'absent';
    default:
      return null;
  }
}

function npmLockAt(path: string, context: BuildContext): NpmLock | null {
  const source = context.read(path);
  return source && readNpmLock(source);
}

function inNpm(name: string, program: string, tree: NpmLock | null): 'present' | 'absent' | null {
  if (!tree) return null;
  if (!tree.packages) {
    const found = tree.dependencies?.[name];
    return found ? (found.dev === true ? 'absent' : 'present') : null;
  }
  const own = tree.packages[`node_modules/${name}`];
  if (!own) return null;
  if (own.dev !== true) return 'present';
  const others = Object.entries(tree.packages).some(([path, entry]) => {
    const bin = entry?.bin;
    return entry?.dev !== true && path !== '' && typeof bin === 'object' && bin !== null && Object.hasOwn(bin, program);
  });
  return others ? null : 'absent';
}

/** yarn.lock does not say what is for development: what the dependencies come to is followed through it. */
function inYarn(name: string, { manifest }: NodeProject, text: string): 'present' | 'absent' | null {
  if (!text.includes('# yarn lockfile v1')) return null;
  const entries = new Map<string, readonly string[]>();
  for (const block of text.split(/\n(?=\S)/)) {
    const [head = '', ...lines] = block.split('\n');
    if (!head.endsWith(':')) continue;
    const wanted: string[] = [];
    let inside = false;
    for (const line of lines) {
      if (/^ {2}\S/.test(line)) inside = /^ {2}(?:optionalD|d)ependencies:/.test(line);
      const found = inside ? /^ {4}"?([^"\s]+)"? "?([^"]+)"?$/.exec(line) : null;
      if (found) wanted.push(`${found[1]}@${found[2]}`);
    }
    for (const key of head.slice(0, -1).split(', ')) entries.set(key.replace(/^"|"$/g, ''), wanted);
  }
  const reached = new Set<string>();
  for (const table of [manifest.dependencies, manifest.optionalDependencies])
    for (const [key, { value }] of table) reached.add(`${key}@${value}`);
  for (const key of reached) {
    if (key.startsWith(`${name}@`)) return 'present';
    const next = entries.get(key);
    // An entry that is missing: the lockfile does not fit, or was cut.
    if (!next) return null;
    for (const one of next) reached.add(one);
  }
  return 'absent';
}

/** pnpm links the programs of a project's own dependencies alone, unless it is told to lay them out as npm does. */
function isHoisted({ npmrc, manifest, directory }: NodeProject, context: BuildContext): boolean {
  const settings = [...(npmrc?.keys() ?? [])].join(' ');
  const workspace = context.read(joinPath(directory, 'pnpm-workspace.yaml'))?.text ?? '';
  return /hoist|node-linker/.test(settings) || /hoist|nodeLinker/i.test(workspace + manifest.source.text);
}

/** Programs whose package has another name; any other is looked for under its own. */
const PROGRAMS: Readonly<Record<string, string>> = {
  tsc: 'typescript',
  nest: '@nestjs/cli',
  webpack: 'webpack-cli',
  ng: '@angular/cli',
  'vue-cli-service': '@vue/cli-service',
  babel: '@babel/cli',
  swc: '@swc/cli',
  tailwindcss: '@tailwindcss/cli',
  'svelte-kit': '@sveltejs/kit',
  remix: '@remix-run/dev',
  'react-router': '@react-router/dev',
  biome: '@biomejs/biome',
  playwright: '@playwright/test',
  'graphql-codegen': '@graphql-codegen/cli',
  rsbuild: '@rsbuild/core',
  changeset: '@changesets/cli',
};

/** Programs that the system has, whatever packages are called. */
const OF_SYSTEM =
  /^(?:node|npm|npx|yarn|yarnpkg|corepack|sh|bash|make|test|env|git|cp|mv|rm|mkdir|cat|echo|ls|ln|sed|time|true|which|python3?|docker|go|pnpm|bun)$/;

/** The package of the manifest's devDependencies that a program belongs to; null where it is in none of them. */
export function devPackageOf(program: string, { manifest }: NodeProject): string | null {
  if (program === '' || OF_SYSTEM.test(program)) return null;
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const own = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
  for (const name of [own ?? program, program]) {
    if (dependencies.has(name) || optionalDependencies.has(name)) return null;
  }
  if (own !== undefined && devDependencies.has(own)) return own;
  return devDependencies.has(program) ? program : null;
}
