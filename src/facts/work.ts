import type { RunInstruction } from '../dockerfile/ast.js';
import { shorten } from '../model/shorten.js';
import { type Command, findFlag, hasFlag, type ShellWord } from '../shell/types.js';
import { ECOSYSTEMS, type Ecosystem } from './ecosystems.js';
import { memoise, remember } from './lazy.js';
import { scriptCall } from './package-scripts.js';
import type { CommandUse, Facts } from './types.js';

/**
 * Work that a RUN does and that takes time, so that people want it kept in the cache. `dependencies`: installs what a project
 * lists. `packages`: packages of the system. `tools`: programs by name (`npm install -g`). `compile`: builds the source.
 * `download`: fetches something.
 */
export type WorkKind = 'dependencies' | 'packages' | 'tools' | 'compile' | 'download';

export interface Work {
  readonly kind: WorkKind;
  /** As a person would say it: `npm ci`, `apt-get install`. */
  readonly label: string;
  /** Null for `packages`, `download`, and for compilers that belong to none. */
  readonly ecosystem: Ecosystem | null;
  readonly use: CommandUse;
}

/** The costly work of a RUN, in the order of its commands; a command that does none is left out. */
export function workOf(run: RunInstruction, facts: Facts): readonly Work[] {
  return worksOf(facts)(run);
}

const worksOf = memoise((facts: Facts) =>
  remember((run: RunInstruction): readonly Work[] => facts.commandsOf(run).flatMap((use) => commandWork(use) ?? [])),
);

const BY_TOOL: ReadonlyMap<string, Ecosystem> = new Map(
  ECOSYSTEMS.flatMap((ecosystem) => ecosystem.tools.map((tool) => [tool, ecosystem] as const)),
);

const SYSTEM: Readonly<Record<string, RegExp>> = {
  'apt-get': /^(?:install|upgrade|dist-upgrade|build-dep)$/,
  apt: /^(?:install|upgrade|full-upgrade)$/,
  aptitude: /^install$/,
  apk: /^(?:add|upgrade)$/,
  dnf: /^(?:install|upgrade|update|groupinstall)$/,
  yum: /^(?:install|upgrade|update|groupinstall)$/,
  microdnf: /^(?:install|upgrade|update)$/,
  zypper: /^(?:install|update)$/,
};

const COMPILERS =
  /^(?:make|cmake|ninja|gcc|g\+\+|cc|clang|tsc|webpack|vite|rollup|esbuild|ng|next|nuxt|gulp|grunt|bazel|meson|javac|ant|sbt|swift|zig|turbo|nx|lerna|configure)$/;
const DOWNLOADERS = /^(?:curl|wget|git|aria2c|svn)$/;

function commandWork(use: CommandUse): Work | null {
  const { command } = use;
  const { name } = command;
  if (name === '') return null;
  const tool = command.tool ?? name;
  const system = Object.hasOwn(SYSTEM, name) ? SYSTEM[name] : undefined;
  if (system) return system.test(command.subcommand ?? '') ? work('packages', use, null) : null;
  const ecosystem = BY_TOOL.get(tool) ?? BY_TOOL.get(name);
  if (ecosystem) return ecosystemWork(use, ecosystem);
  if (name === 'pacman')
    return command.flags.some((flag) => flag.name.startsWith('-S')) ? work('packages', use, null) : null;
  if (COMPILERS.test(name)) return work('compile', use, null);
  if (name === 'gem' && command.subcommand === 'install') return work('tools', use, null);
  const fetches = DOWNLOADERS.test(name) && (name !== 'git' || command.subcommand === 'clone');
  return fetches && !hasFlag(command, '--version', '-V') ? work('download', use, null) : null;
}

function ecosystemWork(use: CommandUse, ecosystem: Ecosystem): Work | null {
  const { command } = use;
  const verb = verbOf(command);
  if (ecosystem.installs.test(verb)) {
    const kind = ofProject(command, ecosystem) ? 'dependencies' : 'tools';
    return isQuestion(command) ? null : work(kind, use, ecosystem);
  }
  if (ecosystem.builds.test(verb)) {
    const isTool =
      /^(?:go|cargo)$/.test(ecosystem.id) && command.subcommand === 'install' && !ofProject(command, ecosystem);
    return work(isTool ? 'tools' : 'compile', use, ecosystem);
  }
  return null;
}

/** Subcommand and operands: `mod download`, `run build`, `-B package` is `package`. */
export function verbOf({ subcommand, operands }: Command): string {
  return [...(subcommand ? [subcommand] : []), ...operands.map(({ value }) => value)].join(' ');
}

/** `yarn --version` and the like do nothing. */
function isQuestion(command: Command): boolean {
  return hasFlag(command, '--version', '--help', '-v', '-h') && command.operands.length === 0;
}

/** True where a command installs what the project's own files list, rather than what its line names. */
function ofProject(command: Command, { id }: Ecosystem): boolean {
  switch (id) {
    case 'npm':
    case 'yarn':
    case 'pnpm':
    case 'bun':
      return (
        (command.operands.length === 0 || verbOf(command).startsWith('workspaces focus')) &&
        !hasFlag(command, '--global', '-g', '--package-lock-only', '--lockfile-only') &&
        findFlag(command, '--location')?.value !== 'global'
      );
    case 'pip':
    case 'uv':
      return (
        (command.subcommand === 'sync' && id === 'uv') ||
        hasFlag(command, '-r', '--requirement', '-e', '--editable', '--requirements') ||
        command.operands.some(
          ({ value }) => /^\.{1,2}(?:[/[]|$)|^\/[\w/.-]+$/.test(value) && !/\.(?:whl|tar\.gz|zip)$/.test(value),
        )
      );
    case 'pipenv':
    case 'composer':
      return command.operands.length === 0;
    case 'go':
      return command.subcommand !== 'install' || command.operands.every(({ value }) => !value.includes('@'));
    case 'cargo':
      return command.subcommand !== 'install' || hasFlag(command, '--path');
    default:
      return true;
  }
}

function work(kind: WorkKind, use: CommandUse, ecosystem: Ecosystem | null): Work {
  return { kind, label: labelOf(use.command, ecosystem), ecosystem, use };
}

function labelOf(command: Command, ecosystem: Ecosystem | null): string {
  const script = scriptCall(command);
  if (script)
    return `${script.manager} ${script.direct || command.subcommand !== 'run' ? '' : 'run '}${shorten(script.name)}`;
  if (command.subcommand) return `${command.name} ${command.subcommand}`;
  // `mvn clean package` is about the second.
  const telling = ({ value }: ShellWord): boolean =>
    !!ecosystem?.installs.test(value) || !!ecosystem?.builds.test(value);
  const first = command.operands.find(telling) ?? command.operands[0];
  return /^(?:mvnw?|gradlew?|dotnet|mix|make)$/.test(command.name) && first?.literal
    ? `${command.name} ${first.value}`
    : command.name;
}
