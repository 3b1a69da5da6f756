import type { PackageManager } from '../context/types.js';

/**
 * The scripts of the project itself that each manager runs at an install of it, in their order, as its newer versions do.
 *
 * @see https://docs.npmjs.com/cli/using-npm/scripts#npm-ci
 * @see https://pnpm.io/scripts
 * @see https://bun.sh/docs/pm/lifecycle
 */
export const LIFECYCLE: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'],
  yarn: ['preinstall', 'install', 'postinstall'],
  pnpm: ['pnpm:devPreinstall', 'preinstall', 'install', 'postinstall', 'prepare'],
  bun: ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'],
};

/** The scripts that an install may run, whatever the manager and its version. */
export const INSTALL_SCRIPTS: readonly string[] = [...new Set(Object.values(LIFECYCLE).flat())];
