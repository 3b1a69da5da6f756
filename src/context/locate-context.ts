import type { Document } from '../dockerfile/ast.js';
import { findComposeContexts } from './compose.js';
import { resolveGlobOnDisk } from './disk-glob.js';
import { type LocalSource, localSources } from './local-sources.js';
import { NODE_LOCKFILES } from './lockfiles.js';
import { isWithin, joinPath, parentOf } from './paths.js';
import type { ContextCertainty, Fs } from './types.js';

export interface LocateRequest {
  /** Absolute path. */
  readonly dockerfile: string;
  readonly document: Document;
  /** Absolute path above which nothing is looked at: the root of the repository, or what the user named. */
  readonly ceiling: string | null;
  /** Absolute; where there is no ceiling, it is what holds both this and the Dockerfile. */
  readonly cwd: string;
}

export interface LocatedContext {
  /** Absolute. */
  readonly root: string;
  readonly certainty: ContextCertainty;
  readonly reason: LocateReason;
}

/**
 * What speaks for the place. `given`: the caller named it. `compose`: a compose file builds it there. `sources`: what COPY
 * names is there. `project`: a manifest or an ignore file is there, and all of it is copied. `monorepo`: the packages
 * around it are installed together there. `beside`: nothing speaks for another place than that of the Dockerfile.
 */
export type LocateReason = 'given' | 'compose' | 'sources' | 'project' | 'monorepo' | 'beside';

/** No repository is deeper than this. */
const MOST_ANCESTORS = 40;

/**
 * Finds the directory that a Dockerfile is built in where the user named none. People mostly build beside the Dockerfile,
 * and from the root of the repository with `-f` where the Dockerfile has a directory of its own; compose files say so, and
 * the sources of COPY show it. What cannot be told is `guessed`, and then nothing may be called missing.
 */
export function locateContext(fs: Fs, { dockerfile, document, ceiling, cwd }: LocateRequest): LocatedContext {
  const home = parentOf(dockerfile);
  const candidates = ancestorsUpTo(home, ceiling ?? sharedAncestor(cwd, home));
  const { named, whole } = localSources(document);
  const score = createScore(fs, named);

  const composed = findComposeContexts(fs, dockerfile, candidates).filter((root) => isDirectory(fs, root));
  const [onlyOne, second] = composed;
  if (onlyOne !== undefined && second === undefined) {
    if (score(onlyOne).missing === 0) return known(onlyOne, 'compose');
    // A compose file that is only ever merged into another has paths relative to that one.
    const elsewhere = candidates.find((root) => root !== onlyOne && score(root).missing === 0 && score(root).found > 0);
    return elsewhere === undefined ? known(onlyOne, 'compose') : guessed(elsewhere, 'sources');
  }
  if (onlyOne !== undefined) {
    const complete = composed.filter((root) => score(root).missing === 0);
    const [fitting] = complete;
    if (fitting !== undefined && complete.length === 1) return known(fitting, 'compose');
    return guessed(fitting ?? best(composed, score) ?? onlyOne, 'compose');
  }

  if (named.length === 0) {
    if (!whole) return known(home, 'beside');
    if (isProject(fs, home)) {
      // A package of a monorepo is mostly built from where the lockfile of all of them is.
      const monorepo = candidates.find((directory) => directory !== home && isMonorepo(fs, directory));
      return monorepo === undefined || hasAny(fs, home, LOCKFILES)
        ? known(home, 'project')
        : guessed(monorepo, 'monorepo');
    }
    // `COPY . .` fits everywhere: a directory with nothing but Docker's files is hardly what it is about.
    const project = candidates.find((directory) => isProject(fs, directory));
    return project === undefined ? known(home, 'beside') : guessed(project, 'project');
  }

  const complete = candidates.find((root) => score(root).missing === 0 && score(root).missingGlobs === 0);
  if (complete !== undefined) return known(complete, 'sources');
  // A glob may match nothing, so that the plain sources decide where there are any.
  const plain = candidates.find((root) => score(root).missing === 0 && score(root).found > 0);
  if (plain !== undefined) return known(plain, 'sources');

  const root = best(candidates, score) ?? home;
  if (root !== home || named.some(({ path }) => beginsWithTail(path, home)))
    return guessed(root, score(root).found > 0 ? 'sources' : 'beside');
  // Something must show that this is the place: what is named here, or a project that is copied whole.
  const fits = score(home).found > 0 ? candidates.length === 1 || isProject(fs, home) : whole && isProject(fs, home);
  const reason = score(home).found > 0 ? 'sources' : fits ? 'project' : 'beside';
  return fits ? known(home, reason) : guessed(home, reason);
}

