import { hadolintCommands } from '../../facts/hadolint.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { mayPass } from '../../facts/variable-arguments.js';
import { defineRule, hasFlag, insertAfter, semantics } from '../define-rule.js';

const QUIET = ['--progress', '-q', '--quiet', '-nv', '--no-verbose', '-o', '--output-file', '-a', '--append-output'];
/** Nothing is downloaded, or it is in the background. */
const WITHOUT = ['--spider', '--help', '-h', '--version', '-V', '-b', '--background'];
/** Somebody wants to see it. */
const VERBOSE = ['--show-progress', '-v', '--verbose', '-d', '--debug', '-S', '--server-response'];
const BUSYBOX_HELP = 'write `wget -q`, as the wget of BusyBox has nothing in between';

/** Without a terminal GNU wget prints a line for every 50 kilobytes. */
export default defineRule({
  id: 'download/wget-progress',
  summary: 'Keep the progress of wget out of the build log',
  category: 'style',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  aliases: ['DL3047'],
  like: { hadolint: { severity: 'info', options: { semantics: 'hadolint' } } },
  fix: 'safe',
  options: { semantics: semantics('hadolint') },
  messages: {
    noisy: ({ busybox }: { busybox: boolean | null }) => ({
      message: '`wget` writes its progress into the build log, line after line, and buries the rest of it',
      help: busybox
        ? BUSYBOX_HELP
        : `write \`wget -nv\`, which still prints errors${busybox === null ? ' (BusyBox: `wget -q`)' : ''}`,
    }),
  },
  check({ facts, options, report }) {
    const isBlunt = options.semantics === 'hadolint';
    for (const use of isBlunt ? hadolintCommands(facts, 'wget') : facts.commands('wget')) {
      const { command, script } = use;
      if (!command.nameWord || hasFlag(command, ...QUIET)) continue;
      const isMeant = isQuietOrMeant(use, facts);
      if (!isBlunt && isMeant) continue;
      const system = use.stage?.image.distribution ?? null;
      const applet = system === 'alpine' || system === 'busybox';
      const busybox = system === null ? null : applet && !installsWget(use, facts);
      report('noisy', {
        at: command.nameWord.span,
        data: { busybox },
        fix:
          script && busybox === false && !isMeant
            ? { title: 'Add -nv', edits: [insertAfter(command.nameWord, ' -nv')] }
            : null,
      });
    }
  },
});

function isQuietOrMeant(use: CommandUse, facts: Facts): boolean {
  const { command } = use;
  if (command.operands.length === 0 && !hasFlag(command, '-i', '--input-file')) return true;
  if (hasFlag(command, ...WITHOUT, ...VERBOSE) || mayPass(/-\w*q|-nv|--quiet|--no-verbose|--progress/, use, facts))
    return true;
  // The progress goes to standard error.
  return command.redirects.some(
    ({ operator, descriptor }) => operator.startsWith('&>') || (operator.startsWith('>') && descriptor === 2),
  );
}

/** The package replaces the applet of BusyBox. */
function installsWget({ stage }: CommandUse, facts: Facts): boolean {
  return facts
    .commands('apk')
    .some((use) => use.stage === stage && use.command.operands.some(({ value }) => /^wget(?:$|[=~<>@])/.test(value)));
}
