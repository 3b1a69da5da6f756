import { joinPath, parentOf } from '../context/paths.js';
import type { Located } from '../context/types.js';
import type { SourceFile } from '../model/source.js';
import { hasDependencies } from './install-inputs.js';
import { readNpmLock, readPnpmLock, readYarnLock } from './lock-text.js';
import { valueAt } from './node.js';
import { freezing, isRewritten, lockfileOf, type StagedInstall } from './staged-install.js';
import type { Facts } from './types.js';
import { yarnOfInstall } from './yarn.js';

/** A dependency that the manifest asks for and the lockfile does not have so. */
export interface Disagreement {
  readonly name: string;
  readonly wanted: Located<string>;
  /** What the lockfile has of it; null: nothing. */
  readonly locked: string | null;
  readonly lockfile: string;
  /** Words by which the tool fails. */
  readonly error: string;
}

/** The first dependency for which a frozen install refuses the lockfile; null where it does not, or that is not certain. */
export function disagreementOf(staged: StagedInstall, facts: Facts): Disagreement | null {
  const { install, project, directory } = staged;
  if (!isFrozen(staged, facts) || !hasDependencies(project)) return null;
  const lock = lockfileOf(staged);
  if (lock === null || lock === 'absent' || lock.origin === null) return null;
  if (parentOf(lock.origin) !== project.directory) return null;
  const source = facts.context?.read(lock.origin);
  if (!source || isRewritten(install, joinPath(directory, lock.name), facts)) return null;
  const found = compare(staged, source, facts);
  return found && { ...found, lockfile: lock.origin };
}

function isFrozen({ install }: StagedInstall, facts: Facts): boolean {
  if (freezing(install) !== null) return true;
  return install.manager === 'pnpm' && install.frozen && valueAt('CI', install.use, facts) === 'true';
}

type Found = Omit<Disagreement, 'lockfile'>;

function compare(staged: StagedInstall, source: SourceFile, facts: Facts): Found | null {
  switch (staged.install.manager) {
    case 'npm':
      return compareNpm(staged, source);
    case 'yarn':
      return compareYarn(staged, source);
    case 'pnpm':
      return comparePnpm(staged, source, facts);
    default:
      return null;
  }
}

/** What package.json asks for, without what an optional dependency of the same name replaces. */
function wantedOf({ project: { manifest } }: StagedInstall): readonly [string, Located<string>][] {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  return [...dependencies, ...devDependencies].filter(([name]) => !optionalDependencies.has(name));
}

function compareNpm(staged: StagedInstall, source: SourceFile): Found | null {
  const lock = readNpmLock(source);
  const packages = lock !== null && lock.version >= 2 ? lock.packages : null;
  const { npmrc, manifest } = staged.project;
  // One without a single package is a stand-in, and no lockfile that anything was installed by.
  if (!packages || !Object.keys(packages).some((path) => path.startsWith('node_modules/'))) return null;
  if (npmrc?.has('install-strategy') || npmrc?.has('global-style')) return null;
  for (const [name, wanted] of wantedOf(staged)) {
    const entry = Object.hasOwn(packages, `node_modules/${name}`) ? packages[`node_modules/${name}`] : undefined;
    if (!entry) return { name, wanted, locked: null, error: 'EUSAGE' };
    const { version } = entry;
    if (manifest.replaces || typeof version !== 'string' || satisfies(version, wanted.value) !== false) continue;
    return { name, wanted, locked: version, error: 'EUSAGE' };
  }
  return null;
}

const PLAIN = /^(\d+)\.(\d+)\.(\d+)$/;

/** Whether a plain version is in a range of the plainest kinds: `1.2.3`, `~1.2.3`, `^1.2.3`; null for any other. */
function satisfies(version: string, range: string): boolean | null {
  const has = PLAIN.exec(version)?.slice(1).map(Number);
  const [, operator = '', rest = ''] = /^([\^~]?)(.*)$/.exec(range.trim()) ?? [];
  const least = PLAIN.exec(rest)?.slice(1).map(Number);
  if (!has || !least) return null;
  const fixed =
    operator === '' ? 3 : operator === '~' ? 2 : 1 + least.findIndex((part, index) => part > 0 || index === 2);
  for (const [index, part] of least.entries()) {
    const own = has[index] ?? 0;
    if (index < fixed && own !== part) return false;
    if (own !== part) return own > part;
  }
  return true;
}

/** Ranges that a lockfile of Yarn repeats as they are. */
const RANGE = /^(?:[\^~]|[<>]=?)?\s?\d[\w.+-]*$/;

function compareYarn(staged: StagedInstall, source: SourceFile): Found | null {
  const lock = readYarnLock(source);
  const yarn = yarnOfInstall(staged);
  const { manifest } = staged.project;
  if (!lock || yarn !== lock.form || manifest.replaces || manifest.workspaces.length > 0) return null;
  for (const [name, wanted] of wantedOf(staged)) {
    if (!RANGE.test(wanted.value)) continue;
    const pattern = `${name}@${lock.form === 'berry' ? 'npm:' : ''}${wanted.value}`;
    // A file that was cut off lacks all that stands behind its last entry; how names that begin alike are sorted varies.
    if (lock.patterns.has(pattern) || initials(name) >= initials(lock.last)) continue;
    const other = [...lock.patterns].find((one) => one.startsWith(`${name}@`));
    const error = lock.form === 'berry' ? 'YN0028' : 'Your lockfile needs to be updated';
    return { name, wanted, locked: other?.slice(name.length + 1) ?? null, error };
  }
  return null;
}

function initials(name: string): string {
  return name.slice(0, 3).toLowerCase();
}

function comparePnpm(staged: StagedInstall, source: SourceFile, { context }: Facts): Found | null {
  const lock = readPnpmLock(source);
  const specifiers = lock?.importers?.get('.');
  const { project } = staged;
  if (!lock || !specifiers || project.manifest.replaces || lock.has('overrides') || lock.has('pnpmfileChecksum'))
    return null;
  // A hook may change what a manifest asks for.
  if (context?.kindOf(joinPath(project.directory, '.pnpmfile.cjs')) != null) return null;
  for (const [name, wanted] of wantedOf(staged)) {
    const locked = specifiers.get(name) ?? null;
    if (locked === wanted.value || /^(?:link:|file:|\s*$)/.test(wanted.value)) continue;
    if (project.manifest.dependencies.has(name) && project.manifest.devDependencies.has(name)) continue;
    return { name, wanted, locked, error: 'ERR_PNPM_OUTDATED_LOCKFILE' };
  }
  return null;
}
