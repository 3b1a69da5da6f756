import { hadolintCommands, hasWord } from '../facts/hadolint.js';
import type { CommandUse } from '../facts/types.js';
import { defineRule, hasFlag, type Rule, semantics } from './define-rule.js';

interface NoUpgradeRule {
  readonly id: string;
  readonly commands: readonly string[];
  /** Subcommands that bring every package up to date. */
  readonly upgrades: ReadonlySet<string>;
  /** Flags with which only some are, or none. */
  readonly narrowed: readonly string[];
  /** The code of hadolint, and the words that it looks for. */
  readonly hadolint?: { readonly code: string; readonly words: readonly string[] };
}

/** A rule that reports each command which upgrades all that the base image brought. */
export function noUpgradeRule({ id, commands, upgrades, narrowed, hadolint }: NoUpgradeRule): Rule {
  const common = {
    id,
    summary: `Leave it to a newer base image to upgrade what it brings, rather than to ${commands[0]}`,
    category: 'reproducibility',
    severity: 'info',
    presets: ['strict'],
    since: '0.2.0',
    messages: {
      upgrades: ({ tool, subcommand }: { tool: string; subcommand: string }) => ({
        message: `\`${tool} ${subcommand}\` stores what it replaces a second time, and what it brings depends on the day of the build`,
        help: 'build on a newer tag of the base image, or name the packages that cannot wait for one',
      }),
    },
  } as const;
  const report = ({ command }: CommandUse) => ({
    at: (command.subcommandWord ?? command.nameWord ?? command).span,
    data: { tool: command.name, subcommand: command.subcommandWord?.value ?? 'upgrade' },
  });
  if (!hadolint) {
    return defineRule({
      ...common,
      check: (context) => {
        for (const use of context.facts.commands(...commands)) {
          if (upgradesAll(use)) context.report('upgrades', report(use));
        }
      },
    });
  }
  return defineRule({
    ...common,
    aliases: [hadolint.code],
    like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
    options: { semantics: semantics('hadolint') },
    check: ({ facts, options, report: tell }) => {
      const isBlunt = options.semantics === 'hadolint';
      for (const use of isBlunt ? hadolintCommands(facts, ...commands) : facts.commands(...commands)) {
        if (isBlunt ? hasWord(use.command, ...hadolint.words) : upgradesAll(use)) tell('upgrades', report(use));
      }
    },
  });

  function upgradesAll({ command, stage }: CommandUse): boolean {
    if (!stage?.isShipped || stage.isDevelopment || !upgrades.has(command.subcommand ?? '')) return false;
    // A name, or a variable that may hold some: only those are upgraded.
    if (command.operands.length > 0 || hasFlag(command, ...narrowed)) return false;
    return command.flags.every(({ unknown }) => !unknown);
  }
}
