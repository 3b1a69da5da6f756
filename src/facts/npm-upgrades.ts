import { hasFlag, type ShellWord } from '../shell/types.js';
import { isSettledImage } from './base-word.js';
import { stopsInstruction } from './failure.js';
import { excludes, mayReplaceNode } from './node-engines.js';
import { type NodeRelease, nodeRelease } from './node-version.js';
import { isGlobal } from './npm-packages.js';
import type { CommandUse, Facts } from './types.js';

/** `npm install -g npm@latest` on a Node.js that this npm does not run on. */
export interface NpmUpgrade {
  readonly use: CommandUse;
  /** `npm@latest` */
  readonly word: ShellWord;
  /** The range of Node.js that it says it needs. */
  readonly needed: string;
  readonly release: NodeRelease;
  /** The major version of npm that runs there. */
  readonly fitting: number;
  /** As in FROM. */
  readonly image: string;
}

/** What the manifests of npm have as `engines.node`, by major version. */
const NEEDED: Readonly<Record<number, string>> = {
  9: '^14.17.0 || ^16.13.0 || >=18.0.0',
  10: '^18.17.0 || >=20.5.0',
  11: '^20.17.0 || >=22.9.0',
};

/** The least that the newest npm needs: what comes later will not support an older Node.js again. */
const NEWEST = 11;

/** Every command that puts such an npm in the place of the one that the image has, and surely runs. */
export function npmUpgrades(facts: Facts): readonly NpmUpgrade[] {
  return facts.commands('npm').flatMap((use): readonly NpmUpgrade[] => {
    const { command, stage, instruction } = use;
    if (command.subcommand !== 'install' || instruction.keyword !== 'RUN' || instruction.onbuild || !stage) return [];
    const word = command.operands.find(({ value, literal }) => literal && /^npm(?:@|$)/.test(value));
    if (!word || !isGlobal(command) || hasFlag(command, '--force', '-f', '--prefix')) return [];
    const needed = NEEDED[majorOf(word.value) ?? 0];
    const release = needed === undefined ? null : nodeRelease(stage.image, facts.options.now);
    if (needed === undefined || !release || !excludes(needed, release) || stage.role === 'unreachable') return [];
    if (!isSettledImage(stage.image, facts) || mayReplaceNode(stage, facts) || !stopsInstruction(use, facts)) return [];
    const fitting = [10, 9].find((major) => !excludes(NEEDED[major] ?? '', release)) ?? (release.major >= 14 ? 8 : 6);
    return [{ use, word, needed, release, fitting, image: (stage.image.text ?? '').replace(/@.*/, '') }];
  });
}

/** Null for a tag other than `latest`, and for a range. */
function majorOf(word: string): number | null {
  const version = word.slice('npm@'.length);
  if (version === '' || version === 'latest') return NEWEST;
  const major = /^[\^~]?(\d+)(?:\.\d+)*$/.exec(version)?.[1];
  return major === undefined ? null : Number(major);
}
