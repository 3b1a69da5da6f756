import type { ShellWord } from '../shell/types.js';
import { hadolintOperands } from './hadolint.js';
import { memoise } from './lazy.js';
import type { CommandUse, Facts } from './types.js';

/** One command by which pip installs something. */
export interface PipInstall {
  readonly use: CommandUse;
  /** Names of packages that leave their version open: no path, no URL, nothing with a variable. */
  readonly unpinned: readonly ShellWord[];
}

/** Every `pip install` of the file, in order, whatever its pip is called. */
export const pipInstalls = memoise<Facts, readonly PipInstall[]>((facts) =>
  facts
    .commands('pip')
    .filter(({ command }) => command.subcommand === 'install')
    .map((use) => ({ use, unpinned: use.command.operands.filter((word) => word.literal && isBareName(word.value)) })),
);

/** `flask`, `flask[async]`, and the same with a marker. {@link https://packaging.python.org/en/latest/specifications/dependency-specifiers/} */
function isBareName(value: string): boolean {
  if (/\.(?:whl|zip|tar|tgz|gz|bz2|xz|txt)$/i.test(value)) return false;
  return /^[A-Za-z0-9][\w.-]*(?:\[[\w\s,.-]*\])?\s*(?:;.*)?$/.test(value);
}

/** What hadolint takes for installs by pip: `pip*` but pipenv, pipx among them, and `python -m pip install`. */
export function hadolintPipInstalls(facts: Facts): readonly CommandUse[] {
  return facts.commands('pip', 'pipx').filter(({ command }) => {
    const { wrappers, nesting, nameWord, words } = command;
    if (nesting.includes('inner-script') || !nameWord?.value.startsWith('pip')) return false;
    if (wrappers.length > 0) return wrappers[0]?.name.startsWith('python') && words[1]?.value === 'install';
    return words.some(({ value }) => value === 'install');
  });
}

/** Flags whose value hadolint knows to stand in the next word. */
const VALUED = (
  'abi b build e editable extra-index-url f find-links i index-url implementation no-binary only-binary platform prefix ' +
  'progress-bar proxy python python-version root root-user-action src t target trusted-host upgrade-strategy'
).split(' ');

/** True where hadolint finds a package without a version. */
export function leavesVersionOpen({ command }: CommandUse): boolean {
  const values = command.words.map(({ value }) => value);
  if (values.some((value) => /^(?:-r|--requirement|-c|--constraint)(?:=|$)/.test(value))) return false;
  const operands = hadolintOperands(command, ...VALUED).map(({ value }) => value);
  return operands.slice(operands.indexOf('install') + 1).some((value) => !isFixedForHadolint(value));
}

function isFixedForHadolint(value: string): boolean {
  if (/^git\+(?:https?|ssh):/.test(value)) return value.includes('@');
  return /[=<>!~/]|^\.|\.(?:whl|tar\.gz)$/.test(value);
}
