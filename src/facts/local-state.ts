import type { BuildContext } from '../context/types.js';
import { mayReadGit } from './git-use.js';
import { memoise } from './lazy.js';
import { neededCopies, sendingOf } from './sent-files.js';
import type { CopyFacts, Facts } from './types.js';

/** Something that work on the project leaves in its directory, and that is no part of the project. */
export interface LocalState {
  /** As a line of an ignore file. */
  readonly pattern: string;
  /** True where it is there now; else it comes with the first run of {@link by}. */
  readonly present: boolean;
  /** The command that makes it; null where it is there anyway. */
  readonly by: string | null;
}

/** Directories that a build tool makes beside its manifest, here as well as in the image. */
interface Toolchain {
  readonly manifest: RegExp;
  readonly makes: readonly string[];
  /** Names of the commands that make them anew in the image. */
  readonly commands: readonly string[];
  readonly by: string;
}

const TOOLCHAINS: readonly Toolchain[] = [
  { manifest: /^Cargo\.toml$/, makes: ['target'], commands: ['cargo'], by: 'cargo build' },
  { manifest: /^pom\.xml$/, makes: ['target'], commands: ['mvn', 'mvnw'], by: 'mvn package' },
  {
    manifest: /^build\.gradle(?:\.kts)?$/,
    makes: ['build', '.gradle'],
    commands: ['gradle', 'gradlew'],
    by: 'gradle build',
  },
  { manifest: /^composer\.json$/, makes: ['vendor'], commands: ['composer'], by: 'composer install' },
  { manifest: /^.+\.(?:cs|fs)proj$/, makes: ['bin', 'obj'], commands: ['dotnet'], by: 'dotnet build' },
  { manifest: /^mix\.exs$/, makes: ['_build', 'deps'], commands: ['mix'], by: 'mix compile' },
  { manifest: /^uv\.lock$/, makes: ['.venv'], commands: ['uv'], by: 'uv sync' },
];

/** Left behind by tools and editors; no image needs them. */
const LITTER =
  /^(?:\.venv|venv|__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.terraform|\.gradle|\.nyc_output|\.idea|\.DS_Store|(?:npm-debug|yarn-debug|yarn-error|pnpm-debug)\.log.*)$/;

/**
 * What lies at the root of the context, or will as soon as someone works there, and should stay out of an image. A
 * directory counts only where the image makes its own or does without: what a COPY names, and what no command of the
 * build would make anew, is left alone.
 */
export const localState = memoise<Facts, readonly LocalState[]>((facts) => {
  const { context } = facts;
  if (!context) return [];
  const found: LocalState[] = [];
  const add = (pattern: string, by: string | null): void => {
    const present = context.kindOf(pattern) !== null;
    if ((present || by !== null) && !isNamed(facts, pattern)) found.push({ pattern, present, by });
  };
  if (installsNodeModules(facts, context)) add('node_modules', `${managerOf(facts, context)} install`);
  const names = [...context.walk('.', 2000, () => false)].map(({ path }) => path);
  for (const { manifest, makes, commands, by } of TOOLCHAINS) {
    if (!names.some((name) => manifest.test(name)) || facts.commands(...commands).length === 0) continue;
    for (const directory of makes) add(directory, by);
  }
  if (context.kindOf('.git') === 'directory' && !mayReadGit(facts)) add('.git', null);
  for (const name of [...names, ...DIRECTORIES]) if (LITTER.test(name)) add(name, null);
  return found.filter((one, index) => found.findIndex((other) => other.pattern === one.pattern) === index);
});

/** True where a COPY brings some of it, of which `context/ignore-missing` speaks where there is no ignore file. */
export function bringsLocalState(facts: Facts, copy: CopyFacts): boolean {
  return localState(facts).some(({ pattern }) => sendingOf(facts, copy, `${pattern}/any-file`) !== null);
}

const DIRECTORIES = [
  '.venv',
  'venv',
  '__pycache__',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '.tox',
  '.terraform',
  '.gradle',
  '.nyc_output',
  '.idea',
];

/** True where a package.json at the root lists what the image installs by itself. */
function installsNodeModules(facts: Facts, context: BuildContext): boolean {
  const project = context.node('.');
  if (!project || facts.node.installs.length === 0) return false;
  const { dependencies, devDependencies, optionalDependencies, workspaces } = project.manifest;
  if (dependencies.size + devDependencies.size + optionalDependencies.size + workspaces.length > 0) return true;
  return context.kindOf('node_modules') !== null;
}

/** The package manager of the project, or that of the image where the project does not tell. */
function managerOf(facts: Facts, context: BuildContext): string {
  return context.node('.')?.lockfiles[0]?.manager ?? facts.node.installs[0]?.manager ?? 'npm';
}

/** True where a COPY or ADD asks for it, or for something in it. */
function isNamed(facts: Facts, directory: string): boolean {
  return neededCopies(facts).some((copy) =>
    copy.sources.some(({ path }) => path?.split('/').includes(directory) === true),
  );
}
