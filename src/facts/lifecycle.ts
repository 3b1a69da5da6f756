import { joinPath } from '../context/paths.js';
import { hasFlag } from '../shell/types.js';
import { stopsInstruction } from './failure.js';
import { LIFECYCLE } from './lifecycle-names.js';
import { certainProject } from './manifest-at.js';
import { runsBefore, valueAt } from './node.js';
import { nodeMajor } from './node-version.js';
import { ownSteps, type ScriptStep } from './package-scripts.js';
import type { Facts, NodeInstall } from './types.js';
import { yarnOfProject } from './yarn.js';

/** A command of a lifecycle script, or of a script that one calls. */
export interface LifecycleStep extends ScriptStep {
  /** The lifecycle script that comes to it: `prepare`. */
  readonly hook: string;
}

/** Installs with these run no scripts, or those of other packages. */
const WITHOUT = [
  '--ignore-scripts',
  '--mode',
  '--skip-builds',
  '--filter',
  '-F',
  '--workspace',
  '-w',
  '--workspaces',
  '--dry-run',
];

const SWITCHES = [
  'npm_config_ignore_scripts',
  'NPM_CONFIG_IGNORE_SCRIPTS',
  'YARN_ENABLE_SCRIPTS',
  'YARN_IGNORE_SCRIPTS',
];

/** Files in which scripts may be switched off. */
const SETTINGS = ['.npmrc', '.yarnrc', '.yarnrc.yml', 'pnpm-workspace.yaml', 'bunfig.toml'];

/**
 * The commands that an install is certain to run for the project's own lifecycle scripts; empty where scripts are switched
 * off, or may be, or where it is not certain which package.json the install reads.
 */
export function lifecycleSteps(install: NodeInstall, facts: Facts): readonly LifecycleStep[] {
  const { use, manager, stage, project, instruction, directory, omitsDev } = install;
  const { context } = facts;
  if (!project || !context || directory === null || stage.role === 'unreachable') return [];
  const names: readonly string[] =
    manager === 'yarn' && yarnOfProject(project, facts) === 'classic' && omitsDev === false
      ? [...LIFECYCLE.yarn, 'prepublish', 'prepare']
      : LIFECYCLE[manager];
  if (!names.some((name) => project.manifest.scripts.has(name))) return [];
  if (hasFlag(use.command, ...WITHOUT) || SWITCHES.some((name) => valueAt(name, use, facts) !== undefined)) return [];
  // npm 6 goes its own way where it is root: https://docs.npmjs.com/cli/v6/using-npm/config#unsafe-perm
  if (
    !(stage.image.known || stage.image.family === 'node') ||
    (manager === 'npm' && (nodeMajor(stage.image) ?? 99) < 15)
  )
    return [];
  if (runsBefore(stage, instruction).some((run) => /ignore.?scripts/i.test(run.argumentsText))) return [];
  const settings = SETTINGS.map((name) => context.read(joinPath(project.directory, name))?.text ?? '').join('\n');
  if (/ignore-?scripts|enableScripts/i.test(settings)) return [];
  if (!stopsInstruction(use, facts) || certainProject(use, facts, directory) !== project) return [];
  return names.flatMap((name) => ownSteps(project, { manager, name }).map((step) => ({ ...step, hook: name })));
}
