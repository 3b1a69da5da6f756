import type { Located, NodeProject } from '../context/types.js';
import type { Place } from '../model/finding.js';
import type { Span } from '../model/span.js';
import { parseScript } from '../shell/parse.js';
import { type Command, hasFlag, type Script, type ShellWord } from '../shell/types.js';
import { failsScript } from './failure.js';
import { memoise } from './lazy.js';

/** A command that runs a script of package.json by its name. */
export interface ScriptCall {
  readonly manager: 'npm' | 'yarn' | 'pnpm' | 'bun';
  readonly name: string;
  /** The word that names the script: `build` of `npm run build`, `start` of `npm start`. */
  readonly word: ShellWord;
  /** `yarn build`: without `run`, so that it may be a program or a subcommand as well. */
  readonly direct: boolean;
}

/** One command that a script of package.json comes to, hooks and scripts that it calls resolved. */
export interface ScriptStep {
  /** The script in which it stands. */
  readonly script: string;
  readonly command: Command;
  /** In package.json: the command where its place is exact, else the whole script. */
  readonly place: Place;
  /** True where it always runs and the run fails with it. */
  readonly certain: boolean;
  /** The script that it calls; null where it calls none. */
  readonly call: ScriptCall | null;
}

/** They send the manager to other packages of a workspace, or to all of them. */
const ELSEWHERE = [
  ...['--workspace', '-w', '--workspaces', '-ws', '--filter', '-F', '--recursive', '-r', '--include-workspace-root'],
  ...['--workspace-root', '--top-level', '-T', '--global', '-g', '--help', '-h', '--version', '-v', '--if-present'],
];

/** Subcommands of npm that are scripts: https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-operation-order */
const NPM_SCRIPTS: ReadonlySet<string> = new Set(['start', 'test', 'stop']);

/** The script that a command runs; null where it runs none, or is sent elsewhere, or may do without it. */
export function scriptCall(command: Command): ScriptCall | null {
  const { name: manager, subcommand, subcommandWord, operands } = command;
  if (manager !== 'npm' && manager !== 'yarn' && manager !== 'pnpm' && manager !== 'bun') return null;
  if (hasFlag(command, ...ELSEWHERE) || command.words.some(({ value }) => value === '--if-present')) return null;
  const [first] = operands;
  if (subcommand === 'run') return first?.literal ? { manager, name: first.value, word: first, direct: false } : null;
  if (manager === 'bun' && subcommand !== null) return null;
  if (subcommand !== null && subcommandWord && NPM_SCRIPTS.has(subcommand))
    return { manager, name: subcommand, word: subcommandWord, direct: false };
  if (subcommand !== null || manager === 'npm' || !first?.literal || /[/.]/.test(first.value)) return null;
  return { manager, name: first.value, word: first, direct: true };
}

/** A script of package.json as commands; spans are those of package.json where {@link ParsedScript.exact}. */
interface ParsedScript {
  readonly script: Script;
  readonly exact: boolean;
}

const parsed = memoise((project: NodeProject) => {
  const known = new Map<string, ParsedScript>();
  return (name: string, text: Located<string>): ParsedScript => {
    let found = known.get(name);
    if (!found) {
      const { span, value } = text;
      const exact = project.manifest.source.text.slice(span.start + 1, span.end - 1) === value;
      const script = parseScript({ text: value, offset: exact ? span.start + 1 : 0 }, 'sh', { joined: false });
      found = { script, exact };
      known.set(name, found);
    }
    return found;
  };
});

/** The place of a part of a script in package.json; the whole script where it is written with escapes. */
export function scriptPlace(project: NodeProject, name: string, span: Span): Place {
  const file = project.manifest.source;
  const text = project.manifest.scripts.get(name);
  if (!text) return { file, span: { start: 0, end: 0 } };
  return { file, span: parsed(project)(name, text).exact ? span : text.span };
}

/** Scripts that call one another deeper than this are left alone. */
const DEEPEST = 6;
const MOST_STEPS = 200;

/**
 * The commands that a script comes to, in order: those of its hooks, its own, and those of the scripts that it calls. Empty
 * where there is no such script.
 */
