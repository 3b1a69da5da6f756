import intersects from 'semver/ranges/intersects.js';
import validRange from 'semver/ranges/valid.js';
import type { NodeProject } from '../context/types.js';
import { findFlag, hasFlag } from '../shell/types.js';
import { stopsInstruction } from './failure.js';
import { isCopied } from './install-inputs.js';
import { lineage, valueAt } from './node.js';
import type { NodeRelease } from './node-version.js';
import { mayBringPrograms } from './started-scripts.js';
import type { Facts, NodeInstall, StageFacts } from './types.js';

/** True where no version that the image may have is in a range of npm; false for what is no range. */
export function excludes(range: string, release: NodeRelease): boolean {
  if (range.length > 200 || validRange(range) === null) return false;
  return !intersects(range, release.range, { includePrerelease: true });
}

/** What pins the version of Node.js for whoever works on the project. */
export interface PinnedNode {
  readonly major: number;
  /** `.nvmrc`, `volta in package.json` */
  readonly source: string;
}

/** The major version that .nvmrc, .node-version or volta name; null where none does by number. */
export function pinnedNode({ nodeVersion, manifest }: NodeProject): PinnedNode | null {
  const written = /^v?(\d{1,3})(?:\.|$)/.exec(nodeVersion?.value ?? '')?.[1];
  if (nodeVersion) return written ? { major: Number(written), source: nodeVersion.path } : null;
  const volta = /"volta"\s*:\s*\{[^{}]*"node"\s*:\s*"(\d{1,3})[."]/.exec(manifest.source.text)?.[1];
  return volta ? { major: Number(volta), source: '`volta` in package.json' } : null;
}

/** True where the install surely stops on a manifest whose `engines` does not allow the version of Node.js. */
export function refusesEngines(install: NodeInstall, release: NodeRelease, facts: Facts): boolean {
  if (!stopsInstruction(install.use, facts)) return false;
  if (install.manager === 'npm') return isStrict(install, facts) && !/"devEngines"/.test(textOf(install));
  if (install.manager === 'yarn') return yarnChecksEngines(install, release, facts);
  // Later ones take no such setting from .npmrc.
  const version = /^pnpm@(\d+)\./.exec(install.project?.manifest.packageManager?.value ?? '')?.[1];
  return install.manager === 'pnpm' && Number(version ?? '99') <= 10 && isStrict(install, facts);
}

function textOf({ project }: NodeInstall): string {
  return project?.manifest.source.text ?? '';
}

function isStrict(install: NodeInstall, facts: Facts): boolean {
  const { use, project } = install;
  if (hasFlag(use.command, '--force', '-f', '--no-engine-strict')) return false;
  const flag = findFlag(use.command, '--engine-strict');
  if (flag) return flag.value === null || flag.value === 'true';
  const set = ['npm_config_engine_strict', 'NPM_CONFIG_ENGINE_STRICT'].map((name) => valueAt(name, use, facts));
  if (set.some((value) => value !== undefined)) return set.includes('true');
  return project?.npmrc?.get('engine-strict') === 'true' && isCopied(install, '.npmrc', facts);
}

/** Yarn 1 checks the manifest of the project too; later ones do not look at `engines`. */
function yarnChecksEngines({ use, project }: NodeInstall, { major }: NodeRelease, facts: Facts): boolean {
  if (!project || project.yarnrc || major >= 25 || hasFlag(use.command, '--ignore-engines')) return false;
  const { packageManager } = project.manifest;
  if (packageManager && !/^yarn@1\./.test(packageManager.value)) return false;
  const lockfile = project.lockfiles.find(({ name }) => name === 'yarn.lock');
  const text = lockfile && facts.context?.read(lockfile.path)?.text;
  if (!text?.includes('# yarn lockfile v1')) return false;
  if (valueAt('YARN_IGNORE_ENGINES', use, facts) !== undefined) return false;
  const settings = facts.context?.read(project.directory === '.' ? '.yarnrc' : `${project.directory}/.yarnrc`)?.text;
  if (settings && /ignore-engines|yarn-path/.test(settings)) return false;
  return facts
    .commands('yarn', 'corepack')
    .every(({ command }) => !/^(?:config|set|policies|enable|prepare|use)/.test(command.subcommand ?? ''));
}

const SWITCHERS = ['n', 'nvm', 'fnm', 'volta', 'asdf', 'mise', 'nodenv', 'proto', 'nodebrew'];

/** True where another Node.js may be put over that of the image. */
export function mayReplaceNode(stage: StageFacts, facts: Facts): boolean {
  if (facts.commands(...SWITCHERS).length > 0) return true;
  return lineage(stage).some((one) => one.copies.some((copy) => copy.origin !== 'context' && mayBringPrograms(copy)));
}
