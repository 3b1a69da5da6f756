import { hadolintCommands, hadolintFlags } from '../../facts/hadolint.js';
import { isKeptOutOfLayer } from '../../facts/mounts.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { mayPass } from '../../facts/variable-arguments.js';
import type { Command, ShellWord } from '../../shell/types.js';
import { defineRule, type FixInput, hasFlag, insertAfter, replace, semantics } from '../define-rule.js';

/** apk stores the indexes that it fetches, and nothing in the finished image reads them. */
export default defineRule({
  id: 'apk/no-cache',
  summary: 'Pass --no-cache to apk add',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3019'],
  like: { hadolint: { severity: 'info', options: { semantics: 'hadolint' } } },
  fix: 'safe',
  options: { semantics: semantics('hadolint') },
  messages: {
    kept: ({ updated }: { updated: boolean }) => ({
      message: 'the package index that `apk add` uses stays in the image: megabytes that nothing there reads',
      help: updated
        ? 'write `apk add --no-cache` and leave `apk update` out, or mount a cache on /var/cache/apk'
        : 'write `apk add --no-cache`, or mount a cache on /var/cache/apk',
    }),
  },
  check({ facts, options, report }) {
    const isBlunt = options.semantics === 'hadolint';
    for (const use of isBlunt ? hadolintCommands(facts, 'apk') : facts.commands('apk')) {
      const { subcommand, subcommandWord } = use.command;
      if (subcommand !== 'add' || !subcommandWord) continue;
      if (isBlunt ? !leavesIndexHadolint(use) : !use.stage?.isShipped || !leavesIndex(use, facts)) continue;
      // Without the update the fix would be whole; with it the index stays for another reason.
      const updated = use.script?.commands.some(isUpdate) ?? false;
      report('kept', {
        at: subcommandWord.span,
        data: { updated },
        fix: updated ? null : use.script && fixOf(use.command, subcommandWord),
      });
    }
  },
});

/** `--no-cache` fetches the index anew, as `--update` does. */
function fixOf({ flags }: Command, subcommand: ShellWord): FixInput {
  const update = flags.find(({ word }) => UPDATES.has(word.text));
  return update
    ? { title: `Write --no-cache instead of ${update.word.text}`, edits: [replace(update.word, '--no-cache')] }
    : { title: 'Add --no-cache', edits: [insertAfter(subcommand, ' --no-cache')] };
}

const UPDATES = new Set(['-U', '--update', '--update-cache']);

function isUpdate({ tool, subcommand }: Command): boolean {
  return tool === 'apk' && subcommand === 'update';
}

/** Another root or cache is elsewhere, and without a network nothing is fetched; `--cache-dir` may be cleaned apart. */
const OTHERWISE = ['--no-cache', '--cache-dir', '--no-network', '--root', '-p', '--simulate', '-s'];

function leavesIndex(use: CommandUse, facts: Facts): boolean {
  const { command, instruction } = use;
  if (hasFlag(command, ...OTHERWISE) || command.flags.some(({ unknown }) => unknown)) return false;
  if (mayPass(/--no-cache/, use, facts)) return false;
  if (instruction.keyword === 'RUN') {
    if (isKeptOutOfLayer(instruction, '/var/cache/apk') || isKeptOutOfLayer(instruction, '/etc/apk/cache'))
      return false;
  }
  return !removesIndex(use);
}

function leavesIndexHadolint({ command, instruction }: CommandUse): boolean {
  if (hadolintFlags(command).includes('no-cache')) return false;
  return instruction.keyword !== 'RUN' || !isKeptOutOfLayer(instruction, '/var/cache/apk');
}

/** Any mention of the directory behind the command counts, and any command that is called a clean-up. */
function removesIndex({ command, script }: CommandUse): boolean {
  if (!script) return false;
  const rest = script.source.text.slice(command.span.end - script.source.offset);
  if (/[/{,]cache\/?(?:\*|apk\b|\{[^{}]*\bapk\b|["';&|\s]|$)/.test(rest)) return true;
  return script.commands.some(({ span, name, tool, operands }) => {
    if (span.start < command.span.end) return false;
    // `apk cache clean` leaves the index; what `purge` leaves depends on the version.
    return /clean/i.test(name) || (tool === 'apk' && operands.some(({ value }) => value === 'purge'));
  });
}
