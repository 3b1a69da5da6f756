import { parentOf } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import type { Command, EnvAssignment } from '../shell/types.js';
import { moduleGraph } from './module-graph.js';
import type { Facts, NodeStart } from './types.js';

/** The `node FILE` that a script of package.json comes to, as the Dockerfile may run it without the manager. */
export interface DirectStart {
  readonly words: readonly string[];
  /** The words as a shell takes them. */
  readonly source: string;
  /** Variables that the script sets, and the image does not yet set alike; the value null where it is not plain. */
  readonly variables: readonly { readonly name: string; readonly value: string | null }[];
  /** Where the manager is sent to; null where it stays in WORKDIR. */
  readonly directory: string | null;
}

/** Files that are read to see whether the app asks for what the manager tells it. */
const MOST_FILES = 12;

/**
 * What to run in the place of `npm start`; null where the script is more than one plain `node FILE`, and where the manager
 * gives the program something that it would miss.
 */
export function directStart(start: NodeStart, facts: Facts): DirectStart | null {
  const { command, use } = start;
  const { target } = facts;
  const passed = passedOn(use.command);
  if (!target || passed === null || !runsNode(start) || hasHooks(start) || isNeeded(start, facts)) return null;
  const workdir = target.final.workdir ? target.final.workdir.value : target.image.workdir;
  const isSent = !use.script && start.directory !== workdir;
  return {
    words: [...command.words.map(({ value }) => value), ...passed],
    source: [...command.words.map(({ text }) => text), ...passed].join(' '),
    variables: command.assignments
      .map(({ name, value }) => ({ name, value: plainValue(value) }))
      .filter(({ name, value }) => value === null || target.final.env.get(name)?.value !== value),
    directory: isSent ? start.directory : null,
  };
}

function plainValue(value: EnvAssignment['value']): string | null {
  return value?.literal && /^[\w.,:/@%+=-]*$/.test(value.value) ? value.value : null;
}

/** `node FILE` without anything that only the shell of a script would do. */
function runsNode({ simple, command, use }: NodeStart): boolean {
  return (
    simple &&
    command.name === 'node' &&
    command.operands.length > 0 &&
    command.wrappers.every((wrapper) => wrapper.name === 'cross-env' || wrapper.name === 'exec') &&
    command.redirects.length === 0 &&
    command.next === null &&
    command.words.every((word) => word.literal) &&
    command !== use.command
  );
}

/** `prestart` and `poststart` run with the script, and would no longer. */
function hasHooks({ script, project }: NodeStart): boolean {
  const scripts = project?.manifest.scripts;
  return script?.chain.some((name) => scripts?.has(`pre${name}`) || scripts?.has(`post${name}`)) ?? true;
}

/** Flags of a manager that mean nothing to the program. */
const OWN_FLAGS =
  /^(?:-s|-q|-d|--silent|--quiet|--loglevel|--no-update-notifier|--if-present|--production|--prefix|-C|--dir|--cwd)$/;

/** The words behind the script's name that the program gets; null where that is not certain. */
function passedOn({ name, flags, operands, subcommand, words }: Command): readonly string[] | null {
  const given = subcommand === 'start' ? operands : operands.slice(1);
  if (given.some((word) => !word.literal)) return null;
  if (name === 'npm') {
    if (flags.some((flag) => !OWN_FLAGS.test(flag.name))) return null;
    return given.map(({ value }) => value);
  }
  const isPlain = flags.every((flag) => OWN_FLAGS.test(flag.name)) && words.every(({ value }) => value !== '--');
  return isPlain ? given.map(({ value }) => value) : null;
}

/** The manager does more than to run the script. */
function isNeeded({ script, entry, project }: NodeStart, { context, target }: Facts): boolean {
  if (!context || !project || (script?.manager === 'bun' && target?.image.family !== 'node')) return true;
  if (['node-options', 'script-shell', 'shell-emulator'].some((key) => project.npmrc?.has(key))) return true;
  if (script?.manager === 'yarn' && mayPlugAndPlay(project.directory, context)) return true;
  return entry !== null && asksManager(entry, context);
}

/** With Plug'n'Play, yarn tells node where the packages are: https://yarnpkg.com/features/pnp */
function mayPlugAndPlay(directory: string, context: BuildContext): boolean {
  for (let at = directory; ; at = parentOf(at)) {
    const found = context.node(at);
    if (context.kindOf(`${at}/.pnp.cjs`) !== null) return true;
    if (found?.yarnrc) return !/^(?:node-modules|pnpm)$/.test(found.yarnrc.nodeLinker ?? '');
    const manager = found?.manifest.packageManager;
    if (manager?.manager === 'yarn' && !manager.version?.startsWith('1.')) return true;
    if (at === '.' || at === parentOf(at)) return false;
  }
}

/** `process.env.npm_package_version` */
function asksManager(entry: string, context: BuildContext): boolean {
  for (const { source } of moduleGraph(entry, context, MOST_FILES))
    if (/\bnpm_(?:package|config|lifecycle)_/.test(source.text)) return true;
  return false;
}
