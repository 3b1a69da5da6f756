import { hasAnswer } from '../../facts/answered.js';
import { aptSetting } from '../../facts/apt.js';
import { hadolintCommands, hadolintFlags, hasWord } from '../../facts/hadolint.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { mayPass } from '../../facts/variable-arguments.js';
import type { Command } from '../../shell/types.js';
import { defineRule, hasFlag, insertAfter, semantics } from '../define-rule.js';

const ASKING = new Set([
  'install',
  'reinstall',
  'remove',
  'purge',
  'upgrade',
  'dist-upgrade',
  'full-upgrade',
  'dselect-upgrade',
  'autoremove',
  'auto-remove',
  'autopurge',
  'build-dep',
  'satisfy',
]);
/** With one of these apt does not ask, or does not ask a person. */
const ANSWERED = ['-y', '--yes', '--assume-yes', '--force-yes', '--assume-no', '--trivial-only', '--print-uris'];
const CHANGES_NOTHING = [
  '-s',
  '--simulate',
  '--just-print',
  '--dry-run',
  '--recon',
  '--no-act',
  '-d',
  '--download-only',
];
const YES_IN_TEXT = /(?:^|[\s"'=])(?:-\w*y\w*|-\w*qq\w*|--(?:assume-)?yes|-q=2|--quiet=2)(?=$|[\s"'])/;

/** apt asks before it installs more than it was named or removes anything, and in a build there is nobody to answer. */
export default defineRule({
  id: 'apt/assume-yes',
  summary: 'Pass -y to apt-get where it would ask',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3014'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  fix: 'safe',
  options: { semantics: semantics('hadolint') },
  messages: {
    asksForMore: ({ tool, needs }: { tool: string; needs: string }) => ({
      message: `\`${tool} install\` asks where ${needs} too; nobody answers, and it aborts`,
      help: `write \`${tool} install -y\``,
    }),
    asks: ({ tool, subcommand }: { tool: string; subcommand: string }) => ({
      message: `\`${tool} ${subcommand}\` asks before it changes anything, nobody answers, and it aborts`,
      help: `write \`${tool} ${subcommand} -y\``,
    }),
  },
  check({ facts, options, report }) {
    const isBlunt = options.semantics === 'hadolint';
    for (const use of isBlunt ? hadolintCommands(facts, 'apt-get') : facts.commands('apt-get', 'apt')) {
      const { command, script } = use;
      const { subcommand, subcommandWord } = command;
      if (isBlunt ? !asksHadolint(command) : !asks(use, facts)) continue;
      if (subcommand === null || !subcommandWord) continue;
      const place = {
        at: subcommandWord.span,
        fix: script && { title: 'Add -y', edits: [insertAfter(subcommandWord, ' -y')] },
      };
      const [only, more] = command.operands;
      // Packages without dependencies are installed without a question, and only the archive knows which those are.
      if (subcommand === 'install' && only) {
        const needs = more ? 'these packages need others' : `${only.value} needs other packages`;
        report('asksForMore', { ...place, data: { tool: command.name, needs } });
      } else report('asks', { ...place, data: { tool: command.name, subcommand: subcommandWord.value } });
    }
  },
});

function asks(use: CommandUse, facts: Facts): boolean {
  const { command } = use;
  if (!ASKING.has(command.subcommand ?? '')) return false;
  if (hasFlag(command, ...ANSWERED, ...CHANGES_NOTHING, '--help') || isVeryQuiet(command)) return false;
  return !hasAnswer(use) && !isConfigured(use, facts) && !mayPass(YES_IN_TEXT, use, facts);
}

function asksHadolint(command: Command): boolean {
  if (!hasWord(command, 'install') || hasWord(command, '-q=2', '--quiet=2')) return false;
  const flags = hadolintFlags(command);
  if (flags.some((flag) => flag === 'y' || flag === 'yes' || flag === 'assume-yes')) return false;
  return flags.filter((flag) => flag === 'q' || flag === 'quiet').length < 2;
}

/** `-qq` means `-y`: https://manpages.debian.org/stable/apt/apt-get.8.en.html */
function isVeryQuiet({ flags }: Command): boolean {
  const quiet = flags.filter(({ name }) => name === '-q' || name === '--quiet' || name === '--silent');
  return quiet.length > 1 || quiet.some(({ value, literal }) => !literal || Number(value) > 1);
}

function isConfigured(use: CommandUse, facts: Facts): boolean {
  const setting = aptSetting('APT::Get::Assume-Yes', use, facts);
  return setting === 'on' || setting === 'unknown';
}
