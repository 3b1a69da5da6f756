import { joinPath, parentOf } from '../context/paths.js';
import type { NodeProject } from '../context/types.js';
import type { RunInstruction, Stage } from '../dockerfile/ast.js';
import { type Command, findFlag, hasFlag } from '../shell/types.js';
import { broughtBy, traceToContext } from './copies.js';
import { lazy, memoise } from './lazy.js';
import { findStart, MANAGERS } from './node-start.js';
import type { CommandUse, CopyFacts, Facts, NodeFacts, NodeInstall, StageFacts } from './types.js';
import { directoryOf } from './working-directory.js';

type Manager = (typeof MANAGERS)[number];

/** Node.js knowledge of one Dockerfile; every part is computed when first asked for. */
export function nodeFacts(facts: Facts): NodeFacts {
  const installs = lazy(() => findInstalls(facts));
  const start = lazy(() => findStart(facts));
  return {
    get installs() {
      return installs();
    },
    get start() {
      return start();
    },
  };
}

/** True where the command installs what a manifest lists, rather than packages named on its line. */
function isProjectInstall(command: Command): boolean {
  if (command.operands.length > 0) return false;
  switch (command.name) {
    case 'npm': {
      if (command.subcommand !== 'install' && command.subcommand !== 'ci') return false;
      const global = findFlag(command, '--global', '-g')?.value !== 'false' && hasFlag(command, '--global', '-g');
      return (
        !global &&
        findFlag(command, '--location')?.value !== 'global' &&
        !hasFlag(command, '--package-lock-only', '--version', '-v', '--help', '-h')
      );
    }
    case 'yarn':
      return (
        command.subcommand === 'install' ||
        (command.subcommand === '' && !hasFlag(command, '--version', '-v', '-V', '--help', '-h'))
      );
    case 'pnpm':
      return command.subcommand === 'install' && !hasFlag(command, '--global', '-g', '--lockfile-only');
    case 'bun':
      return (
        (command.subcommand === 'install' || command.subcommand === 'ci') &&
        !hasFlag(command, '--global', '-g', '--lockfile-only')
      );
    default:
      return false;
  }
}

function findInstalls(facts: Facts): readonly NodeInstall[] {
  const installs: NodeInstall[] = [];
  for (const use of facts.commands(...MANAGERS)) {
    const { command, instruction, stage } = use;
    if (!stage || instruction.keyword !== 'RUN' || !isProjectInstall(command)) continue;
    const directory = directoryOf(use, facts);
    const manifest = directory === null ? null : joinPath(directory, 'package.json');
    const manifestCopy = manifest === null ? null : copyBefore(stage, instruction, manifest, facts);
    installs.push({
      use,
      stage,
      instruction,
      manager: command.name as Manager,
      frozen: isFrozen(command, use, facts),
      omitsDev: omitsDev(command, use, facts),
      directory,
      manifestCopy,
      project: manifest && manifestCopy ? projectAt(facts, manifestCopy, manifest) : null,
    });
  }
  return installs;
}

/** So far back an install looks for what it reads; no person writes more. */
const MOST_COPIES = 100;
const MOST_PARENTS = 50;

/** A stage and those that it is built on, nearest first. */
export function lineage(stage: StageFacts): readonly StageFacts[] {
  const found: StageFacts[] = [];
  for (let one: StageFacts | null = stage; one && found.length < MOST_PARENTS; one = one.parent) found.push(one);
  return found;
}

/** COPY and ADD that are done before an instruction, in its stage and those that it is built on; the last one first. */
export function copiesBefore(stage: StageFacts, instruction: CommandUse['instruction']): readonly CopyFacts[] {
  const found: CopyFacts[] = [];
  for (const one of lineage(stage)) {
    const end = one === stage ? countBefore(one.copies, instruction.span.start) : one.copies.length;
    found.push(...one.copies.slice(Math.max(0, end - MOST_COPIES + found.length), end).toReversed());
    if (found.length >= MOST_COPIES) break;
  }
  return found;
}

/** RUN instructions up to and with one, in its stage and those that it is built on, as far back as is looked. */
export function runsBefore(stage: StageFacts, last: RunInstruction): readonly RunInstruction[] {
  return lineage(stage).flatMap((one) => runsOf(one.stage).filter((run) => run.span.start <= last.span.start));
}

const runsOf = memoise((stage: Stage): readonly RunInstruction[] =>
  stage.instructions.filter((one) => one.keyword === 'RUN').slice(0, MOST_COPIES),
);

