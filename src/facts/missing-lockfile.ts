import { findLockfiles } from '../context/lockfiles.js';
import { joinPath } from '../context/paths.js';
import type { IgnorePattern, Lockfile } from '../context/types.js';
import { hasDependencies } from './install-inputs.js';
import {
  freezing,
  isNamedByCopy,
  isSetByEnvironment,
  lockfileOf,
  type StagedInstall,
  usualLockfile,
} from './staged-install.js';
import type { Facts } from './types.js';
import { yarnOfInstall } from './yarn.js';

/** An install that is to take a lockfile as it is, where the build has none to give it. */
export interface MissingLockfile {
  readonly staged: StagedInstall;
  /** What asks for it: `--frozen-lockfile`; empty where the command itself does. */
  readonly flag: string;
  /** The lockfile that the manager writes. */
  readonly name: string;
  readonly path: string;
  /** Words by which the tool fails; null where it goes on, and freezes nothing. */
  readonly error: string | null;
  /** The pattern of the ignore file that leaves it out, where it is there at all. */
  readonly ignoredBy: IgnorePattern | null;
  readonly isGitIgnored: boolean;
  /** The project is one of several, whose lockfile may be made for the build. */
  readonly isNested: boolean;
  /** Lockfiles of other managers beside the manifest. */
  readonly others: readonly Lockfile[];
}

/** What each manager says. Yarn 1 installs as if nothing were said: https://github.com/yarnpkg/yarn/issues/6857 */
export function errorWithoutLockfile(staged: StagedInstall): string | null | undefined {
  switch (staged.install.manager) {
    case 'npm':
      return 'EUSAGE';
    case 'pnpm':
      return 'ERR_PNPM_NO_LOCKFILE';
    case 'yarn': {
      const yarn = yarnOfInstall(staged);
      return yarn === null ? undefined : yarn === 'berry' ? 'YN0028' : null;
    }
    default:
      return undefined;
  }
}

/** Null where there is a lockfile, where one may be, or where a COPY could bring it that does not. */
export function missingLockfile(staged: StagedInstall, facts: Facts): MissingLockfile | null {
  const { context } = facts;
  const { install, project } = staged;
  const flag = freezing(install);
  const name = usualLockfile(install.manager);
  if (!context || flag === null || lockfileOf(staged) !== 'absent' || isNamedByCopy(install, name)) return null;
  // pnpm has nothing to lock then, and says so.
  if (install.manager !== 'npm' && !hasDependencies(project)) return null;
  if (
    install.manager === 'pnpm' &&
    (project.npmrc?.has('lockfile') || isSetByEnvironment(install, ['lockfile'], facts))
  )
    return null;
  const error = errorWithoutLockfile(staged);
  const own = project.lockfiles.filter(({ manager }) => manager === install.manager);
  if (error === undefined || own.some(({ sent }) => sent)) return null;
  const [first] = own;
  const isNested = project.directory !== '.';
  // One that is made of the lockfile of the whole, by `turbo prune` and the like.
  if (!first && isNested && findLockfiles(context, '.').length > 0) return null;
  const path = first?.path ?? joinPath(project.directory, name);
  return {
    staged,
    flag,
    name: first?.name ?? name,
    path,
    error,
    ignoredBy: first ? context.decide(path).by : null,
    isNested,
    isGitIgnored: !first && context.isGitIgnored(path),
    others: project.lockfiles.filter(({ manager }) => manager !== install.manager),
  };
}
