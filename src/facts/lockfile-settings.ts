import { hasFlag } from '../shell/types.js';
import { ignoresLockfile } from './install-inputs.js';
import { hasBoundFiles } from './mounts.js';
import { runsBefore, valueAt } from './node.js';
import type { Facts, NodeInstall } from './types.js';
import { yarnOfProject } from './yarn.js';

/** Flags that settle the matter in another way, or on purpose. */
const FLAGS = [
  ...['--frozen-lockfile', '--no-frozen-lockfile', '--immutable', '--no-immutable', '--pure-lockfile', '--offline'],
  ...[
    '--fix-lockfile',
    '--refresh-lockfile',
    '--lockfile-dir',
    '--lockfile',
    '--force',
    '-f',
    '--mode',
    '--check-cache',
    '--dry-run',
  ],
];

/** Where these are set, pnpm and Yarn 2 freeze the lockfile by themselves; Yarn 1 looks at none of them. */
const VARIABLES = [
  ...['CI', 'CONTINUOUS_INTEGRATION', 'BUILD_NUMBER', 'YARN_ENABLE_IMMUTABLE_INSTALLS'],
  ...['npm_config_frozen_lockfile', 'NPM_CONFIG_FROZEN_LOCKFILE', 'pnpm_config_frozen_lockfile'],
];

/**
 * True where something else than the flags of yarn, pnpm or bun that freeze a lockfile says what an install makes of it, or
 * may do so.
 */
export function settlesLockfile(install: NodeInstall, facts: Facts): boolean {
  const { use, project, stage, instruction, directory } = install;
  const { command } = use;
  if (hasFlag(command, ...FLAGS) || command.words.some(({ literal }) => !literal)) return true;
  if (hasBoundFiles(install.instruction) || ignoresLockfile(install, facts)) return true;
  const isClassic = install.manager === 'yarn' && project && yarnOfProject(project, facts) === 'classic';
  if (!isClassic && VARIABLES.some((name) => valueAt(name, use, facts) !== undefined)) return true;
  if (project?.npmrc?.has('frozen-lockfile') || project?.npmrc?.has('lockfile')) return true;
  if (project && SETTINGS.some((name) => saysSo(name, project.directory, facts))) return true;
  // What an earlier command makes of either file, or has installed already, is not known to be what the context has.
  const runs = runsBefore(stage, instruction);
  if (
    runs.some((run) => /package\.json|\.lock\b|pnpm-lock|lockfile-only|pnpm fetch|\bnpm pkg\b/.test(run.argumentsText))
  )
    return true;
  return facts.node.installs.some(
    (one) =>
      one.frozen &&
      (one.instruction === instruction || (one.directory === directory && runs.includes(one.instruction))),
  );
}

const SETTINGS = ['.yarnrc', '.yarnrc.yml', 'bunfig.toml', 'pnpm-workspace.yaml'];

function saysSo(name: string, directory: string, { context }: Facts): boolean {
  const text = context?.read(directory === '.' ? name : `${directory}/${name}`)?.text ?? '';
  return /frozen-?lockfile|immutable/i.test(text);
}
