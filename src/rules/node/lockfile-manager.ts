import type { PackageManager } from '../../context/types.js';
import { hasDependencies, ignoresLockfile, installSpan, installText } from '../../facts/install-inputs.js';
import { missingLockfile } from '../../facts/missing-lockfile.js';
import { valueAt } from '../../facts/node.js';
import { nodeMajor } from '../../facts/node-version.js';
import {
  frozenText,
  isSetByEnvironment,
  lockfileOf,
  pnpmMajor,
  type StagedInstall,
  stagedInstalls,
  usesCorepack,
  usualLockfile,
} from '../../facts/staged-install.js';
import type { Facts } from '../../facts/types.js';
import { yarnOfInstall } from '../../facts/yarn.js';
import { defineRule } from '../define-rule.js';

/** The project is worked on with one package manager, and the image built with another. */
export default defineRule({
  id: 'node/lockfile-manager',
  summary: 'Install with the package manager that the project is locked by',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    fails: ({ command, error, own, other }: { command: string; error: string; own: string; other: string }) => ({
      message: `\`${command}\` fails (${error}): the project has ${other}, but no ${own}`,
      help: `install with the package manager that wrote ${other}`,
    }),
    unread: ({ command, other }: { command: string; other: string }) => ({
      message: `\`${command}\` does not read ${other}, the only lockfile of the project, and picks versions anew at each build`,
      help: `install with the package manager that wrote ${other}`,
    }),
    refused: ({ command, words }: { command: string; words: string }) => ({
      message: `\`${command}\` stops and says: ${words}`,
      help: 'run `corepack enable` before it where that is a Yarn, or install with the manager that `packageManager` names',
    }),
  },
  check({ facts, report }) {
    for (const staged of stagedInstalls(facts)) {
      const { install, project } = staged;
      const at = installSpan(install);
      const command = installText(install);
      const field = project.manifest.packageManager;
      const refusal = refusalOf(staged, facts);
      if (refusal && field) {
        const related = [{ at: { file: project.manifest.source, span: field.span }, message: 'names another' }];
        report('refused', { at, data: { command, words: refusal }, related });
        continue;
      }
      const missing = missingLockfile(staged, facts);
      const [other] = project.lockfiles.filter(({ manager }) => manager !== install.manager);
      if (!other) continue;
      if (missing?.error != null && !missing.ignoredBy) {
        const data = {
          command: frozenText(install, missing.flag),
          error: missing.error,
          own: missing.path,
          other: other.path,
        };
        report('fails', { at, data });
      } else if (isUnread(staged, facts)) {
        report('unread', { at, data: { command, other: other.path }, severity: 'warning' });
      }
    }
  },
});

/** Whose lockfiles a manager reads beside its own, be it only once to make its own of them. */
const READS: Readonly<Record<PackageManager, readonly PackageManager[]>> = {
  npm: ['yarn'],
  yarn: [],
  pnpm: [],
  bun: ['npm', 'yarn', 'pnpm'],
};

function isUnread(staged: StagedInstall, facts: Facts): boolean {
  const { install, project } = staged;
  const { manager } = install;
  if (project.lockfiles.some((one) => one.manager === manager || READS[manager].includes(one.manager))) return false;
  if (ignoresLockfile(install, facts) || !hasDependencies(project)) return false;
  return lockfileOf(staged) === 'absent' && !facts.context?.isGitIgnored(usualLockfile(manager));
}

/** What the manager says where `packageManager` forbids it; null where it does not, or that is not known. */
function refusalOf(staged: StagedInstall, facts: Facts): string | null {
  const { install, project } = staged;
  const field = project.manifest.packageManager;
  if (!field || valueAt('COREPACK_ENABLE_STRICT', install.use, facts) !== undefined) return null;
  const corepack = usesCorepack(install);
  if (install.manager === 'pnpm' && field.manager !== 'pnpm') {
    const setting = 'package-manager-strict';
    if (project.npmrc?.has(setting) || isSetByEnvironment(install, [setting], facts)) return null;
    const major = pnpmMajor(install);
    // pnpm 8 does not look at the field.
    if (major != null && major < 9) return null;
    return corepack || major === 9 || major === 10 ? `This project is configured to use ${field.manager}` : null;
  }
  if (install.manager !== 'yarn' || staged.at('.yarnrc.yml').status !== 'absent' || yarnOfInstall(staged) === 'berry')
    return null;
  if (corepack) return field.manager === 'yarn' ? null : `This project is configured to use ${field.manager}`;
  const isClassic = field.manager === 'yarn' && /^[01]\./.test(field.version ?? '');
  const { script } = install.use;
  if (isClassic || field.version === null || /corepack|yarn@|set version/.test(script?.source.text ?? '')) return null;
  // The official images have brought Yarn 1.22.22 from summer 2024 on; it refuses what 1.22.19 lets pass.
  const major = nodeMajor(install.stage.image);
  if (/^22\.[0-4]\b/.test(install.stage.image.tag ?? '')) return null;
  return major !== null && major >= 22 && major <= 25 && !isOtherYarn(staged, facts)
    ? `This project's package.json defines "packageManager"`
    : null;
}

/** True where a RUN before may have put another Yarn in. */
function isOtherYarn({ install }: StagedInstall, facts: Facts): boolean {
  return facts
    .commands()
    .some(
      ({ command, instruction }) =>
        instruction.span.start <= install.instruction.span.start &&
        command !== install.use.command &&
        command.words.some(({ value }) => /yarn|corepack/.test(value)) &&
        command.subcommand !== 'install',
    );
}
