import { hadolintCommands } from '../facts/hadolint.js';
import { type HadolintInstall, hadolintUnpinned } from '../facts/hadolint-packages.js';
import { packageInstallOf } from '../facts/packages.js';
import type { CommandUse, Facts } from '../facts/types.js';
import type { ShellWord } from '../shell/types.js';
import { defineRule, type PresetName, type Rule, semantics } from './define-rule.js';

interface PinnedPackagesRule {
  readonly id: string;
  readonly alias: string;
  readonly presets?: readonly PresetName[];
  /** The commands that install. */
  readonly commands: readonly string[];
  /** The words of a command that name something without a version. */
  readonly unpinned: (use: CommandUse, facts: Facts) => readonly ShellWord[];
  readonly hadolint: HadolintInstall;
  /** What to write for a name. */
  readonly help: (name: string) => string;
}

/** A rule that reports each command which installs something in whatever version is the newest on that day. */
export function pinnedPackagesRule({
  id,
  alias,
  presets,
  commands,
  unpinned,
  hadolint,
  help,
}: PinnedPackagesRule): Rule {
  return defineRule({
    id,
    summary: `Name a version of what ${commands[0]} installs`,
    category: 'reproducibility',
    severity: 'info',
    presets: presets ?? [],
    since: '0.2.0',
    aliases: [alias],
    like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
    options: { semantics: semantics('hadolint') },
    messages: {
      unpinned: ({ name, more }: { name: string; more: number }) => ({
        message: `${named(name, more)} no fixed version: a build on another day may install another one`,
        help: name.includes('$') ? 'write a version behind each name' : help(name),
      }),
    },
    check({ facts, options, report }) {
      const isBlunt = options.semantics === 'hadolint';
      for (const use of isBlunt ? hadolintCommands(facts, ...hadolint.commands) : facts.commands(...commands)) {
        const [first, ...more] = isBlunt ? hadolintUnpinned(use, facts, hadolint) : unpinned(use, facts);
        if (first) report('unpinned', { at: first.span, data: { name: first.value, more: more.length } });
      }
    },
  });
}

/** The packages of a distribution that a command installs by name, for {@link PinnedPackagesRule.unpinned}. */
export function unpinnedPackages(use: CommandUse): readonly ShellWord[] {
  const packages = packageInstallOf(use)?.packages ?? [];
  return packages.filter(({ version }) => version === null).map(({ word }) => word);
}

function named(name: string, more: number): string {
  const text = `\`${name}\``;
  return more === 0 ? `${text} names` : `${text} and ${more} more name`;
}
