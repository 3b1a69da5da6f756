import { aptSetting } from '../../facts/apt.js';
import { hadolintCommands, hadolintFlags, hasWord } from '../../facts/hadolint.js';
import { packageInstallOf } from '../../facts/packages.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { mayPass } from '../../facts/variable-arguments.js';
import type { Command } from '../../shell/types.js';
import { defineRule, hasFlag, insertAfter, list, semantics } from '../define-rule.js';

/** apt also installs "Recommends" unless told otherwise: the usual cause of an unexplained 100 MB layer. */
export default defineRule({
  id: 'apt/no-recommends',
  summary: 'Pass --no-install-recommends to apt-get install',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3015'],
  like: { hadolint: { severity: 'info', options: { semantics: 'hadolint' } } },
  fix: 'suggestion',
  options: {
    allow: list({ describe: 'Packages that may bring what they recommend' }),
    semantics: semantics('hadolint'),
  },
  messages: {
    missing: ({ tool }: { tool: string }) => ({
      message: `\`${tool} install\` also brings every recommended package into the layer`,
      help: 'add --no-install-recommends, and name what you do need of them',
    }),
  },
  check({ facts, options, report }) {
    const isBlunt = options.semantics === 'hadolint';
    if (facts.target?.isDevelopment && !isBlunt) return;
    const uses = isBlunt ? hadolintCommands(facts, 'apt-get') : facts.commands('apt-get', 'apt');
    for (const use of uses) {
      const { command, script } = use;
      if (isBlunt ? !bringsAllHadolint(command) : !bringsAll(use, options.allow, facts)) continue;
      const word = command.subcommandWord ?? command.nameWord;
      if (!word) continue;
      report('missing', {
        at: word.span,
        data: { tool: command.name },
        fix:
          script && command.subcommand === 'install'
            ? { title: 'Add --no-install-recommends', edits: [insertAfter(word, ' --no-install-recommends')] }
            : null,
      });
    }
  },
});

const CHANGES_NOTHING = ['-s', '--simulate', '--just-print', '--dry-run', '--recon', '--no-act', '--print-uris'];

function bringsAll(use: CommandUse, allowed: readonly string[], facts: Facts): boolean {
  const packages = use.stage?.isShipped ? packageInstallOf(use)?.packages : null;
  const { operands } = use.command;
  if (!packages || operands.length === 0) return false;
  if (hasFlag(use.command, ...CHANGES_NOTHING)) return false;
  const isAllowed = packages.length === operands.length && packages.every(({ name }) => allowed.includes(name));
  if (isAllowed || hasFlag(use.command, '--no-install-recommends')) return false;
  const setting = aptSetting('APT::Install-Recommends', use, facts);
  return setting !== 'off' && setting !== 'unknown' && !mayPass(/--no-install-recommends/, use, facts);
}

function bringsAllHadolint(command: Command): boolean {
  if (!hasWord(command, 'install') || hasWord(command, 'APT::Install-Recommends=false')) return false;
  return !hadolintFlags(command).includes('no-install-recommends');
}