export function scriptSteps(
  project: NodeProject,
  { manager, name }: Pick<ScriptCall, 'manager' | 'name'>,
): readonly ScriptStep[] {
  const steps: ScriptStep[] = [];
  collect(project, manager, name, true, [], steps);
  return steps;
}

/** The same without the hooks of the script itself, for those that are hooks of an install. */
export function ownSteps(
  project: NodeProject,
  { manager, name }: Pick<ScriptCall, 'manager' | 'name'>,
): readonly ScriptStep[] {
  const steps: ScriptStep[] = [];
  collect(project, manager, name, true, [], steps, false);
  return steps;
}

function collect(
  project: NodeProject,
  manager: ScriptCall['manager'],
  name: string,
  certain: boolean,
  above: readonly string[],
  steps: ScriptStep[],
  hooks: boolean | null = hasHooks(manager, project),
): void {
  if (above.length >= DEEPEST || above.includes(name)) return;
  for (const part of [`pre${name}`, name, `post${name}`]) {
    const isHook = part !== name;
    const text = project.manifest.scripts.get(part);
    if (!text || (isHook && hooks === false)) continue;
    const { script, exact } = parsed(project)(part, text);
    for (const command of script.commands) {
      if (steps.length >= MOST_STEPS) return;
      const sure = certain && (!isHook || hooks === true) && failsScript(command, script);
      // After a `cd`, or sent to another directory, the script is that of another package.
      const moved =
        hasFlag(command, '--prefix', '-C', '--cwd', '--dir') ||
        script.commands.some((one) => one.name === 'cd' && one.span.start < command.span.start);
      const call = moved ? null : scriptCall(command);
      const place = { file: project.manifest.source, span: exact ? command.span : text.span };
      steps.push({ script: part, command, place, certain: sure, call });
      const inner = call ? [{ manager: call.manager, name: call.name }] : listedScripts(command);
      if (moved) continue;
      for (const next of inner) collect(project, next.manager, next.name, sure, [...above, name], steps);
    }
  }
}

/** Whether `preX` and `postX` run around X; null: it depends on the version. */
function hasHooks(manager: ScriptCall['manager'], project: NodeProject): boolean | null {
  if (manager === 'npm' || manager === 'bun') return !ignoresScripts(project);
  if (manager === 'yarn') return mayBeClassicYarn(project) ? true : project.yarnrc ? false : null;
  // https://pnpm.io/cli/run#enable-pre-post-scripts: true from pnpm 9 on.
  return project.npmrc?.has('enable-pre-post-scripts')
    ? null
    : /^(?:9|\d\d)\./.test(versionOf(project, 'pnpm'))
      ? true
      : null;
}

/** `npm run build` with `ignore-scripts` in .npmrc leaves the hooks out. */
function ignoresScripts({ npmrc }: NodeProject): boolean {
  return npmrc?.get('ignore-scripts') === 'true';
}

/** True where nothing says that the project is one of a later Yarn. */
function mayBeClassicYarn(project: NodeProject): boolean {
  return project.yarnrc === null && /^(?:1\.|$)/.test(versionOf(project, 'yarn'));
}

/** The version of a manager that `packageManager` asks for; empty where it asks for none. */
function versionOf({ manifest: { packageManager } }: NodeProject, manager: string): string {
  return packageManager?.manager === manager ? (packageManager.version ?? '') : '';
}

/** True where a step does nothing but run other scripts, whose steps follow it. */
export function isListing({ command, call }: ScriptStep, { manifest: { scripts } }: NodeProject): boolean {
  if (call) return scripts.has(call.name);
  const { name, operands, flags } = command;
  return RUN_ALL.test(name) && operands.every(({ value }) => scripts.has(value)) && flags.every((flag) => !flag.value);
}

const RUN_ALL = /^(?:run-s|run-p|npm-run-all2?)$/;

/** The scripts that `run-s`, `run-p` and `npm-run-all` are given by their full names. */
function listedScripts({ name, operands }: Command): readonly { manager: ScriptCall['manager']; name: string }[] {
  if (!RUN_ALL.test(name)) return [];
  return operands
    .filter(({ value, literal }) => literal && /^[\w:.-]+$/.test(value))
    .map(({ value }) => ({ manager: 'npm', name: value }));
}
