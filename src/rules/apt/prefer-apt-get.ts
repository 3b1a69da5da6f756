import { hadolintCommands } from '../../facts/hadolint.js';
import type { Command } from '../../shell/types.js';
import { defineRule, replace, semantics } from '../define-rule.js';

/** Subcommands that apt-get has too and that do the same there; `apt upgrade` may install more than `apt-get upgrade`. */
const SAME = new Set([
  'install',
  'reinstall',
  'update',
  'remove',
  'purge',
  'autoremove',
  'clean',
  'autoclean',
  'dist-upgrade',
  'build-dep',
  'source',
  'download',
]);
/** What apt-cache answers in a script. */
const QUERIES = new Set(['show', 'search', 'depends', 'rdepends', 'policy', 'showsrc']);

/** apt is made for a person at a terminal, and says so itself where its output is none. */
export default defineRule({
  id: 'apt/prefer-apt-get',
  summary: 'Call apt-get rather than apt',
  category: 'style',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3027'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  fix: 'safe',
  options: { semantics: semantics('hadolint') },
  messages: {
    apt: ({ instead }: { instead: string }) => ({
      message:
        '`apt` warns that its command line may change from release to release, so this may break with the base image',
      help: `write \`${instead}\`, which is kept stable for scripts`,
    }),
  },
  check({ facts, options, report }) {
    const isBlunt = options.semantics === 'hadolint';
    for (const { command, script } of isBlunt ? hadolintCommands(facts, 'apt') : facts.commands('apt')) {
      const { nameWord, subcommand } = command;
      if (!nameWord || command.name !== 'apt') continue;
      // `apt --version` asks about apt itself.
      if (!isBlunt && subcommand === null) continue;
      const instead = subcommand !== null && QUERIES.has(subcommand) ? 'apt-cache' : 'apt-get';
      report('apt', {
        at: nameWord.span,
        data: { instead: subcommand === null ? instead : `${instead} ${subcommand}` },
        fix:
          script && nameWord.text === 'apt' && isSame(command)
            ? { title: 'Call apt-get', edits: [replace(nameWord, 'apt-get')] }
            : null,
      });
    }
  },
});

function isSame({ subcommand, flags }: Command): boolean {
  return subcommand !== null && SAME.has(subcommand) && flags.every(({ unknown }) => !unknown);
}
