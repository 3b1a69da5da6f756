import { installSpan, installText, isCopied, sentLockfiles } from '../../facts/install-inputs.js';
import { locksManifest } from '../../facts/lockfile-agreement.js';
import { settlesLockfile } from '../../facts/lockfile-settings.js';
import { copiesBefore } from '../../facts/node.js';
import type { Facts, NodeInstall } from '../../facts/types.js';
import { yarnOfProject } from '../../facts/yarn.js';
import { defineRule, type FixInput, hasFlag, insertAfter } from '../define-rule.js';

/** Without the flag these managers lock anew what the lockfile does not cover, in a file that the image alone has. */
export default defineRule({
  id: 'node/frozen-lockfile',
  summary: 'Install with the flag that takes the versions of the lockfile or stops',
  category: 'reproducibility',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'safe',
  messages: {
    open: ({ install, lockfile, flag }: { install: string; lockfile: string; flag: string }) => ({
      message: `\`${install}\` may pick other versions than ${lockfile} names where package.json disagrees, and does not stop`,
      help: `use \`${install} ${flag}\`, which installs exactly what is locked or stops`,
    }),
  },
  check({ facts, report }) {
    for (const install of facts.node.installs) {
      const { manager, stage, instruction } = install;
      if (manager === 'npm' || install.frozen || instruction.onbuild || isFrozenBun(install)) continue;
      if (stage.isDevelopment || stage.role === 'unreachable' || settlesLockfile(install, facts)) continue;
      const lockfile = lockfileOf(install, facts);
      const flag = lockfile && flagOf(install, facts);
      if (!lockfile || !flag) continue;
      const { agrees, path } = lockfile;
      report('open', {
        at: installSpan(install),
        data: { install: installText(install), lockfile: path, flag },
        // Where the two disagree, the flag stops the build until somebody locks what is missing.
        fix: agrees === false ? null : fixOf(install, flag, agrees === true && isOnly(install, facts)),
      });
    }
  },
});

/** Bun takes `--production` for `--frozen-lockfile` too: https://bun.sh/docs/cli/install */
function isFrozenBun({ manager, use: { command } }: NodeInstall): boolean {
  return manager === 'bun' && hasFlag(command, '--production', '-p');
}

interface Locked {
  readonly path: string;
  readonly agrees: boolean | null;
}

const NAMED = { yarn: /(?:^|\/)yarn\.lock$/, pnpm: /(?:^|\/)pnpm-lock\.yaml$/, bun: /(?:^|\/)bun\.lockb?$/ };

/** The lockfile that the install reads: brought from the context, or named by a COPY where there is no context. */
function lockfileOf(install: NodeInstall, facts: Facts): Locked | null {
  const { manager, project, stage, instruction } = install;
  if (manager === 'npm') return null;
  if (facts.context) {
    const lockfile = sentLockfiles(install).find((one) => isCopied(install, one.name, facts));
    if (!project || !lockfile) return null;
    return { path: lockfile.path, agrees: locksManifest(lockfile, project, facts.context) };
  }
  const copies = copiesBefore(stage, instruction).filter(({ origin }) => origin === 'context');
  const path = copies
    .flatMap(({ sources }) => sources.map((one) => one.path ?? ''))
    .find((one) => NAMED[manager].test(one));
  return path === undefined ? null : { path: path.replace(/^\.?\//, ''), agrees: null };
}

/** Null where it is not known which Yarn runs, or Yarn 2 is not brought all that the lockfile speaks of. */
function flagOf(install: NodeInstall, facts: Facts): string | null {
  const { manager, project, manifestCopy } = install;
  if (manager !== 'yarn') return '--frozen-lockfile';
  if (!facts.context) return isYarnOfImage(install, facts) ? '--frozen-lockfile' : null;
  const generation = project && yarnOfProject(project, facts);
  if (generation === 'classic') return '--frozen-lockfile';
  const isWhole = project?.manifest.workspaces.length === 0 || manifestCopy?.broad === true;
  return generation === 'berry' && isWhole ? '--immutable' : null;
}

/** The images of Node.js have Yarn 1; only what a COPY or corepack brings makes another one of it. */
function isYarnOfImage({ stage, instruction }: NodeInstall, { document }: Facts): boolean {
  if (stage.image.name !== 'docker.io/library/node') return false;
  if (/corepack|\.yarn\b|yarnrc|berry|set version|yarn@/i.test(document.source.text)) return false;
  const isNamed = (path: string | null): boolean =>
    path !== null && /(?:^|\/)[\w-]+\.(?:json|lock|js|ya?ml|sh)$/.test(path);
  return copiesBefore(stage, instruction).every(({ sources }) => sources.every(({ path }) => isNamed(path)));
}

function fixOf({ use: { command } }: NodeInstall, flag: string, isSafe: boolean): FixInput | null {
  const word = command.subcommandWord ?? command.nameWord;
  if (!word) return null;
  return { kind: isSafe ? 'safe' : 'suggestion', title: `Add ${flag}`, edits: [insertAfter(word, ` ${flag}`)] };
}

/** A workspace's other manifests are not compared, and `yarn add` before it changes what is locked. */
function isOnly({ manager, project, stage, use }: NodeInstall, facts: Facts): boolean {
  if (!project || project.manifest.workspaces.length > 0 || project.pnpmWorkspace?.length) return false;
  return facts
    .commands(manager)
    .every(
      (one) =>
        one.stage !== stage ||
        one.command === use.command ||
        !/^(?:add|remove|link|up|update|upgrade)$/.test(one.command.subcommand ?? ''),
    );
}
