import { baseName, parentOf } from '../context/paths.js';
import type { RunInstruction } from '../dockerfile/ast.js';
import type { Command, ShellWord } from '../shell/types.js';
import { isKeptOutOfLayer } from './mounts.js';
import type { CommandUse, Facts } from './types.js';

/** A file that a command of a RUN writes and that is still there when the RUN is over. */
export interface LayerWrite {
  readonly use: CommandUse;
  /** As written; of a tool that keeps its settings, the file of those. */
  readonly path: string;
  /** `text`: the words themselves are written. `file`: the words name files that are. */
  readonly kind: 'text' | 'file';
  readonly content: readonly ShellWord[];
}

/** They pass on what they are given, be it in another form. */
const FILTERS = new Set(['base64', 'tr', 'tee', 'cat', 'gunzip', 'zcat']);

/** Tools that keep settings in a file of the user: what the command begins with, the file, and what takes it out again. */
const SETTINGS: Readonly<Record<string, { readonly set: RegExp; readonly file: string; readonly unset: RegExp }>> = {
  npm: { set: /^(?:config )?set$/, file: '~/.npmrc', unset: /^(?:config (?:delete|rm)|logout)$/ },
  pnpm: { set: /^(?:config )?set$/, file: '~/.npmrc', unset: /^(?:config (?:delete|rm)|logout)$/ },
  yarn: { set: /^config set$/, file: '.yarnrc.yml', unset: /^config (?:delete|unset)$/ },
  pip: { set: /^config set$/, file: '~/.config/pip/pip.conf', unset: /^config unset$/ },
  git: { set: /^config$/, file: '~/.gitconfig', unset: /^config$/ },
};

const REMOVERS = /^(?:rm|shred|unlink|mv|srm|truncate)$/;

/** What commands of a RUN write into files that stay in its layer, as far as that is certain. */
export function layerWrites(run: RunInstruction, facts: Facts): readonly LayerWrite[] {
  const uses = facts.commandsOf(run);
  // A trap or a search may take away whatever was written.
  if (uses.some(({ command }) => command.name === 'trap' || (command.name === 'find' && mayDelete(command)))) return [];
  const removals = removalsOf(uses);
  return uses
    .flatMap((use) => writesOf(use))
    .filter(({ use, path }) => isKept(path, use, removals) && !isKeptOutOfLayer(run, absolute(path, run, facts)));
}

function writesOf(use: CommandUse): readonly LayerWrite[] {
  const { command } = use;
  if (command.conditional && command.nesting.includes('function')) return [];
  const { name, operands } = command;
  const files: LayerWrite[] = [];
  const add = (path: string, source: Source | null) => {
    if (source && source.words.length > 0) files.push({ use, path, kind: source.kind, content: source.words });
  };
  const settings = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  if (settings) {
    const flags = command.flags.map((flag) => flag.name);
    const sets =
      settings.set.test(command.subcommand ?? '') &&
      !flags.some((flag) => /^--(?:un|get|rem|list)/.test(flag)) &&
      (name !== 'git' || flags.includes('--global'));
    if (sets && operands.length > 0) add(settings.file, { kind: 'text', words: operands });
  } else if ((name === 'cp' || name === 'install') && operands.length > 1) {
    const last = operands.at(-1);
    if (last) add(pathOf(last), { kind: 'file', words: operands.slice(0, -1) });
  } else {
    const source = sourceOf(use);
    for (const { operator, descriptor, target } of command.redirects) {
      if (target && /^>[>|]?$/.test(operator) && (descriptor ?? 1) === 1) add(pathOf(target), source);
    }
    if (name === 'tee') for (const operand of operands) add(pathOf(operand), source);
  }
  return files;
}

interface Source {
  readonly kind: 'text' | 'file';
  readonly words: readonly ShellWord[];
}

/** Where what a command prints comes from: its own words, or the begin of its pipe. */
function sourceOf(use: CommandUse): Source | null {
  const { command, script } = use;
  if (command.name === 'echo' || command.name === 'printf') return { kind: 'text', words: command.operands };
  if (!FILTERS.has(command.name)) return null;
  if (command.name !== 'tee' && command.name !== 'tr' && command.operands.length > 0)
    return { kind: 'file', words: command.operands };
  const input = command.redirects.find(({ operator }) => operator === '<')?.target;
  if (input) return { kind: 'file', words: [input] };
  const pipeline = script?.pipelines[command.pipeline];
  if (!script || !pipeline || command.previous !== '|') return null;
  const at = pipeline.members.findIndex((index) => script.commands[index] === command);
  const before = script.commands[pipeline.members[at - 1] ?? -1];
  return before && at > 0 ? sourceOf({ ...use, command: before }) : null;
}

/** Quotes removed, the home directory as `~`. */
function pathOf({ value }: ShellWord): string {
  return value.replace(/^\$(?:HOME|\{HOME\})(?=\/|$)/, '~');
}

function absolute(path: string, run: RunInstruction, facts: Facts): string {
  if (path.startsWith('/')) return path;
  if (path.startsWith('~/')) return `/root${path.slice(1)}`;
  return `${facts.stateAt(run).workdir?.value ?? ''}/${path.replace(/^\.\//, '')}`;
}

/** False where the file is no file of a layer, is taken away again, or may be. */
function isKept(path: string, { command }: CommandUse, removals: ReadonlyMap<string, number>): boolean {
  if (/\$|`/.test(path) || /^\/(?:dev|proc|sys|run\/secrets)(?:\/|$)/.test(path)) return false;
  const names = [ANYTHING, `name ${baseName(path)}`, `settings ${path}`];
  for (let at = path; at.length > 1; at = parentOf(at)) {
    names.push(`path ${at}`);
    if (parentOf(at) === at) break;
  }
  return names.every((name) => (removals.get(name) ?? -1) < command.span.start);
}

/** Stands for the names in a glob or a variable. */
const ANYTHING = '*';

/** What is taken away, with the last place that does so. A function runs where it is called, which may be anywhere. */
function removalsOf(uses: readonly CommandUse[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const { command } of uses) {
    const place = command.nesting.includes('function') ? Number.POSITIVE_INFINITY : command.span.start;
    for (const name of removedBy(command)) last.set(name, Math.max(place, last.get(name) ?? 0));
  }
  return last;
}

function removedBy(command: Command): readonly string[] {
  const settings = Object.hasOwn(SETTINGS, command.name) ? SETTINGS[command.name] : undefined;
  if (settings) {
    const isUnset = command.name !== 'git' || command.flags.some(({ name }) => /^--(?:unset|remove)/.test(name));
    return isUnset && settings.unset.test(command.subcommand ?? '') ? [`settings ${settings.file}`] : [];
  }
  if (!REMOVERS.test(command.name)) return [];
  return command.operands.flatMap((word) => {
    const path = pathOf(word).replace(/(?<=.)\/+$/, '');
    if (/[*?{[$`]/.test(path)) return ANYTHING;
    return [`name ${baseName(path)}`, `path ${path}`];
  });
}

function mayDelete({ words }: Command): boolean {
  return words.some(({ value }) => value === '-delete' || value === 'rm');
}
