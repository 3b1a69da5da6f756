import type { RunInstruction } from '../dockerfile/ast.js';
import { hadolintCommands, hasWord } from '../facts/hadolint.js';
import { isKeptOutOfLayer } from '../facts/mounts.js';
import { appendToChain } from '../facts/run-chain.js';
import type { CommandUse, Facts } from '../facts/types.js';
import type { Command } from '../shell/types.js';
import { defineRule, hasFlag, type Rule, semantics } from './define-rule.js';

interface CleanRule {
  readonly id: string;
  readonly alias: string;
  readonly commands: readonly string[];
  /** Commands whose `clean` empties the same cache. */
  readonly cleaners: readonly string[];
  /** Subcommands that fetch the lists of the repositories. */
  readonly fetching: ReadonlySet<string>;
  /** Flags with which the cache is elsewhere, or nothing is fetched. */
  readonly otherwise: readonly string[];
  readonly caches: readonly string[];
  /** What to write behind the name of the tool. */
  readonly clean: string;
  readonly hadolint: {
    readonly verbs: readonly string[];
    readonly cleans: (command: Command, tool: string) => boolean;
  };
}

/** A rule that reports a RUN which installs and leaves in its layer what the package manager fetched for that. */
export function cleanRule(rule: CleanRule): Rule {
  const { commands, cleaners, caches, hadolint } = rule;
  return defineRule({
    id: rule.id,
    summary: `Empty the cache of ${commands.join(' and ')} in the RUN that installs`,
    category: 'size',
    severity: 'info',
    presets: ['recommended', 'strict'],
    since: '0.2.0',
    aliases: [rule.alias],
    like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
    fix: 'suggestion',
    options: { semantics: semantics('hadolint') },
    messages: {
      kept: ({ tool, verb }: { tool: string; verb: string }) => ({
        message: `what \`${tool} ${verb}\` fetches about its repositories stays in the image: tens of megabytes that nothing reads`,
        help: `end this RUN with \`${tool} ${rule.clean}\`, or mount a cache on its directory in /var/cache`,
      }),
    },
    check({ document, facts, options, report }) {
      const isBlunt = options.semantics === 'hadolint';
      const uses = isBlunt ? bluntUses(facts) : facts.commands(...commands).filter((use) => fetches(use, facts));
      for (const [instruction, use] of lastOfEach(uses)) {
        if (caches.some((path) => isKeptOutOfLayer(instruction, path))) continue;
        if (isBlunt ? cleansHadolint(use, facts) : cleansBehind(use, facts)) continue;
        const { name, subcommandWord, nameWord } = use.command;
        const verb = (subcommandWord ?? use.command).span;
        const sudo = use.command.wrappers.some((wrapper) => wrapper.name === 'sudo') ? 'sudo ' : '';
        const edit = appendToChain(instruction, `${sudo}${name} ${rule.clean}`, facts, document);
        report('kept', {
          at: (subcommandWord ?? nameWord)?.span ?? verb,
          data: { tool: name, verb: subcommandWord?.value ?? 'install' },
          fix: edit && { title: 'Empty the cache in the same RUN', edits: [edit] },
        });
      }
    },
  });

  function fetches({ command, stage }: CommandUse, facts: Facts): boolean {
    if (!stage?.isShipped || facts.target?.isDevelopment) return false;
    if (!rule.fetching.has(command.subcommand ?? '') || hasFlag(command, ...rule.otherwise)) return false;
    return command.flags.every(
      ({ unknown, name, value }) => !unknown && !(name === '--setopt' && value?.includes('cache')),
    );
  }

  /** Any mention of the cache behind the command counts, and any command that is called a clean-up. */
  function cleansBehind({ command, script, instruction }: CommandUse, facts: Facts): boolean {
    const { end } = command.span;
    if (
      script &&
      /\bvar\/cache\b|\/cache\/(?:yum|dnf|libdnf5|zypp)\b/.test(
        script.source.text.slice(Math.max(0, end - script.source.offset)),
      )
    )
      return true;
    return facts
      .commandsOf(instruction)
      .some(
        (other) =>
          other.command.span.start >= end &&
          (/clean/i.test(other.command.name) ||
            (cleaners.includes(other.command.name) && other.command.subcommand === 'clean')),
      );
  }

  function bluntUses(facts: Facts): readonly CommandUse[] {
    return hadolintCommands(facts, ...commands).filter(({ command }) => hasWord(command, ...hadolint.verbs));
  }

  function cleansHadolint({ command, instruction }: CommandUse, facts: Facts): boolean {
    return facts
      .commandsOf(instruction)
      .some((other) => other.command.span.start >= command.span.end && hadolint.cleans(other.command, command.name));
  }
}

/** What a RUN leaves behind is decided by the last command that fetches. */
function lastOfEach(uses: readonly CommandUse[]): ReadonlyMap<RunInstruction, CommandUse> {
  return new Map(uses.flatMap((use) => (use.instruction.keyword === 'RUN' ? [[use.instruction, use] as const] : [])));
}
