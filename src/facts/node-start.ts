import { joinPath, parentOf } from '../context/paths.js';
import type { NodeProject } from '../context/types.js';
import { parseExec } from '../shell/exec.js';
import { parseScript } from '../shell/parse.js';
import { type Command, hasFlag } from '../shell/types.js';
import { traceToContext } from './copies.js';
import { moduleFile } from './entry-file.js';
import type { CommandUse, Facts, NodeScript, NodeStart, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';
import { directoryOf } from './working-directory.js';

/** Names of scripts that people run while they work on a project. */
export const DEVELOPMENT_SCRIPT = /^(?:dev|develop|development|debug|watch|test|serve:dev|start:dev|start:debug)$/;

export const MANAGERS = ['npm', 'yarn', 'pnpm', 'bun'] as const;

/** What the shipped image starts, with the scripts of package.json resolved as far as they are simple. */
export function findStart(facts: Facts): NodeStart | null {
  const { target } = facts;
  const use = target ? startCommand(facts, target) : null;
  if (!target || !use) return null;
  const workdir = target.final.workdir ? target.final.workdir.value : target.image.workdir;
  const directory = directoryOf(use, facts, workdir);
  const project = directory === null || inWorkspace(use.command) ? null : projectIn(directory, target, facts);
  const script = scriptOf(use.command, project);
  const last = script?.chain.at(-1);
  const written = last === undefined ? undefined : project?.manifest.scripts.get(last);
  const scripted = written ? commandsIn(written.value) : null;
  const inner = script ? onlyOf(scripted) : use.command;
  const command = inner ?? use.command;
  const file = inner && directory !== null ? entryWord(inner, project) : null;
  const entryInImage = file === null ? null : resolveInImage(directory, file);
  const traced = entryInImage === null ? null : traceToContext(target, entryInImage, facts.context);
  return {
    use,
    command,
    simple: inner !== null,
    commands: script ? (scripted ?? []) : ownCommands(use, facts),
    script,
    place:
      inner && written && project
        ? { file: project.manifest.source, span: written.span }
        : { file: facts.document.source, span: use.command.span },
    scriptPlace: written && project ? { file: project.manifest.source, span: written.span } : null,
    directory,
    entryInImage,
    entry: traced === null || !facts.context ? null : moduleFile(traced, facts.context),
    project,
  };
}

/** A manager that is sent to another package of its workspace reads another package.json than the one beside it. */
function inWorkspace(command: Command): boolean {
  return (
    hasFlag(command, '--workspace', '-w', '--workspaces', '--filter', '-F', '--recursive', '-r') ||
    command.subcommand?.startsWith('workspace') === true
  );
}

function projectIn(directory: string, target: StageFacts, facts: Facts): NodeProject | null {
  const origin = traceToContext(target, joinPath(directory, 'package.json'), facts.context);
  return origin === null ? null : (facts.context?.node(parentOf(origin)) ?? null);
}

/** The command that ENTRYPOINT and CMD come to together; an entrypoint script is taken to end in `exec "$@"`. */
function startCommand(facts: Facts, target: StageFacts): CommandUse | null {
  const { cmd, entrypoint } = target;
  const own = (instruction: CommandUse['instruction']): CommandUse | null => {
    const last = facts.commandsOf(instruction).findLast((one) => !one.command.nesting.includes('substitution'));
    return last && !isConditional(last.command) ? last : null;
  };
  if (!entrypoint) return cmd ? (startedByImage(cmd, target) ?? own(cmd)) : null;
  // CMD gives arguments to an exec form alone: https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
  if (entrypoint.command.form === 'shell' || !cmd || cmd.command.form === 'shell') {
    const program = own(entrypoint);
    if (!cmd || entrypoint.command.form === 'shell' || !program || isRunner(program.command)) return program;
    return isScript(program.command) ? own(cmd) : null;
  }
  const joined = parseExec([...entrypoint.command.strings, ...cmd.command.strings]).at(-1);
  if (!joined || isConditional(joined)) return null;
  if (isRunner(joined)) {
    const inCmd = joined.nameWord !== null && joined.nameWord.span.start >= cmd.span.start;
    const instruction = inCmd && joined.nameWord.span.end <= cmd.span.end ? cmd : entrypoint;
    return { command: joined, script: null, instruction, stage: target };
  }
  return isScript(joined) ? own(cmd) : null;
}

/** Images without a shell have node as their ENTRYPOINT, so that CMD begins with its arguments. */
const NODE_ENTRYPOINT = /^(?:gcr\.io\/distroless\/nodejs|cgr\.dev\/chainguard\/node$)/;

function isNode({ name, entrypoint }: StageFacts['image']): boolean {
  return entrypoint ? /(?:^|\/)node$/.test(entrypoint.at(-1) ?? '') : NODE_ENTRYPOINT.test(name ?? '');
}

function startedByImage(cmd: NonNullable<StageFacts['cmd']>, target: StageFacts): CommandUse | null {
  const { command } = cmd;
  if (command.form !== 'exec' || !isNode(target.image)) return null;
  const [first] = command.strings;
  const started = first && parseExec([{ value: 'node', span: first.span }, ...command.strings]).at(-1);
  return started ? { command: started, script: null, instruction: cmd, stage: target } : null;
}

function isConditional(command: Command): boolean {
  return command.conditional || command.nesting.some((one) => one !== 'group' && one !== 'inner-script');
}

/** A shell script that prepares something and then, as is the custom, runs what it is given. */
function isScript(command: Command): boolean {
  const word = command.nameWord?.value ?? '';
  return /\.(?:sh|bash)$|entry-?point|(?:^|\/)(?:tini|dumb-init)$/.test(word) || /^(?:ba|da|a)?sh$/.test(command.name);
}

const RUNNERS: ReadonlySet<string> = new Set([
  ...MANAGERS,
  'node',
  'nodejs',
  'nodemon',
  'ts-node',
  'tsx',
  'next',
  'nest',
  'vite',
  'astro',
  'ng',
  'serve',
  'http-server',
  'json-server',
  'react-scripts',
  'remix-serve',
  'fastify',
  'strapi',
  'pm2',
  'deno',
  'python',
  'python3',
  'gunicorn',
  'uvicorn',
  'flask',
  'pm2-runtime',
]);

function isRunner(command: Command): boolean {
  return RUNNERS.has(command.name);
}

/** The script of package.json that `npm start`, `yarn start`, `npm run serve` and the like run. */
function scriptOf(command: Command, project: NodeProject | null): NodeScript | null {
  const name = scriptName(command, project);
  if (name === null) return null;
  const scripts = project?.manifest.scripts;
  const text = scripts?.get(name)?.value ?? null;
  const chain = [name];
  for (let at: string | null = text; at !== null && chain.length < 8; ) {
    const inner: Command | null = onlyOf(commandsIn(at));
    const next: string | null = inner && !takesMore(inner) ? scriptName(inner, project) : null;
    const nextText: string | undefined = next === null || chain.includes(next) ? undefined : scripts?.get(next)?.value;
    if (next === null || nextText === undefined) break;
    chain.push(next);
    at = nextText;
  }
  return { manager: command.name, name, text, chain };
}

/** True where the command says more than the script's name, which the next command would be given. */
function takesMore(command: Command): boolean {
  const words = command.operands.length + (command.subcommand === 'run' ? 0 : command.subcommand === null ? 0 : 1);
  return words > 1 || command.assignments.length > 0 || inWorkspace(command);
}

function scriptName(command: Command, project: NodeProject | null): string | null {
  if (!MANAGERS.some((manager) => manager === command.name)) return null;
  const scripts = project?.manifest.scripts;
  if (command.subcommand === 'start') return 'start';
  // yarn, pnpm and bun take the name of a script where a subcommand would stand, and of a program where no script has it.
  const direct = command.subcommand === null && command.name !== 'npm';
  if (command.subcommand !== 'run' && !direct) return null;
  const [first] = command.operands;
  if (!first?.literal) return null;
  if (scripts) return scripts.has(first.value) || command.name === 'npm' ? first.value : null;
  if (/[./]/.test(first.value)) return null;
  return command.subcommand === 'run' || first.value === 'start' ? first.value : null;
}

/** The commands of a script; null where it cannot be read. */
function commandsIn(text: string): readonly Command[] | null {
  const { commands, errors } = parseScript({ text, offset: 0 }, 'sh', { joined: false });
  return errors.length === 0 ? commands : null;
}

function onlyOf(commands: readonly Command[] | null): Command | null {
  const [only, more] = commands ?? [];
  return only && !more ? only : null;
}

/** The commands of the instruction; the one of an exec form alone, which ENTRYPOINT may begin. */
function ownCommands(use: CommandUse, facts: Facts): readonly Command[] {
  if (!use.script) return [use.command];
  return facts.commandsOf(use.instruction).map(({ command }) => command);
}

/** The file that the command runs, as written; null where it runs none or that is not known. */
function entryWord(command: Command, project: NodeProject | null): string | null {
  const [first] = command.operands;
  switch (command.name) {
    case 'node':
    case 'nodejs':
      if (!first?.literal) return null;
      return /^\.\/?$/.test(first.value) ? (project?.manifest.main?.value ?? 'index.js') : first.value;
    case 'nest':
      return first?.value === 'start' ? 'dist/main.js' : null;
    case 'nodemon':
    case 'ts-node':
    case 'tsx':
    case 'ts-node-dev':
    case 'pm2-runtime':
    case 'bun':
      return command.operands.find((word) => word.literal && /\.[cm]?[jt]sx?$/.test(word.value))?.value ?? null;
    default:
      return null;
  }
}
