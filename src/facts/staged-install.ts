import { lockfileNames } from '../context/lockfiles.js';
import { baseName, joinPath, parentOf } from '../context/paths.js';
import type { NodeProject, PackageManager } from '../context/types.js';
import { findFlag, hasFlag } from '../shell/types.js';
import { commandText } from './command-words.js';
import { stopsInstruction } from './failure.js';
import { memoise } from './lazy.js';
import { copiesBefore, runsBefore, valueAt } from './node.js';
import { type Presence, presenceFor } from './presence.js';
import { mayCreate } from './run-effects.js';
import { certainContext } from './sent-files.js';
import type { CommandUse, Facts, NodeInstall } from './types.js';

/**
 * An install of which it is known what it reads: it runs in every build of the image, its failure is the failure of the
 * build, and the manifest in its directory is that of the build context, untouched.
 */
export interface StagedInstall {
  readonly install: NodeInstall;
  /** Absolute path in the image; no project of another directory holds it. */
  readonly directory: string;
  readonly project: NodeProject;
  /** Whether a file, named relative to the directory, is there when the install begins. */
  at(name: string): Presence;
}

/** The installs of the stages that the target needs, of which all is known; the others are passed over. */
export const stagedInstalls = memoise<Facts, readonly StagedInstall[]>((facts) => {
  if (!certainContext(facts)) return [];
  return facts.node.installs.flatMap((install) => {
    const staged = stage(install, facts);
    return staged ? [staged] : [];
  });
});

function stage(install: NodeInstall, facts: Facts): StagedInstall | null {
  const { use, directory, instruction } = install;
  if (
    directory === null ||
    install.stage.role === 'unreachable' ||
    instruction.onbuild ||
    !stopsInstruction(use, facts)
  )
    return null;
  // What another working directory, or a setting in a file elsewhere, may mean is not known.
  if (hasFlag(use.command, '--lockfile-dir', '--ignore-workspace', '--userconfig', '--use-yarnrc')) return null;
  const at = (name: string): Presence => presenceFor(use, joinPath(directory, name), facts);
  const manifest = at('package.json');
  if (manifest.status !== 'present' || manifest.origin === null || baseName(manifest.origin) !== 'package.json')
    return null;
  const project = facts.context?.node(parentOf(manifest.origin)) ?? null;
  if (!project || project.manifest.problems.length > 0) return null;
  if (!isRoot(use, directory, facts) || isRewritten(install, joinPath(directory, 'package.json'), facts)) return null;
  return { install, directory, project, at };
}

/** True where no directory above has a project, whose workspace this one may be. */
function isRoot(use: CommandUse, directory: string, facts: Facts): boolean {
  for (let at = directory; at !== '/' && at !== '.'; ) {
    at = parentOf(at) === '.' ? '/' : parentOf(at);
    if (presenceFor(use, joinPath(at, 'package.json'), facts).status !== 'absent') return false;
  }
  return true;
}

/** True where a command before the install may have written another file over the one that was copied. */
export function isRewritten({ use, stage: own, instruction }: NodeInstall, path: string, facts: Facts): boolean {
  const before = runsBefore(own, instruction).filter((run) => run !== instruction);
  if (before.some((run) => mayCreate(facts.commandsOf(run), path, facts))) return true;
  const earlier = facts.commandsOf(instruction).filter(({ command }) => command.span.start < use.command.span.start);
  return earlier.length > 0 && mayCreate(earlier, path, facts);
}

/** Where the lockfile of an install is. */
export interface LockfileAt {
  readonly name: string;
  /** Path in the context where it comes from there. */
  readonly origin: string | null;
}

/** The lockfile that the install reads; `absent` where there is certainly none, null where that is not known. */
export function lockfileOf({ install, at }: StagedInstall): LockfileAt | 'absent' | null {
  for (const name of lockfileNames(install.manager)) {
    const found = at(name);
    if (found.status === 'present') return { name, origin: found.origin };
    if (found.status === 'unknown') return null;
  }
  return 'absent';
}

/** The name of the lockfile that a manager usually writes. */
export function usualLockfile(manager: PackageManager): string {
  return lockfileNames(manager).find((name) => name !== 'npm-shrinkwrap.json') ?? '';
}

/** All that RUN instructions before the install, and its own, say. */
export function textBefore({ stage: own, instruction }: NodeInstall): string {
  return runsBefore(own, instruction)
    .map((run) => run.argumentsText)
    .join('\n');
}

/** True where a RUN before the install turns corepack on. */
export function usesCorepack(install: NodeInstall): boolean {
  return /\bcorepack\s+(?:enable|prepare|use|install)\b/.test(textBefore(install));
}

/** The major version of pnpm that `npm i -g` put in: null where it was not pinned, undefined where that is not seen. */
export function pnpmMajor(install: NodeInstall): number | null | undefined {
  const found = /\b(?:npm|yarn)\b[^\n;&|]*[ \t]pnpm(?:@([^\s;&|]+))?(?=[\s;&|]|$)/.exec(textBefore(install));
  if (!found) return undefined;
  const major = /^\^?(\d+)/.exec(found[1] ?? '')?.[1];
  return major === undefined ? null : Number(major);
}

/** How the command is asked to take the lockfile as it is, in words; null where it is not, or only by the environment. */
export function freezing({ use: { command } }: NodeInstall): string | null {
  if (command.name === 'npm') return command.subcommand === 'ci' ? '' : null;
  if (command.name === 'bun' && command.subcommand === 'ci') return '';
  if (hasFlag(command, '--no-frozen-lockfile', '--no-immutable', '--no-lockfile')) return null;
  const flag = findFlag(command, '--frozen-lockfile', '--immutable');
  return flag && flag.value !== 'false' ? flag.name : null;
}

/** The command with the flag that freezes: `yarn --immutable`. */
export function frozenText({ use: { command } }: NodeInstall, flag: string): string {
  return flag === '' ? commandText(command) : `${commandText(command)} ${flag}`;
}

/** True where one of the settings comes from the environment, in the form that npm and pnpm take. */
export function isSetByEnvironment(install: NodeInstall, names: readonly string[], facts: Facts): boolean {
  return names.some((name) => {
    const key = name.replaceAll('-', '_');
    return [`npm_config_${key}`, `NPM_CONFIG_${key.toUpperCase()}`, `PNPM_CONFIG_${key.toUpperCase()}`].some(
      (variable) => valueAt(variable, install.use, facts) !== undefined,
    );
  });
}

/** True where a COPY before the install names the file outright, so that its absence stops the build there already. */
export function isNamedByCopy({ stage: own, instruction }: NodeInstall, name: string): boolean {
  return copiesBefore(own, instruction).some((copy) =>
    copy.sources.some(({ path }) => path !== null && baseName(path) === name),
  );
}