/** How many of the steps, which stand in order, begin before an offset. */
export function countBefore(steps: readonly Pick<CommandUse, 'instruction'>[], offset: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.instruction.span.start ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The project of the context whose package.json is in a directory of the image at a place; null: none, or not known. */
export function projectBefore(
  directory: string,
  stage: StageFacts,
  instruction: CommandUse['instruction'],
  facts: Facts,
): NodeProject | null {
  const manifest = joinPath(directory, 'package.json');
  const copy = copyBefore(stage, instruction, manifest, facts);
  return copy && projectAt(facts, copy, manifest);
}

/** The last COPY before an instruction that brings a file of the image; null where none is seen to. */
function copyBefore(
  stage: StageFacts,
  instruction: CommandUse['instruction'],
  imagePath: string,
  facts: Facts,
): CopyFacts | null {
  return copiesBefore(stage, instruction).find((copy) => broughtBy(copy, imagePath, facts.context) !== null) ?? null;
}

function projectAt(facts: Facts, copy: CopyFacts, imagePath: string): NodeProject | null {
  const origin = broughtBy(copy, imagePath, facts.context);
  if (origin === null || !facts.context) return null;
  if (copy.origin === 'context') return facts.context.node(parentOf(origin));
  const traced = copy.fromStage ? traceToContext(copy.fromStage, origin, facts.context) : null;
  return traced === null ? null : facts.context.node(parentOf(traced));
}

function isFrozen(command: Command, use: CommandUse, facts: Facts): boolean {
  if (command.name === 'npm') return command.subcommand === 'ci';
  if (hasFlag(command, '--no-frozen-lockfile', '--no-immutable')) return false;
  const given = findFlag(command, '--frozen-lockfile', '--immutable', '--immutable-cache');
  if (given) return given.value !== 'false';
  if (command.name === 'bun') return command.subcommand === 'ci';
  // pnpm freezes the lockfile by itself where CI is set: https://pnpm.io/cli/install#--frozen-lockfile
  const ci = valueAt('CI', use, facts);
  return command.name === 'pnpm' && ci !== undefined && ci !== '' && ci !== 'false';
}

/** Whether devDependencies are left out; null where that depends on what is not known here. */
export function omitsDev(command: Command, use: CommandUse, facts: Facts): boolean | null {
  const flags = command.flags.filter((flag) => /^--(?:include|omit|only|also)$/.test(flag.name));
  if (flags.some((flag) => !flag.literal)) return null;
  const has = (name: string, value: RegExp): boolean =>
    flags.some((flag) => flag.name === name && value.test(flag.value ?? ''));
  if (has('--include', /^dev/) || has('--also', /^dev/) || hasFlag(command, '--dev')) return false;
  if (has('--omit', /^dev/) || has('--only', /^prod/)) return true;
  if (hasFlag(command, '--no-dev')) return true;
  const production = findFlag(command, '--production', '--prod', '-P');
  if (production) return production.literal ? production.value !== 'false' : null;
  if (isConfigured(use, facts)) return null;
  const environment = valueAt('NODE_ENV', use, facts);
  if (environment === undefined) return isPlainNode(use.stage) ? false : null;
  if (environment === null || (environment !== 'production' && isArgument('NODE_ENV', use, facts))) return null;
  if (environment !== 'production') return false;
  // Whether bun and pnpm look at NODE_ENV has changed from version to version: https://github.com/pnpm/pnpm/releases/tag/v10.0.0
  return command.name === 'bun' || command.name === 'pnpm' ? null : true;
}

/** npm takes every option from the environment too, in both cases. */
const CONFIGURING = ['production', 'only', 'omit', 'include'].flatMap((name) => [
  `npm_config_${name}`,
  `NPM_CONFIG_${name.toUpperCase()}`,
]);

function isConfigured(use: CommandUse, facts: Facts): boolean {
  return CONFIGURING.some((name) => valueAt(name, use, facts) !== undefined);
}

/** Official images say nothing about NODE_ENV; another one may well. */
function isPlainNode(stage: StageFacts | null): boolean {
  return stage !== null && (stage.image.known || stage.image.family !== null);
}

/** True where a `--build-arg` may give the variable another value than the file does. */
function isArgument(name: string, use: CommandUse, facts: Facts): boolean {
  if (use.command.assignments.some((one) => one.name === name)) return false;
  const { env, args } = facts.stateAt(use.instruction);
  return env.get(name) === undefined && args.get(name) !== undefined;
}

/** Value of an environment variable for one command; null: not known, undefined: not set as far as can be seen. */
export function valueAt(name: string, use: CommandUse, facts: Facts): string | null | undefined {
  const own = use.command.assignments.findLast((one) => one.name === name);
  if (own) return own.value?.literal ? own.value.value : null;
  if (use.script?.assigned.has(name)) return null;
  const state = facts.stateAt(use.instruction);
  return (state.env.get(name) ?? state.args.get(name))?.value;
}
