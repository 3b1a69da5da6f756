import type { Lockfile } from '../../context/types.js';
import { hasDependencies, ignoresLockfile, isCopied, sentLockfiles } from '../../facts/install-inputs.js';
import { hasBoundFiles } from '../../facts/mounts.js';
import { copiesBefore, runsBefore } from '../../facts/node.js';
import { nodeMajor } from '../../facts/node-version.js';
import { readNpmLockfile } from '../../facts/npm-lockfile.js';
import type { Facts, NodeInstall } from '../../facts/types.js';
import type { FixKind } from '../../model/finding.js';
import { defineRule, type FixInput, hasFlag, replace } from '../define-rule.js';

/** `npm install` may take other versions than the lockfile has, and says nothing; `npm ci` takes those or stops. */
export default defineRule({
  id: 'node/prefer-ci',
  summary: 'Install with npm ci, which takes the versions of the lockfile',
  category: 'reproducibility',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'safe',
  messages: {
    locked: ({ lockfile, advice }: { lockfile: string; advice: string }) => ({
      message: `\`npm install\` may pick other versions than ${lockfile} names, without saying so`,
      help: advice,
    }),
    ignored: ({ lockfile, file }: { lockfile: string; file: string }) => ({
      message: `\`npm install\` picks versions anew at each build, since ${lockfile} is left out of the build context`,
      help: `let ${lockfile} through in ${file}, copy it and use \`npm ci\``,
    }),
    unlocked: () => ({
      message: '`npm install` picks versions anew at each build, since there is no package-lock.json',
      help: 'run `npm install` in the project, commit package-lock.json, and use `npm ci` here',
    }),
    maybe: () => ({
      message: '`npm install` may pick other versions than package-lock.json names, without saying so',
      help: 'use `npm ci` where the project has a package-lock.json; commit one where it has none',
    }),
  },
  check({ facts, report }) {
    for (const install of facts.node.installs) {
      const { use, stage, instruction, project } = install;
      const at = use.command.subcommandWord?.span;
      if (install.manager !== 'npm' || install.frozen || !at || instruction.onbuild) continue;
      if (stage.isDevelopment || stage.role === 'unreachable' || ignoresLockfile(install, facts)) continue;
      // `if [ -f package-lock.json ]; then npm ci; else npm install; fi`
      if (facts.node.installs.some((one) => one.instruction === instruction && one.frozen)) continue;
      if (!facts.context) {
        const named = namedLockfile(install);
        if (named === 'maybe') report('maybe', { at, severity: 'info' });
        else if (named) {
          const fix = toCi(install, 'suggestion');
          report('locked', { at, data: { lockfile: named, advice: USE_CI }, fix });
        }
        continue;
      }
      if (!project || !hasDependencies(project) || hasBoundFiles(install.instruction)) continue;
      const [lockfile] = sentLockfiles(install);
      if (lockfile) {
        const { advice, kind } = judge(install, lockfile, facts);
        report('locked', { at, data: { lockfile: lockfile.path, advice }, fix: kind && toCi(install, kind) });
        continue;
      }
      const ignored = project.lockfiles.find((one) => one.manager === 'npm');
      const by = ignored && facts.context.decide(ignored.path).by;
      const { ignoreFile } = facts.context;
      if (ignored && by && ignoreFile) {
        const data = { lockfile: ignored.path, file: ignoreFile.source.path };
        const related = [{ at: { file: ignoreFile.source, span: by.span }, message: 'this pattern leaves it out' }];
        report('ignored', { at, data, related });
      } else if (isUnlocked(install, facts)) report('unlocked', { at, severity: 'info' });
    }
  },
});

function toCi({ use }: NodeInstall, kind: FixKind): FixInput | null {
  const { subcommandWord } = use.command;
  return subcommandWord && { kind, title: 'Use npm ci', edits: [replace(subcommandWord, 'ci')] };
}

/** A lockfile that COPY names; `maybe` for a wildcard that would bring one. Without a context nothing more is known. */
function namedLockfile({ stage, instruction }: NodeInstall): string | null {
  const paths = copiesBefore(stage, instruction)
    .filter((copy) => copy.origin === 'context')
    .flatMap((copy) => copy.sources.map((source) => source.path ?? ''));
  const exact = paths.find((path) => /(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/.test(path));
  if (exact !== undefined) return exact.replace(/^\.?\//, '');
  return paths.some((path) => /(?:^|\/)(?:package\*(?:\.json)?|package-lock\.?\*?json\*|package-lock\*)$/.test(path))
    ? 'maybe'
    : null;
}

const USE_CI = 'use `npm ci`, which installs exactly what is locked and stops where package.json disagrees';

/** What to do, and how sure it is that `npm ci` then does the same: it stops where the files disagree. */
function judge(install: NodeInstall, lockfile: Lockfile, facts: Facts): { advice: string; kind: FixKind | null } {
  const { project, stage } = install;
  if (!isCopied(install, lockfile.name, facts)) {
    const advice = `copy ${lockfile.path} before it and use \`npm ci\`, which installs exactly what is locked`;
    return { advice, kind: null };
  }
  const read = project && facts.context && readNpmLockfile(lockfile, project, facts.context);
  if (!read) return { advice: USE_CI, kind: null };
  const renew = `run \`npm install\` in the project, commit ${lockfile.name}, and use \`npm ci\` here`;
  if (!read.agrees) return { advice: `${lockfile.name} does not fit package.json: ${renew}`, kind: null };
  const major = nodeMajor(stage.image);
  // npm 6, which came with Node.js up to 14, takes nothing from the newest form of the file.
  if (major !== null && major < 15 && read.version > 2) {
    return { advice: `npm of Node.js ${major} cannot read ${lockfile.name}: with that npm, ${renew}`, kind: null };
  }
  const isSafe = major !== null && major >= 10 && project.manifest.workspaces.length === 0 && isFirst(install, facts);
  return { advice: USE_CI, kind: isSafe ? 'safe' : 'suggestion' };
}

/** npm ci begins by removing node_modules, and what an earlier command put there with it. */
function isFirst({ stage, use }: NodeInstall, facts: Facts): boolean {
  return !facts
    .commands('npm')
    .some(
      ({ command, stage: other }) =>
        other === stage &&
        command.span.start < use.command.span.start &&
        (command.subcommand === 'install' || command.subcommand === 'link') &&
        !hasFlag(command, '-g', '--global'),
    );
}

/** No lockfile of any manager beside the manifest or above it, and no command that makes one. */
function isUnlocked(install: NodeInstall, { context }: Facts): boolean {
  const { project, manifestCopy, stage, instruction } = install;
  if (!project || !context || project.lockfiles.length > 0 || manifestCopy?.origin !== 'context') return false;
  if (runsBefore(stage, instruction).some((run) => /package-lock|shrinkwrap/.test(run.argumentsText))) return false;
  if (instruction.argumentsText.includes('workspace')) return false;
  return (context.node('.')?.lockfiles.length ?? 0) === 0;
}
