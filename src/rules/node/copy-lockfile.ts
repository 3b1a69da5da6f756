import { clampToRoot, parentOf } from '../../context/paths.js';
import type { Word } from '../../dockerfile/ast.js';
import { ignoresLockfile, installSpan, installText, isCopied, sentLockfiles } from '../../facts/install-inputs.js';
import { errorWithoutLockfile } from '../../facts/missing-lockfile.js';
import { hasBoundFiles } from '../../facts/mounts.js';
import { runsBefore } from '../../facts/node.js';
import { contextSources } from '../../facts/sent-files.js';
import { freezing, lockfileOf, type StagedInstall, stagedInstalls } from '../../facts/staged-install.js';
import type { CopyFacts, NodeInstall } from '../../facts/types.js';
import { defineRule, type FixInput, insertAfter } from '../define-rule.js';

interface Data {
  readonly install: string;
  readonly lockfile: string;
  readonly fails: boolean;
}

/** The lockfile stays behind, so that the install takes other versions than those that were tested, or stops. */
export default defineRule({
  id: 'node/copy-lockfile',
  summary: 'Copy the lockfile together with package.json before the install',
  category: 'reproducibility',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'suggestion',
  messages: {
    left: ({ install, lockfile, fails }: Data) => ({
      message: fails
        ? `\`${install}\` fails, since ${lockfile} is not copied before it`
        : `\`${install}\` picks versions anew at each build, since ${lockfile} is not copied before it`,
      help: `copy ${lockfile} together with package.json`,
      label: `does not bring ${lockfile}`,
    }),
  },
  check({ facts, report }) {
    const told = new Set<CopyFacts>();
    for (const install of facts.node.installs) {
      const { manifestCopy, stage, instruction } = install;
      if (manifestCopy?.origin !== 'context' || told.has(manifestCopy)) continue;
      if (stage.role === 'unreachable' || instruction.onbuild) continue;
      if (hasBoundFiles(install.instruction) || ignoresLockfile(install, facts)) continue;
      const lockfiles = sentLockfiles(install);
      const [lockfile] = lockfiles;
      if (!lockfile || lockfiles.some((one) => isCopied(install, one.name, facts))) continue;
      if (isMentioned(lockfile.name, install) || names(manifestCopy, lockfile.path)) continue;
      const word = manifestWord(manifestCopy, install);
      if (!word) continue;
      told.add(manifestCopy);
      const staged = stagedInstalls(facts).find((one) => one.install === install);
      const fails = failsWithout(install, staged);
      report('left', {
        at: word.span,
        severity: fails && staged && lockfileOf(staged) === 'absent' ? 'error' : 'warning',
        data: { install: installText(install), lockfile: lockfile.path, fails },
        related: [{ at: installSpan(install), message: fails ? 'stops the build' : 'installs without it' }],
        fix: fixOf(manifestCopy, word, lockfile.path),
      });
    }
  },
});

/** Whether the install stops without its lockfile: pnpm goes on where only `CI` asks it to freeze, Yarn 1 in any case. */
function failsWithout(install: NodeInstall, staged: StagedInstall | undefined): boolean {
  if (freezing(install) === null) return false;
  return install.manager === 'yarn' ? staged !== undefined && errorWithoutLockfile(staged) != null : true;
}

/** A RUN that names the lockfile may well make or fetch it. */
function isMentioned(name: string, { stage, instruction }: NodeInstall): boolean {
  return runsBefore(stage, instruction).some((run) => run.argumentsText.includes(name));
}

/** A COPY that names it and does not bring it, since it is a link for example, is another matter. */
function names(copy: CopyFacts, lockfile: string): boolean {
  return copy.sources.some(({ path }) => path !== null && clampToRoot(path) === lockfile);
}

function manifestWord(copy: CopyFacts, { project }: NodeInstall): Word | null {
  const manifest = project && (project.directory === '.' ? 'package.json' : `${project.directory}/package.json`);
  const sources = contextSources(copy);
  return sources.find(({ match }) => match.matches.some(({ path }) => path === manifest))?.word ?? null;
}

function fixOf({ instruction, intoDirectory }: CopyFacts, word: Word, lockfile: string): FixInput | null {
  const simple = intoDirectory && !instruction.exec && instruction.flags.every((flag) => flag.name !== 'exclude');
  // With several sources BuildKit wants a destination that ends like a directory.
  const directory = /^\.{1,2}$|\/$/.test(instruction.destination?.text ?? '');
  if (!simple || !directory || !/^[\w./@-]+$/.test(lockfile) || /[\s"']/.test(word.text)) return null;
  const prefix = /^\.?\//.exec(word.text)?.[0] ?? '';
  const inPlace = parentOf(word.text.slice(prefix.length)) === parentOf(lockfile);
  return inPlace ? { title: `Copy ${lockfile} too`, edits: [insertAfter(word, ` ${prefix}${lockfile}`)] } : null;
}
