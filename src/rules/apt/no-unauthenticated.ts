import { installsOwnFiles } from '../../facts/downloads.js';
import { withoutFlag } from '../../facts/flag-removal.js';
import { hostOf, isLoopback } from '../../facts/hosts.js';
import { writtenText } from '../../facts/written-text.js';
import type { Command, CommandFlag } from '../../shell/types.js';
import { defineRule, findFlag, hasFlag, replace } from '../define-rule.js';

/** The signature of the archive is all that tells its packages from those of somebody on the way: mirrors are mostly plain HTTP. */
export default defineRule({
  id: 'apt/no-unauthenticated',
  summary: 'Let apt check the signatures of packages',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    flag: ({ flag }: { flag: string }) => ({
      message: `\`${flag}\` installs packages without a valid signature: whoever stands on the way to the mirror may replace them`,
      help: 'leave it out; where a key is missing, name it in the source with `[signed-by=/etc/apt/keyrings/NAME.gpg]`',
    }),
    source: ({ word, secure }: { word: string; secure: boolean }) => ({
      message: `\`${word}\` has apt take packages of this source without a signature: whoever ${secure ? 'gets into the server' : 'stands on the way'} may replace them`,
      help: 'fetch the key of the source, and name it with `[signed-by=/etc/apt/keyrings/NAME.gpg]`',
    }),
  },
  check({ document, facts, report }) {
    for (const use of facts.commands('apt-get', 'apt', 'aptitude')) {
      const { command } = use;
      const flag = switchOf(command);
      if (!flag || !INSTALLS.has(command.subcommand ?? '') || installsOwnFiles(use, '.deb', facts)) continue;
      // `--force-yes` is also a yes.
      const needsYes = flag.name === '--force-yes' && !hasFlag(command, '-y', '--yes', '--assume-yes');
      const edit = needsYes ? use.script && replace(flag, '-y') : withoutFlag(flag, use, document.source);
      report('flag', {
        at: flag.span,
        data: { flag: flag.value === null ? flag.name : `${flag.name} ${flag.value}` },
        fix: edit && { title: needsYes ? 'Write -y instead' : `Remove ${flag.name}`, edits: [edit] },
      });
    }
    for (const { span, match } of writtenText(facts, SOURCE)) {
      const address = match[2] ?? '';
      const host = hostOf(address);
      if (!/^https?:|^ftp:|^\$/.test(address) || (host !== null && isLoopback(host))) continue;
      const start = span.start + match[0].indexOf('trusted');
      const word = match[1] ?? '';
      const secure = /^https:/.test(address);
      report('source', {
        at: { start, end: start + word.length },
        data: { word, secure },
        severity: secure ? 'warning' : 'error',
      });
    }
    for (const { span, match } of writtenText(facts, SETTING))
      report('flag', { at: span, data: { flag: match[0].replace(/[\s"'\\]+/g, ' ') } });
  },
});

const INSTALLS = new Set(
  'install reinstall upgrade safe-upgrade full-upgrade dist-upgrade dselect-upgrade build-dep satisfy source download'.split(
    ' ',
  ),
);

/** `deb [arch=amd64 trusted=yes] ADDRESS ...`. {@link https://manpages.debian.org/stable/apt/sources.list.5.en.html} */
const SOURCE = /\bdeb(?:-src)?[ \t]+\[[^\]\n]{0,200}\b(trusted=yes)\b[^\]\n]{0,200}\][ \t]+(\S+)/g;
const SETTING = /\bAPT::Get::AllowUnauthenticated[ \t"'\\]{1,4}(?:true|yes|1)\b/gi;

function switchOf(command: Command): CommandFlag | null {
  const flag = findFlag(command, '--allow-unauthenticated', '--force-yes');
  if (flag) return flag.literal && !/^(?:no|false|0|off|without|disable)$/.test(flag.value ?? '') ? flag : null;
  const option = (one: CommandFlag) =>
    (one.name === '-o' || one.name === '--option') &&
    /^APT::Get::AllowUnauthenticated=(?:true|yes|1|on)$/i.test(one.value ?? '');
  return command.flags.findLast(option) ?? null;
}
