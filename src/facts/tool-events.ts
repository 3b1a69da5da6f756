import type { Instruction, PairsInstruction, RunInstruction } from '../dockerfile/ast.js';
import type { EnvAssignment } from '../shell/types.js';
import { copiesByInstruction } from './copies.js';
import { isOwnPackage, mayHaveTool } from './package-tools.js';
import { packageInstallOf } from './packages.js';
import { PLAIN_COMMANDS, SYSTEM_MANAGERS } from './plain-commands.js';
import type { CommandUse, CopyFacts, Facts, StageFacts } from './types.js';

/** Something by which a tool comes into a stage or leaves it. */
export interface ToolEvent {
  /** Place in the file from which on it holds. */
  readonly at: number;
  /** `brings`: it is there for sure. `may-bring`, `may-remove`: nobody can say without running the build. */
  readonly effect: 'brings' | 'may-bring' | 'may-remove';
}

/** What the own instructions of a stage do to a tool, in order. */
export function toolEvents(tool: string, stage: StageFacts, facts: Facts): readonly ToolEvent[] {
  return stage.stage.instructions.flatMap(eventReader(tool, stage, facts));
}

/** Where a tool comes, or may come, into a stage by its own instructions, without a look at what is behind that. */
export function firstArrival(tool: string, stage: StageFacts, facts: Facts): number {
  const read = eventReader(tool, stage, facts);
  for (const instruction of stage.stage.instructions) {
    const arrivals = read(instruction).flatMap(({ at, effect }) => (effect === 'may-remove' ? [] : at));
    if (arrivals.length > 0) return Math.min(...arrivals);
  }
  return Number.POSITIVE_INFINITY;
}

function eventReader(
  tool: string,
  stage: StageFacts,
  facts: Facts,
): (instruction: Instruction) => readonly ToolEvent[] {
  const named = namePattern(tool);
  const copies = copiesByInstruction(stage);
  return (instruction) => {
    const mayBring = (is: boolean): readonly ToolEvent[] =>
      is ? [{ at: instruction.span.end, effect: 'may-bring' }] : [];
    switch (instruction.keyword) {
      case 'RUN':
        return runEvents(tool, named, instruction, facts);
      case 'COPY':
      case 'ADD': {
        const copy = copies.get(instruction);
        return mayBring(!copy || named.test(instruction.argumentsText) || mayHold(copy));
      }
      case 'ENV':
        return mayBring(extendsPath(instruction, tool));
      case 'ONBUILD':
        return mayBring(/^\s*(?:RUN|COPY|ADD|ENV)\b/i.test(instruction.argumentsText));
      default:
        return [];
    }
  };
}

