import { joinPath } from '../context/paths.js';
import type { BuildContext, Lockfile, NodeProject } from '../context/types.js';
import type { Span } from '../model/span.js';
import { parseScript } from '../shell/parse.js';
import { findFlag, hasFlag } from '../shell/types.js';
import { commandSpan, commandText } from './command-words.js';
import { broughtBy } from './copies.js';
import { INSTALL_SCRIPTS } from './lifecycle-names.js';
import { copiesBefore, valueAt } from './node.js';
import type { Facts, NodeInstall } from './types.js';

/** The command of an install as a person would say it: `npm ci`, `yarn`. */
export function installText({ use: { command } }: NodeInstall): string {
  return commandText(command);
}

/** The place of {@link installText}. */
export function installSpan({ use: { command } }: NodeInstall): Span {
  return commandSpan(command);
}

/** The lockfiles that the manager reads, the one that it prefers first; ignored ones are not among them. */
export function sentLockfiles({ project, manager }: NodeInstall): readonly Lockfile[] {
  return project?.lockfiles.filter((lockfile) => lockfile.manager === manager && lockfile.sent) ?? [];
}

/** True where a COPY before the install puts the lockfile beside the manifest. */
export function isCopied(install: NodeInstall, lockfile: string, facts: Facts): boolean {
  const { directory, stage, instruction } = install;
  if (directory === null) return false;
  const path = joinPath(directory, lockfile);
  return copiesBefore(stage, instruction).some((copy) => broughtBy(copy, path, facts.context) !== null);
}

/** True where a lockfile is neither read nor written: a flag says so, or .npmrc, or the environment. */
export function ignoresLockfile(install: NodeInstall, facts: Facts): boolean {
  const { command } = install.use;
  if (hasFlag(command, '--no-package-lock', '--no-lockfile', '--no-shrinkwrap')) return true;
  if (command.flags.some((flag) => flag.name === '--package-lock' && flag.value === 'false')) return true;
  if (install.project?.npmrc?.get('package-lock') === 'false') return true;
  return SWITCHES.some((name) => valueAt(name, install.use, facts) !== undefined);
}

const SWITCHES = ['package_lock', 'shrinkwrap'].flatMap((name) => [
  `npm_config_${name}`,
  `NPM_CONFIG_${name.toUpperCase()}`,
]);

/** Files that an install reads beside the manifest and its lockfile, where the project has them. */
const SETTINGS = ['.npmrc', '.yarnrc', '.yarnrc.yml', 'pnpm-workspace.yaml', '.pnpmfile.cjs', 'bunfig.toml'];

/** The files of the context that the install needs, relative to it, as the lockfile and the settings beside it show. */
export function installFiles(install: NodeInstall, context: BuildContext): readonly string[] {
  const { project } = install;
  if (!project) return [];
  const [lockfile] = sentLockfiles(install);
  const names = ['package.json', ...(lockfile ? [lockfile.name] : []), ...SETTINGS];
  return names.map((name) => joinPath(project.directory, name)).filter((path) => context.isSent(path));
}

/** What the install needs of the project beside the files of {@link installFiles}, in words. */
export function otherInputs({ manifest, pnpmWorkspace, yarnrc }: NodeProject): readonly string[] {
  return [
    ...(manifest.workspaces.length > 0 || (pnpmWorkspace?.length ?? 0) > 0
      ? ['the package.json of each workspace']
      : []),
    ...(yarnrc?.yarnPath ? [parentPart(yarnrc.yarnPath)] : []),
    ...(hasLocalDependency(manifest) ? ['the packages that `file:` and `link:` name'] : []),
    ...(usesPatches(manifest) ? ['patches'] : []),
  ];
}

function parentPart(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : path;
}

function hasLocalDependency({ dependencies, devDependencies }: NodeProject['manifest']): boolean {
  return [...dependencies.values(), ...devDependencies.values()].some(({ value }) =>
    /^(?:file:|link:|portal:|\.{0,2}\/)/.test(value),
  );
}

function usesPatches({ dependencies, devDependencies, source }: NodeProject['manifest']): boolean {
  return (
    dependencies.has('patch-package') ||
    devDependencies.has('patch-package') ||
    /"patchedDependencies"/.test(source.text)
  );
}

/** Programs that a lifecycle script may call without a file of the project being read. */
const NEED_NOTHING: ReadonlySet<string> = new Set([
  'husky',
  'is-ci',
  'only-allow',
  'patch-package',
  'simple-git-hooks',
  'lefthook',
  'opencollective',
  'opencollective-postinstall',
  'echo',
  'true',
  'exit',
  ':',
]);

/** True where a flag or .npmrc says that no script is run at an install. */
export function ignoresScripts({ use: { command }, project }: Pick<NodeInstall, 'use' | 'project'>): boolean {
  const skipsBuild = findFlag(command, '--mode')?.value === 'skip-build';
  return skipsBuild || hasFlag(command, '--ignore-scripts') || project?.npmrc?.get('ignore-scripts') === 'true';
}

/**
 * True where the install runs a script of the manifest that may read other files of the project, so that they have to be
 * there before it.
 */
export function runsProjectScript({ use, project }: NodeInstall): boolean {
  if (!project || ignoresScripts({ use, project })) return false;
  return INSTALL_SCRIPTS.some((name) => {
    const script = project.manifest.scripts.get(name);
    if (!script) return false;
    const { commands } = parseScript({ text: script.value, offset: 0 }, 'sh', { joined: false });
    return commands.some((command) => !NEED_NOTHING.has(command.name));
  });
}

/** True where the manifest lists anything to install, or cannot be read. */
export function hasDependencies({ manifest }: NodeProject): boolean {
  const { dependencies, devDependencies, optionalDependencies, workspaces, problems } = manifest;
  return dependencies.size + devDependencies.size + optionalDependencies.size + workspaces.length + problems.length > 0;
}
