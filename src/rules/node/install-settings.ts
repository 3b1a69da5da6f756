import { joinPath } from '../../context/paths.js';
import type { BuildContext } from '../../context/types.js';
import { installSpan, installText } from '../../facts/install-inputs.js';
import { ignoredNote, isMadeElsewhere } from '../../facts/local-files.js';
import { readPnpmLock } from '../../facts/lock-text.js';
import { valueAt } from '../../facts/node.js';
import {
  isSetByEnvironment,
  lockfileOf,
  type StagedInstall,
  stagedInstalls,
  usesCorepack,
} from '../../facts/staged-install.js';
import type { Facts } from '../../facts/types.js';
import { hasFlag } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly command: string;
  readonly file: string;
}

/** The install misses a file of settings that its result depends on. */
export default defineRule({
  id: 'node/install-settings',
  summary: 'Copy the settings of the package manager before the install',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    yarn: ({ command, file, by }: Data & { by: string }) => ({
      message: `\`${command}\` fails: \`yarnPath\` of ${by} names ${file}, which is not in the image by then`,
      help: 'copy it to its own place: `COPY .yarn/releases .yarn/releases`, since COPY brings what is in a directory',
    }),
    pnpm: ({ command, file, error }: Data & { error: string }) => ({
      message: `\`${command}\` fails (${error}): ${file} is not copied before it`,
      help: `copy ${file} together with package.json`,
    }),
    linker: ({ command, file, linker }: Data & { linker: string }) => ({
      message: `\`${command}\` makes no node_modules: ${file} with \`nodeLinker: ${linker}\` is not copied before it`,
      help: `copy ${file} together with package.json`,
    }),
    npmrc: ({ command, file, key }: Data & { key: string }) => ({
      message: `\`${command}\` runs without \`${key}\`: ${file} is not copied before it`,
      help: `copy ${file} together with package.json; mount it as a secret where it has a token`,
    }),
  },
  check({ facts, report }) {
    const { context } = facts;
    if (!context) return;
    for (const staged of stagedInstalls(facts)) {
      const { install, project } = staged;
      const at = installSpan(install);
      const data = { command: installText(install) };
      const path = (name: string): string => joinPath(project.directory, name);
      const yarnPath = missingYarn(staged, facts);
      if (yarnPath) {
        const related = ignoredNote(path(yarnPath), context);
        report('yarn', { at, data: { ...data, file: yarnPath, by: '.yarnrc.yml' }, related });
      }
      const pnpm = missingForPnpm(staged, context);
      if (pnpm) report('pnpm', { at, data: { ...data, file: path(pnpm.file), error: pnpm.error } });
      const linker = missingLinker(staged, context);
      if (linker) report('linker', { at, data: { ...data, file: path('.yarnrc.yml'), linker }, severity: 'warning' });
      const key = missingSetting(staged, context, facts);
      if (key) report('npmrc', { at, data: { ...data, file: path('.npmrc'), key }, severity: 'warning' });
    }
  },
});

/** The file that Yarn is to hand over to, where its settings are there and it is not. */
function missingYarn(staged: StagedInstall, facts: Facts): string | null {
  const { install, project, at } = staged;
  const path = install.manager === 'yarn' ? project.yarnrc?.yarnPath : null;
  if (!path || path.startsWith('/') || path.startsWith('~')) return null;
  const settings = at('.yarnrc.yml');
  if (settings.status !== 'present' || settings.origin !== project.yarnrc?.path) return null;
  if (valueAt('YARN_IGNORE_PATH', install.use, facts) !== undefined) return null;
  if (valueAt('YARN_YARN_PATH', install.use, facts) !== undefined || isMadeElsewhere(project, path, facts)) return null;
  return at(path).status === 'absent' ? joinPath('.', path) : null;
}

/** True where the build is sent a file that the install does not see. */
function isLeft({ project, at }: StagedInstall, name: string, context: BuildContext): boolean {
  return context.isSent(joinPath(project.directory, name)) && at(name).status === 'absent';
}

function missingForPnpm(staged: StagedInstall, context: BuildContext): { file: string; error: string } | null {
  const { install, project } = staged;
  if (install.manager !== 'pnpm') return null;
  const { manifest } = project;
  const settings = 'pnpm-workspace.yaml';
  const usesCatalog = [...manifest.dependencies.values(), ...manifest.devDependencies.values()].some(({ value }) =>
    value.startsWith('catalog:'),
  );
  if (usesCatalog && !install.frozen && isLeft(staged, settings, context))
    return { file: settings, error: 'ERR_PNPM_CATALOG_ENTRY_NOT_FOUND_FOR_SPEC' };
  const lock = install.frozen ? lockfileOf(staged) : null;
  const source = lock && lock !== 'absent' && lock.origin !== null ? context.read(lock.origin) : null;
  const read = source && readPnpmLock(source);
  if (!read) return null;
  const error = 'ERR_PNPM_LOCKFILE_CONFIG_MISMATCH';
  const hook = '.pnpmfile.cjs';
  if (
    read.has('pnpmfileChecksum') &&
    !hasFlag(install.use.command, '--ignore-pnpmfile') &&
    isLeft(staged, hook, context)
  )
    return { file: hook, error };
  const isSetHere = read.has('overrides') && !manifest.replaces;
  const isPatched = read.has('patchedDependencies') && manifest.patchedDependencies.size === 0;
  return (isSetHere || isPatched) && isLeft(staged, settings, context) ? { file: settings, error } : null;
}

function missingLinker(staged: StagedInstall, context: BuildContext): string | null {
  const { install, project } = staged;
  const version = project.manifest.packageManager;
  const linker = install.manager === 'yarn' ? project.yarnrc?.nodeLinker : null;
  if (!linker || linker === 'pnp' || version?.manager !== 'yarn' || /^[01]\./.test(version.version ?? '1.'))
    return null;
  return usesCorepack(install) && isLeft(staged, '.yarnrc.yml', context) ? linker : null;
}

/** Settings that change what is installed, and who reads them. */
const TELLING: Readonly<Record<string, RegExp>> = {
  npm: /^(?:legacy-peer-deps|force|install-links)$/,
  pnpm: /^(?:node-linker|shamefully-hoist|public-hoist-pattern|hoist)$/,
};

function missingSetting(staged: StagedInstall, context: BuildContext, facts: Facts): string | null {
  const { install, project } = staged;
  const telling = TELLING[install.manager];
  if (!telling || !context.isSent(joinPath(project.directory, '.npmrc'))) return null;
  const { command } = install.use;
  const names = [...project.manifest.dependencies.keys()];
  for (const [key, value] of project.npmrc ?? []) {
    const scope = /^(@[^:]+):registry$/.exec(key)?.[1];
    const isUsed = scope ? names.some((name) => name.startsWith(`${scope}/`)) : telling.test(key) && value !== 'false';
    if (!isUsed || hasFlag(command, `--${key}`, '--force') || isSetByEnvironment(install, [key], facts)) continue;
    return isLeft(staged, '.npmrc', context) ? key : null;
  }
  return null;
}