function known(root: string, reason: LocateReason): LocatedContext {
  return { root, certainty: 'known', reason };
}

function guessed(root: string, reason: LocateReason): LocatedContext {
  return { root, certainty: 'guessed', reason };
}

/** What holds both; the directory itself where that is all of the disk. */
function sharedAncestor(cwd: string, directory: string): string {
  for (let at = cwd; at !== '.' && at !== parentOf(at); at = parentOf(at)) {
    if (isWithin(at, directory)) return /^[A-Za-z]:$/.test(at) ? directory : at;
  }
  return directory;
}

/** True for `apps/web/nginx.conf` in `.../apps/web`: written as from a directory above. */
function beginsWithTail(path: string, directory: string): boolean {
  const parts = path.split('/').filter(Boolean);
  return parts.some((_, at) => at > 0 && directory.endsWith(`/${parts.slice(0, at).join('/')}`));
}

/** The directory and its ancestors, nearest first; the directory alone where it is not below the ceiling. */
function ancestorsUpTo(directory: string, ceiling: string): string[] {
  const found = [directory];
  if (!isWithin(ceiling, directory)) return found;
  for (let at = directory; at !== ceiling && found.length < MOST_ANCESTORS; ) {
    at = parentOf(at);
    found.push(at);
  }
  return found;
}

interface Score {
  readonly found: number;
  readonly missing: number;
  readonly missingGlobs: number;
}

function createScore(fs: Fs, sources: readonly LocalSource[]): (root: string) => Score {
  const scores = new Map<string, Score>();
  return (root) => {
    const cached = scores.get(root);
    if (cached) return cached;
    let found = 0;
    let missing = 0;
    let missingGlobs = 0;
    for (const { path, glob } of sources) {
      if (glob ? resolveGlobOnDisk(fs, root, path) : fs.lstat(joinPath(root, path)).ok) found++;
      else if (glob) missingGlobs++;
      else missing++;
    }
    const score = { found, missing, missingGlobs };
    scores.set(root, score);
    return score;
  };
}

/** The first of those in which most sources are there. */
function best(candidates: readonly string[], score: (root: string) => Score): string | null {
  let chosen: string | null = null;
  for (const root of candidates) if (chosen === null || score(root).found > score(chosen).found) chosen = root;
  return chosen;
}

const PROJECT_FILES = [
  'package.json',
  'go.mod',
  'pyproject.toml',
  'requirements.txt',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'Cargo.toml',
  'Gemfile',
  'composer.json',
  '.dockerignore',
  '.containerignore',
];

const LOCKFILES = [
  ...NODE_LOCKFILES.keys(),
  'go.sum',
  'Cargo.lock',
  'uv.lock',
  'poetry.lock',
  'Gemfile.lock',
  'composer.lock',
];

const MONOREPO_FILES = ['pnpm-workspace.yaml', 'turbo.json', 'nx.json', 'lerna.json', 'rush.json', 'go.work'];

/** True where the directory has the manifest of a project or an ignore file. */
function isProject(fs: Fs, directory: string): boolean {
  return hasAny(fs, directory, PROJECT_FILES);
}

/** True where the directory holds several packages that are installed together. */
function isMonorepo(fs: Fs, directory: string): boolean {
  if (hasAny(fs, directory, MONOREPO_FILES)) return true;
  const manifest = fs.readFile(joinPath(directory, 'package.json'), LARGEST_MANIFEST);
  return manifest.ok && new TextDecoder().decode(manifest.value).includes('"workspaces"');
}

const LARGEST_MANIFEST = 1_000_000;

function hasAny(fs: Fs, directory: string, names: readonly string[]): boolean {
  return names.some((name) => fs.lstat(joinPath(directory, name)).ok);
}

function isDirectory(fs: Fs, path: string): boolean {
  const stat = fs.lstat(path);
  return stat.ok && stat.value.kind !== 'file' && stat.value.kind !== 'other';
}
