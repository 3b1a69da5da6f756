import { isWithin } from '../context/paths.js';
import type { Instruction, InstructionOf } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';
import { isSettledImage } from './base-word.js';
import { stopsInstruction } from './failure.js';
import { memoise } from './lazy.js';
import { lineage } from './node.js';
import { type NodeRelease, nodeRelease } from './node-version.js';
import { PLAIN_COMMANDS } from './plain-commands.js';
import { mayBringPrograms } from './started-scripts.js';
import type { CommandUse, CopyFacts, Facts, StageFacts } from './types.js';

/** A package manager that an official image of Node.js does not have, and that nothing before its first use may bring. */
export interface MissingManager {
  readonly use: CommandUse;
  readonly name: 'corepack' | 'yarn' | 'pnpm' | 'bun';
  readonly release: NodeRelease;
  /** The name of the image without a digest. */
  readonly image: string;
  readonly at: Span;
}

/** Names of their programs. */
const PROGRAMS: Readonly<Record<string, MissingManager['name']>> = {
  corepack: 'corepack',
  yarn: 'yarn',
  yarnpkg: 'yarn',
  pnpm: 'pnpm',
  pnpx: 'pnpm',
  bun: 'bun',
  bunx: 'bun',
};

/** So many are looked at. */
const MOST_USES = 500;

/** The first use of each in each stage that the build needs, and by the container, in order. */
export const missingManagers = memoise<Facts, readonly MissingManager[]>((facts) => {
  const { target, stages } = facts;
  if (stages.every(({ image }) => image.family !== 'node')) return [];
  const used = facts
    .commands(...Object.keys(PROGRAMS))
    .filter(({ instruction }) => instruction.keyword === 'RUN' && !instruction.onbuild)
    .slice(0, MOST_USES);
  const start = target && !target.entrypoint ? target.cmd : (target?.entrypoint ?? null);
  const [first] = start ? facts.commandsOf(start) : [];
  return [...used, ...(first ? [{ ...first, stage: target }] : [])].flatMap((use) => missingAt(use, facts) ?? []);
});

function missingAt(use: CommandUse, facts: Facts): MissingManager | null {
  const { command, stage, instruction } = use;
  const runner = command.wrappers.find((one) => one.name === 'corepack');
  const name = runner ? 'corepack' : Object.hasOwn(PROGRAMS, command.name) ? PROGRAMS[command.name] : undefined;
  if (!name || !stage || stage.image.family !== 'node' || stage.role === 'unreachable' || stage.image.windows)
    return null;
  if (command.nameWord?.value.includes('/')) return null;
  if (!command.wrappers.every((one) => one === runner || PLAIN_WRAPPERS.test(one.name))) return null;
  const release = nodeRelease(stage.image, facts.options.now);
  if (!release || !isLeftOut(name, release.major) || !isSettledImage(stage.image, facts)) return null;
  if (!stopsInstruction(use, facts) || mayBeInstalled(name, stage, use, facts)) return null;
  if (instruction.keyword === 'RUN' && instruction.mounts.some(({ options }) => options.has('from'))) return null;
  const image = (stage.image.text ?? '').replace(/@.*/, '');
  return { use, name, release, image, at: (runner ?? command.nameWord ?? command).span };
}

const PLAIN_WRAPPERS = /^(?:sudo|env|time|exec|sh|bash|ash|tini|dumb-init|gosu|su-exec)$/;

/**
 * Corepack is in Node.js from 14.19 to 24, and yarn in the images up to 25.
 * {@link https://github.com/nodejs/docker-node#yarn-v1-classic-bundling}
 */
function isLeftOut(name: MissingManager['name'], major: number): boolean {
  if (name === 'corepack') return major < 14 || major >= 25;
  return name !== 'yarn' || major >= 26;
}

/** True unless all that is done before the use is known to bring no such program. */
function mayBeInstalled(name: string, stage: StageFacts, { command, instruction }: CommandUse, facts: Facts): boolean {
  const end = instruction.keyword === 'RUN' ? instruction.span.start : Number.POSITIVE_INFINITY;
  const isHarmful = (use: CommandUse) => !bringsNone(use, name);
  if (instruction.keyword === 'RUN') {
    if (facts.commandsOf(instruction).some((use) => use.command.span.start < command.span.start && isHarmful(use)))
      return true;
  }
  return lineage(stage).some((one) => {
    const added: string[] = [];
    for (const entry of one.stage.instructions) {
      if (entry.span.start >= end) break;
      if (changesPrograms(entry, isHarmful, facts)) return true;
      if (entry.keyword === 'ENV') added.push(...addedToPath(entry, facts));
    }
    return lineage(stage).some(({ copies }) =>
      copies.some((copy) => copy.instruction.span.start < end && (mayBringPrograms(copy) || bringsTo(copy, added))),
    );
  });
}

function bringsTo({ destination }: CopyFacts, directories: readonly string[]): boolean {
  return destination !== null && directories.some((one) => isWithin(one, destination) || isWithin(destination, one));
}

function changesPrograms(entry: Instruction, isHarmful: (use: CommandUse) => boolean, facts: Facts): boolean {
  switch (entry.keyword) {
    case 'RUN': {
      const uses = facts.commandsOf(entry);
      return uses.length === 0 || uses.some(isHarmful);
    }
    case 'ENV':
      return addedToPath(entry, facts).some(
        (one) => !/^\/(?!usr\/|opt\/|s?bin\/)[^$]+$/.test(one) || /node_modules/.test(one),
      );
    case 'ONBUILD':
    case 'SHELL':
      return true;
    default:
      return false;
  }
}

/** The directories that an ENV puts into PATH beside those of before; a variable of unknown value stays in its name. */
function addedToPath(entry: InstructionOf<'ENV'>, facts: Facts): readonly string[] {
  const { env } = facts.stateAt(entry);
  return entry.pairs
    .filter(({ key }) => key.text === 'PATH')
    .flatMap(({ value }) => (value?.text ?? '').replace(/["']/g, '').split(':'))
    .filter((one) => !/^\$(?:PATH|\{PATH\})$/.test(one))
    .map((one) =>
      one.replace(/\$(?:(\w+)|\{(\w+)\})/g, (text, name, braced) => env.get(name ?? braced)?.value ?? text),
    );
}

/** Packages and packages' names that may stand for a manager. */
const MANAGERS = /\b(?:node|nodejs|npm|yarn\w*|pnpm|corepack|bun)\b|PATH/;

function bringsNone({ command }: CommandUse, name: string): boolean {
  const { words, operands, subcommand } = command;
  if (words.some(({ value }) => value.includes(name) || value.includes('corepack'))) return false;
  switch (command.name) {
    case 'npm':
      return (
        /^(?:ci|install|config set|cache clean|prune|--version)$/.test(subcommand ?? '') && operands.every(isPlain)
      );
    case 'apk':
    case 'apt':
    case 'apt-get':
      return operands.every((word) => isPlain(word) && !MANAGERS.test(word.value));
    default:
      return (
        (PLAIN_COMMANDS.has(command.name) || command.name === 'git' || command.name === 'sed') &&
        !words.some(({ value }) => MANAGERS.test(value) && command.name === 'export')
      );
  }
}

function isPlain({ literal }: { readonly literal: boolean }): boolean {
  return literal;
}
