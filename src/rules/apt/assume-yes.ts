import { aptSetting } from '../../facts/apt.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { mayPass } from '../../facts/variable-arguments.js';
import type { Command } from '../../shell/types.js';
import { defineRule, hasFlag, insertAfter } from '../define-rule.js';

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
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3014'],
  like: { hadolint: { severity: 'warning' } },
  fix: 'safe',
  messages: {
    asksForMore: ({ tool, name }: { tool: string; name: string }) => ({
      message: `\`${tool} install\` asks where ${name} needs other packages too; nobody answers, and the build stops`,
      help: `write \`${tool} install -y\``,
    }),
    asks: ({ tool, subcommand }: { tool: string; subcommand: string }) => ({
      message: `\`${tool} ${subcommand}\` asks whether to go on, nobody answers, and the build stops`,
      help: `write \`${tool} ${subcommand} -y\``,
    }),
  },
  check({ facts, report }) {
    for (const use of facts.commands('apt-get', 'apt')) {
      const { command, script } = use;
      const { subcommand, subcommandWord } = command;
      if (subcommand === null || !subcommandWord || !ASKING.has(subcommand)) continue;
      if (hasFlag(command, ...ANSWERED, ...CHANGES_NOTHING, '--help') || isVeryQuiet(command)) continue;
      if (hasAnswer(use) || isConfigured(use, facts) || mayPass(YES_IN_TEXT, use, facts)) continue;
      const place = {
        at: subcommandWord.span,
        fix: script && { title: 'Add -y', edits: [insertAfter(subcommandWord, ' -y')] },
      };
      const [only, more] = command.operands;
      // A package without dependencies is installed without a question, and only the archive knows which those are.
      if (subcommand === 'install' && only && !more)
        report('asksForMore', { ...place, data: { tool: command.name, name: only.value }, severity: 'warning' });
      else report('asks', { ...place, data: { tool: command.name, subcommand: subcommandWord.value } });
    }
  },
});

/** `-qq` means `-y`: https://manpages.debian.org/stable/apt/apt-get.8.en.html */
function isVeryQuiet({ flags }: Command): boolean {
  const quiet = flags.filter(({ name }) => name === '-q' || name === '--quiet' || name === '--silent');
  return quiet.length > 1 || quiet.some(({ value, literal }) => !literal || Number(value) > 1);
}

/** Something other than a terminal is on its input: `yes |`, `<<< y`, a heredoc. */
function hasAnswer({ command }: CommandUse): boolean {
  if (command.redirects.some(({ operator }) => operator.startsWith('<'))) return true;
  const isPiped = command.previous === '|' || command.previous === '|&';
  // xargs takes the pipe, and gives its command an empty input.
  return isPiped && command.wrappers.every(({ name }) => name !== 'xargs');
}

function isConfigured(use: CommandUse, facts: Facts): boolean {
  const setting = aptSetting('APT::Get::Assume-Yes', use, facts);
  return setting === 'on' || setting === 'unknown';
}
