import type { NodeProject } from '../context/types.js';
import type { RunInstruction } from '../dockerfile/ast.js';
import { parseExec } from '../shell/exec.js';
import { parseScript } from '../shell/parse.js';
import { type Command, findFlag, hasFlag } from '../shell/types.js';
import { originOf, traceToContext } from './copies.js';
import { lazy } from './lazy.js';
import type { CommandUse, CopyFacts, Facts, NodeFacts, NodeInstall, NodeStart, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';
import { directoryOf } from './working-directory.js';

const MANAGERS = ['npm', 'yarn', 'pnpm', 'bun'] as const;
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
export function isProjectInstall(command: Command): boolean {
  if (command.operands.length > 0) return false;
  switch (command.name) {
    case 'npm': {
      if (command.subcommand !== 'install' && command.subcommand !== 'ci') return false;
      const global = findFlag(command, '--global', '-g')?.value !== 'false' && hasFlag(command, '--global', '-g');
      return !global && findFlag(command, '--location')?.value !== 'global' && !hasFlag(command, '--package-lock-only');
    }
    case 'yarn':
      return command.subcommand === 'install' || (command.subcommand === '' && !hasFlag(command, '--version', '-v'));
    case 'pnpm':
      return command.subcommand === 'install' && !hasFlag(command, '--global', '-g', '--lockfile-only');
    case 'bun':
      return (command.subcommand === 'install' || command.subcommand === 'ci') && !hasFlag(command, '--global', '-g');
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
    const manifest = directory === null ? null : `${directory === '/' ? '' : directory}/package.json`;
    const manifestCopy = manifest === null ? null : copyBefore(stage, instruction, manifest);
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

/** The last COPY before an instruction, in its stage or a parent, that brings a file of the image. */
export function copyBefore(stage: StageFacts, instruction: RunInstruction, imagePath: string): CopyFacts | null {
  for (let one: StageFacts | null = stage; one; one = one.parent) {
    const found = one.copies.findLast(
      (copy) => copy.instruction.span.start < instruction.span.start && originOf(copy, imagePath) !== null,
    );
    if (found) return found;
  }
  return null;
}

function projectAt(facts: Facts, copy: CopyFacts, imagePath: string): NodeProject | null {
  const origin = originOf(copy, imagePath);
  if (origin === null || !facts.context) return null;
  if (copy.origin === 'context') return facts.context.node(dirname(origin));
  const traced = copy.fromStage ? traceToContext(copy.fromStage, origin) : null;
  return traced === null ? null : facts.context.node(dirname(traced));
}

function isFrozen(command: Command, use: CommandUse, facts: Facts): boolean {
  if (command.name === 'npm' || command.name === 'bun') {
    return command.subcommand === 'ci' || hasFlag(command, '--frozen-lockfile');
  }
  if (findFlag(command, '--frozen-lockfile', '--immutable')?.value === 'false') return false;
  if (hasFlag(command, '--frozen-lockfile', '--immutable', '--immutable-cache')) return true;
  // pnpm freezes the lockfile by itself where CI is set: https://pnpm.io/cli/install#--frozen-lockfile
  const ci = valueAt('CI', use, facts);
  return command.name === 'pnpm' && ci !== undefined && ci !== '' && ci !== 'false';
}

/** Whether devDependencies are left out; null where NODE_ENV has no value that is known here. */
function omitsDev(command: Command, use: CommandUse, facts: Facts): boolean | null {
  const values = (name: string): readonly string[] =>
    command.flags.filter((flag) => flag.name === name).flatMap((flag) => flag.value?.split(',') ?? []);
  if (values('--include').includes('dev') || hasFlag(command, '--dev')) return false;
  if (values('--omit').includes('dev')) return true;
  if (values('--only').some((value) => value.startsWith('prod'))) return true;
  if (values('--also').some((value) => value.startsWith('dev'))) return false;
  const production = findFlag(command, '--production', '--prod', '-P');
  if (production) return production.value !== 'false';
  const environment = valueAt('NODE_ENV', use, facts);
  // Bun does not look at NODE_ENV when it installs: https://bun.com/docs/cli/install
  if (command.name === 'bun' || environment === undefined) return false;
  return environment === null ? null : environment === 'production';
}

/** Value of an environment variable for one command; null: not known, undefined: not set as far as can be seen. */
export function valueAt(name: string, use: CommandUse, facts: Facts): string | null | undefined {
  const own = use.command.assignments.findLast((one) => one.name === name);
  if (own) return own.value?.literal ? own.value.value : null;
  const state = facts.stateAt(use.instruction);
  const setting = state.env.get(name) ?? state.args.get(name);
  if (setting) return setting.value;
  return use.script?.assigned.has(name) ? null : undefined;
}

function findStart(facts: Facts): NodeStart | null {
  const { target } = facts;
  if (!target) return null;
  const use = startCommand(facts, target);
  if (!use) return null;
  const { command } = use;
  const workdir = target.final.workdir ? target.final.workdir.value : target.image.workdir;
  const manifest = workdir === null ? null : resolveInImage(workdir, 'package.json');
  const origin = manifest === null ? null : traceToContext(target, manifest);
  const project = origin === null ? null : (facts.context?.node(dirname(origin)) ?? null);
  const script = scriptOf(command, project);
  const inner = script?.text === undefined || script.text === null ? command : simpleCommand(script.text);
  const entry = inner ? entryOf(inner, target, workdir, project) : null;
  return { use, command: inner ?? command, script, entry, project };
}

/** The command that ENTRYPOINT and CMD come to together; an entrypoint script is taken to end in `exec "$@"`. */
function startCommand(facts: Facts, target: StageFacts): CommandUse | null {
  const { cmd, entrypoint } = target;
  const useOf = (instruction: CommandUse['instruction'], command: Command | undefined): CommandUse | null =>
    command ? { command, script: null, instruction, stage: target } : null;
  if (entrypoint?.command.form === 'exec' && cmd?.command.form === 'exec') {
    const joined = parseExec([...entrypoint.command.strings, ...cmd.command.strings]).at(-1);
    if (joined && isRunner(joined)) {
      const inCmd = joined.words.some((word) => word.span.start >= cmd.span.start && word.span.end <= cmd.span.end);
      return useOf(inCmd ? cmd : entrypoint, joined);
    }
  }
  const shipped = entrypoint && facts.commandsOf(entrypoint).some((one) => isRunner(one.command)) ? entrypoint : cmd;
  const chosen = shipped ?? entrypoint;
  return chosen ? (facts.commandsOf(chosen).at(-1) ?? null) : null;
}

const RUNNERS: ReadonlySet<string> = new Set([
  ...MANAGERS,
  'node',
  'nodejs',
  'npx',
  'nodemon',
  'ts-node',
  'tsx',
  'next',
  'deno',
  'python',
  'python3',
  'gunicorn',
  'uvicorn',
]);

function isRunner(command: Command): boolean {
  return RUNNERS.has(command.name);
}

/** The script of package.json that `npm start`, `yarn start`, `npm run serve` and the like run. */
function scriptOf(command: Command, project: NodeProject | null): NodeStart['script'] {
  if (!MANAGERS.some((manager) => manager === command.name)) return null;
  const name = scriptName(command, project);
  if (name === null) return null;
  const text = project?.manifest.scripts.get(name)?.value ?? null;
  return { manager: command.name, name, text };
}

function scriptName(command: Command, project: NodeProject | null): string | null {
  if (command.subcommand === 'start') return 'start';
  if (command.subcommand === 'run') return command.operands[0]?.value ?? null;
  // yarn, pnpm and bun take the name of a script where a subcommand would stand.
  const first = command.subcommandWord?.value ?? command.operands[0]?.value ?? null;
  if (command.name === 'npm' || first === null) return null;
  return project?.manifest.scripts.has(first) ? first : null;
}

/** The one command of a script; null where it is more than that. */
function simpleCommand(text: string): Command | null {
  const { commands, errors } = parseScript({ text, offset: 0 }, 'sh', { joined: false });
  const [only, more] = commands;
  return only && !more && errors.length === 0 ? only : null;
}

function entryOf(
  command: Command,
  target: StageFacts,
  workdir: string | null,
  project: NodeProject | null,
): string | null {
  if (!['node', 'nodejs', 'nodemon'].includes(command.name)) return null;
  const file = command.operands[0];
  if (!file?.literal || workdir === null) return null;
  const named = file.value === '.' ? (project?.manifest.main?.value ?? 'index.js') : file.value;
  const path = resolveInImage(workdir, named);
  if (path === null) return null;
  return traceToContext(target, path) ?? traceToContext(target, `${path}.js`);
}

function dirname(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : path.slice(0, slash);
}
