import type { ShellWord } from '../shell/types.js';
import type { CommandUse } from './types.js';

/** Tools that install packages of a distribution. */
export type PackageTool = 'apt' | 'apk' | 'dnf' | 'zypper';

export interface InstalledPackage {
  /** Without version, release and architecture. */
  readonly name: string;
  /**
   * As written (`1.2.*`, `~2`); null where none is. In `java-17-openjdk` only the repository of dnf or zypper knows where
   * the name ends: what begins with a digit behind a dash counts.
   */
  readonly version: string | null;
  readonly word: ShellWord;
}

/** One command that installs packages by name. Files, URLs and words with variables are not among them. */
export interface PackageInstall {
  readonly use: CommandUse;
  readonly tool: PackageTool;
  readonly packages: readonly InstalledPackage[];
}

/** Name of the command to its tool, and what the tool calls an install. */
const TOOLS: Readonly<Record<string, readonly [PackageTool, readonly string[]]>> = {
  'apt-get': ['apt', ['install']],
  apt: ['apt', ['install']],
  aptitude: ['apt', ['install']],
  apk: ['apk', ['add']],
  dnf: ['dnf', ['install']],
  yum: ['dnf', ['install']],
  microdnf: ['dnf', ['install']],
  zypper: ['zypper', ['install']],
};

/** What a command installs; null where it is no install. */
export function packageInstallOf(use: CommandUse): PackageInstall | null {
  const { name } = use.command;
  const [tool, verbs] = (Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined) ?? [];
  if (!tool || !verbs?.includes(use.command.subcommand ?? '')) return null;
  return { use, tool, packages: use.command.operands.flatMap((word) => packageOf(word, tool) ?? []) };
}

/**
 * `git=1:2.39.*`, `git/bookworm-backports`, `libc6:i386`; apk's `curl~8`, `curl=8.5-r0`, `curl@edge`; dnf's `curl-8.5`,
 * zypper's `curl>=8`. apt removes what ends in a dash.
 */
const PATTERNS: Readonly<Record<PackageTool, RegExp>> = {
  apt: /^([\w.+-]*[\w.+])(?::\w+)?(?:[=/](.+))?$/,
  apk: /^([\w.+-]+)(?:@\w+)?(?:[<>=~]+(.+))?$/,
  dnf: /^([a-zA-Z_](?:[\w.+]|-(?!\d))*)(?:-(\d.*))?$/,
  zypper: /^([a-zA-Z_](?:[\w.+]|-(?!\d))*)(?:(?:-(?=\d)|[<>=]+)(.+))?$/,
};

function packageOf(word: ShellWord, tool: PackageTool): InstalledPackage | null {
  const { value } = word;
  if (!word.literal || value.includes('://') || /^[.~]?\/|\.(?:deb|rpm|apk)$/.test(value)) return null;
  const parts = PATTERNS[tool].exec(value);
  return parts?.[1] ? { name: parts[1], version: parts[2] ?? null, word } : null;
}