/** The name of the tool in a text, be it part of a path, a version or another name. */
function namePattern(tool: string): RegExp {
  if (tool === 'sh') return /(?:^|[\s/"'=])(?:sh|ash|bash|dash|busybox)(?![\w.])/;
  return new RegExp(`(?:^|[^a-z])${tool.replace(/[^\w]/g, '\\$&')}(?![a-z])`, 'i');
}

function runEvents(tool: string, named: RegExp, run: RunInstruction, facts: Facts): readonly ToolEvent[] {
  const uses = facts.commandsOf(run);
  const scripts = facts.scriptsOf(run);
  const unread =
    uses.length === 0 ||
    (run.command.form === 'shell' && scripts.length === 0) ||
    scripts.some(({ script, shell }) => script.errors.length > 0 || shell.foreign !== null);
  if (unread) return [{ at: run.span.start, effect: 'may-bring' }];
  return uses.flatMap((use) => {
    const effect = effectOf(tool, named, use);
    return effect ? [{ at: use.command.span.end, effect }] : [];
  });
}

/** They put nothing where the shell looks for programs, whatever they are told. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...PLAIN_COMMANDS,
  ...'touch sed awk cut tr sort uniq npm pnpm yarn node bun tsc next vite turbo prisma corepack pip pip3 poetry pipenv go cargo dotnet mvn gradle bundle gem rake composer php find xargs exec git nginx apt-mark gpg openssl curl wget ln cp mv install tee trap read sync basename dirname realpath readlink mktemp yes time'.split(
    ' ',
  ),
]);

const REMOVAL = /^(?:del|remove|purge|autoremove|erase)$/;
const NO_INSTALL =
  /^(?:|update|upgrade|dist-upgrade|full-upgrade|clean|autoclean|check-update|makecache|cache|info|search|list|policy|fix)$/;
/** Where programs lie, and the trees that hold such directories. */
const PROGRAMS = /^\/(?:$|usr(?:\/local)?\/?$|(?:usr\/(?:local\/)?)?s?bin(?:\/|$))/;

function effectOf(
  tool: string,
  named: RegExp,
  { command, script, instruction }: CommandUse,
): ToolEvent['effect'] | null {
  const { name, subcommand, operands, nameWord, words, redirects, flags } = command;
  if (nameWord === null) return command.assignments.some(changesPath) ? 'may-bring' : null;
  if (SYSTEM_MANAGERS.has(name)) {
    if (REMOVAL.test(subcommand ?? '')) return 'may-remove';
    const install = packageInstallOf({ command, script, instruction, stage: null });
    if (!install) return NO_INSTALL.test(subcommand ?? '') ? null : 'may-bring';
    const isCertain =
      !command.conditional && command.wrappers.every((one) => one.name === 'sudo' || one.name === 'env');
    if (isCertain && install.packages.some((one) => isOwnPackage(one, tool))) return 'brings';
    const isOpen = install.packages.length < operands.length || redirects.some(({ operator }) => operator === '<');
    return isOpen || install.packages.some((one) => mayHaveTool(one, tool, install.tool)) ? 'may-bring' : null;
  }
  if (command.nesting.includes('process-substitution')) return 'may-bring';
  if (name === 'dpkg')
    return words.some(({ value }) => /^(?:-i|--install|-x|--unpack)$/.test(value)) ? 'may-bring' : null;
  if (name === 'npx') return words.some(({ value }) => /playwright|puppeteer|install/.test(value)) ? 'may-bring' : null;
  if (/^python3?$/.test(name)) {
    const module = words[1]?.value === '-m' ? words[2]?.value : null;
    return module === 'pip' || module === 'venv' || module === 'compileall' ? mayBePip(tool) : 'may-bring';
  }
  if (!HARMLESS.has(name) || (nameWord.value.includes('/') && !PROGRAMS.test(nameWord.value))) return 'may-bring';
  const texts = [...words.slice(1), ...redirects.flatMap(({ target }) => target ?? [])];
  if (name === 'rm') return texts.some(({ value }) => named.test(value) || PROGRAMS.test(value)) ? 'may-remove' : null;
  if (texts.some(({ value }) => named.test(value))) return 'may-bring';
  if (/^(?:cp|mv|ln|install)$/.test(name)) {
    const target = operands.at(-1);
    if (!target?.literal) return 'may-bring';
    // A single file under another name is another program.
    const isOne = name === 'ln' || flags.every(({ name: flag }) => !/^-[aRr]$|^--(?:archive|recursive)$/.test(flag));
    return PROGRAMS.test(target.value) && !(isOne && /bin\/[\w.-]+$/.test(target.value)) ? 'may-bring' : null;
  }
  return /^(?:pip3?|poetry|pipenv)$/.test(name) ? mayBePip(tool) : null;
}

/** There are packages of pip with node inside. */
function mayBePip(tool: string): 'may-bring' | null {
  return /^(?:npm|npx|yarn|corepack|python3)$/.test(tool) ? 'may-bring' : null;
}

function changesPath({ name }: EnvAssignment): boolean {
  return name === 'PATH' || name === 'LD_PRELOAD';
}

/** Settings, scripts and sources, which are no programs of their own name. */
const NO_PROGRAM =
  /\.(?:sh|bash|js|cjs|mjs|ts|py|rb|php|json|ya?ml|conf|cfg|ini|toml|txt|xml|html|css|crt|pem|sql|service|template|tmpl|env)$/i;

/** Whether a COPY may bring programs to where the shell looks for them. */
function mayHold({ destination, origin, sources, instruction }: CopyFacts): boolean {
  if (destination === null) return true;
  if (origin !== 'context') return /^\/(?:$|usr(?:\/|$)|s?bin(?:\/|$)|lib|opt\/?$|nix)/.test(destination);
  if (!PROGRAMS.test(destination)) return false;
  return (
    instruction.heredocs.length > 0 ||
    sources.length === 0 ||
    sources.some(({ path, remote }) => path === null || remote || !NO_PROGRAM.test(path))
  );
}

/** Directories that programs of the project's own language are put into. */
const OF_A_LANGUAGE =
  /(?:^|\/)(?:node_modules\/\.bin|\.?venv\/bin|env\/bin|\.local\/bin|\.npm-global\/bin|\.cargo\/bin|go\/bin|\.dotnet\/tools|\.bun\/bin|vendor\/bin)$|^\/(?:usr\/(?:local\/)?)?s?bin$/;

/** Whether another PATH may lead to a tool that was not found before. */
function extendsPath({ pairs }: PairsInstruction, tool: string): boolean {
  return pairs.some(({ key, value }) => {
    if (key.text !== 'PATH' || !value) return false;
    if (/^(?:npm|npx|python3|tini|yarn|corepack)$/.test(tool)) return true;
    return value.text
      .replace(/^["']|["']$/g, '')
      .split(':')
      .some((part) => !/^\$\{?PATH\}?$/.test(part) && !OF_A_LANGUAGE.test(part));
  });
}
