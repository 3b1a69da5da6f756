import type { Command, ShellWord } from '../shell/types.js';
import { findFlag } from '../shell/types.js';
import { hadolintCommands, hadolintOperands } from './hadolint.js';
import { memoise } from './lazy.js';
import { hasBoundFiles } from './mounts.js';
import { copiesBefore, runsBefore } from './node.js';
import type { CommandUse, Facts } from './types.js';

/** A command that installs packages which it names, rather than those of a manifest. */
export interface PackageAddition {
  readonly use: CommandUse;
  /** What leaves the version open: names without one, and addresses of git without a commit or tag. */
  readonly unpinned: readonly ShellWord[];
}

/** What each manager calls it. The tables tell `i`, `in`, `ins` and `add` of npm as `install`. */
const VERBS: Readonly<Record<string, ReadonlySet<string>>> = {
  npm: new Set(['install']),
  yarn: new Set(['add', 'global add']),
  pnpm: new Set(['add', 'install']),
  bun: new Set(['add', 'install']),
};

/**
 * Every command by which npm, yarn, pnpm or bun takes the newest of what it names: for the whole image, or in a directory
 * that no COPY before it can have brought a manifest or a lockfile to.
 */
export const packageAdditions = memoise<Facts, readonly PackageAddition[]>((facts) =>
  facts.commands('npm', 'yarn', 'pnpm', 'bun').flatMap((use) => {
    const { command, stage, instruction } = use;
    if (!VERBS[command.name]?.has(command.subcommand ?? '')) return [];
    const unpinned = command.operands.filter((word) => word.literal && !followsUnknown(word, command) && isOpen(word));
    if (unpinned.length === 0) return [];
    if (!isGlobal(command) && (!stage || copiesBefore(stage, instruction).length > 0)) return [];
    return [{ use, unpinned }];
  }),
);

/**
 * Programs that `pnpm dlx`, `yarn dlx`, `npx` or `bunx` fetches in the newest version there is. npx and bunx first look
 * for a program that is installed: they count where nothing was copied or installed before in the stage.
 */
export const fetchedPrograms = memoise<Facts, readonly ShellWord[]>((facts) => {
  const runners = /\b(?:npx|bunx|dlx)\b/;
  if (!runners.test(facts.document.source.text)) return [];
  return facts.commands().flatMap(({ command, stage, instruction }) => {
    const { nameWord, wrappers } = command;
    const wrapper = wrappers.at(-1);
    if (!wrapper || !nameWord?.literal || !isOpen(nameWord) || instruction.keyword !== 'RUN' || !stage) return [];
    const text = facts.document.source.text.slice(wrapper.span.start, nameWord.span.start);
    if (!runners.test(text) || /(?:^|\s)(?:-p|--package|-c|--call|--no|--no-install|--offline)\b/.test(text)) return [];
    if (/\bdlx\b/.test(text)) return [nameWord];
    const isFirst =
      copiesBefore(stage, instruction).length === 0 &&
      !runsBefore(stage, instruction).some((run) => INSTALLS.test(run.argumentsText) || hasBoundFiles(run));
    return isFirst && (stage.image.family === 'node' || stage.image.family === 'bun') ? [nameWord] : [];
  });
});

const INSTALLS = /\b(?:npm|yarn|pnpm|bun|apk|apt|apt-get|corepack|curl|wget|git)\b/;

/** It may be the value of a flag that the tables do not have. */
function followsUnknown(word: ShellWord, { words, flags }: Command): boolean {
  const before = words[words.indexOf(word) - 1];
  return flags.some((flag) => flag.unknown && flag.word === before);
}

function isOpen({ value }: ShellWord): boolean {
  if (/^git(?:\+\w+)?:\/\//.test(value)) return !value.includes('#');
  return /^(?:@[\w.~-]+\/)?[A-Za-z0-9][\w.~-]*$/.test(value) && !/\.(?:tgz|tar|gz)$/.test(value);
}

/** For the whole image, not into the directory of a project. */
export function isGlobal(command: Command): boolean {
  if (command.subcommand === 'global add') return true;
  if (findFlag(command, '--location')?.value === 'global') return true;
  const flag = findFlag(command, '-g', '--global');
  return flag !== undefined && flag.value !== 'false';
}

/** Commands in which hadolint finds a package of npm without a version. */
export function hadolintAdditions(facts: Facts): readonly CommandUse[] {
  return hadolintCommands(facts, 'npm').filter(({ command }) => {
    const [verb, ...packages] = hadolintOperands(command, 'loglevel', 'registry').map(({ value }) => value);
    return verb === 'install' && packages.some((value) => !isFixedForHadolint(value));
  });
}

function isFixedForHadolint(value: string): boolean {
  if (/^git(?:\+(?:ssh|https?))?:\/\//.test(value)) return value.includes('#');
  return /\.(?:tar|tar\.gz|tgz)$|^(?:\/|\.\.?\/|~\/)/.test(value) || value.replace(/^@[^/]*/, '').includes('@');
}
