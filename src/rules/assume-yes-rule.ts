import { hasAnswer } from '../facts/answered.js';
import { hadolintCommands, hadolintFlags, hasWord } from '../facts/hadolint.js';
import type { CommandUse, Facts } from '../facts/types.js';
import { mayPass } from '../facts/variable-arguments.js';
import { defineRule, hasFlag, insertAfter, insertBefore, type Rule, semantics } from './define-rule.js';

interface AssumeYesRule {
  readonly id: string;
  readonly alias: string;
  readonly commands: readonly string[];
  /** Subcommands that ask before they go on. */
  readonly asking: ReadonlySet<string>;
  /** Flags with which nothing is asked, or nothing is done. */
  readonly answered: readonly string[];
  /** What {@link answered} looks like in the value of a variable. */
  readonly answeredText: RegExp;
  /** The flag to add, and whether it stands before the subcommand. */
  readonly flag: string;
  readonly beforeSubcommand: boolean;
  /** Whether configuration may answer. */
  readonly isConfigured: (use: CommandUse, facts: Facts) => boolean;
  readonly hadolint: { readonly verbs: readonly string[]; readonly flags: readonly string[] };
}

/** A rule that reports each command of a package manager that waits for an answer, which nobody gives in a build. */
export function assumeYesRule(rule: AssumeYesRule): Rule {
  const { commands, hadolint } = rule;
  return defineRule({
    id: rule.id,
    summary: `Pass ${rule.flag} to ${commands.join(' and ')} where it would ask`,
    category: 'correctness',
    severity: 'warning',
    presets: ['recommended', 'strict'],
    since: '0.2.0',
    aliases: [rule.alias],
    like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
    fix: 'safe',
    options: { semantics: semantics('hadolint') },
    messages: {
      asks: ({ tool, subcommand }: { tool: string; subcommand: string }) => ({
        message: `\`${tool} ${subcommand}\` asks before it changes anything, nobody answers, and it aborts`,
        help: rule.beforeSubcommand
          ? `write \`${tool} ${rule.flag} ${subcommand}\``
          : `write \`${tool} ${subcommand} ${rule.flag}\``,
      }),
    },
    check({ facts, options, report }) {
      const isBlunt = options.semantics === 'hadolint';
      for (const use of isBlunt ? hadolintCommands(facts, ...commands) : facts.commands(...commands)) {
        const { command, script } = use;
        const word = command.subcommandWord;
        if (isBlunt ? !asksHadolint(use) : !asks(use, facts)) continue;
        report('asks', {
          at: (word ?? command.nameWord ?? command).span,
          data: { tool: command.name, subcommand: word?.value ?? 'install' },
          fix: script &&
            word && {
              title: `Add ${rule.flag}`,
              edits: [rule.beforeSubcommand ? insertBefore(word, `${rule.flag} `) : insertAfter(word, ` ${rule.flag}`)],
            },
        });
      }
    },
  });

  function asks(use: CommandUse, facts: Facts): boolean {
    const { command } = use;
    if (!rule.asking.has(command.subcommand ?? '') || hasFlag(command, ...rule.answered)) return false;
    if (command.flags.some(({ unknown }) => unknown) || hasAnswer(use)) return false;
    return !mayPass(rule.answeredText, use, facts) && !rule.isConfigured(use, facts);
  }

  function asksHadolint({ command }: CommandUse): boolean {
    const flags = hadolintFlags(command);
    return hasWord(command, ...hadolint.verbs) && !hadolint.flags.some((flag) => flags.includes(flag));
  }
}
