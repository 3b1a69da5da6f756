import { type Download, downloads, isCheckedAfter } from '../../facts/downloads.js';
import { withoutFlag } from '../../facts/flag-removal.js';
import { hostOf, isLoopback } from '../../facts/hosts.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { variableSettings } from '../../facts/variable-settings.js';
import { type WrittenText, writtenText } from '../../facts/written-text.js';
import type { Span } from '../../model/span.js';
import { type Command, type CommandFlag, findFlag } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** Encryption alone says nothing about who is at the other end; the certificate does. */
export default defineRule({
  id: 'download/verify-tls',
  summary: 'Let curl, wget and git check the certificates of servers',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    flag: ({ tool, written }: { tool: string; written: string }) => ({
      message: `\`${written}\` has ${tool} accept any certificate: whoever stands on the way can replace what it fetches`,
      help:
        tool === 'git'
          ? 'leave it out; name an authority of your own with `http.sslCAInfo`, or install ca-certificates'
          : `leave it out; name an authority of your own with \`${tool === 'curl' ? '--cacert' : '--ca-certificate'}\`, or install ca-certificates`,
    }),
    setting: ({ tool, written }: { tool: string; written: string }) => ({
      message: `with \`${written}\` ${tool} accepts any certificate: whoever stands on the way can replace what it fetches`,
      help: 'leave it out; install ca-certificates, and put an authority of your own there with `update-ca-certificates`',
    }),
  },
  check({ document, facts, report }) {
    for (const download of downloads(facts)) {
      const { use } = download;
      const flag = switchOf(use.command);
      if (!flag || isHarmless(download, facts)) continue;
      const edit = withoutFlag(flag, use, document.source);
      const written = flag.name;
      const fix = edit && { title: `Remove ${written}`, edits: [edit] };
      report('flag', { at: placeOf(flag), data: { tool: use.command.name, written }, fix });
    }
    for (const use of facts.commands('git')) {
      const setting = gitSetting(use);
      if (setting?.lasting) report('setting', { at: setting.at, data: { tool: 'git', written: setting.written } });
      else if (setting) {
        const edit = setting.flag && withoutFlag(setting.flag, use, document.source);
        const fix = edit && { title: 'Remove http.sslVerify', edits: [edit] };
        report('flag', { at: setting.at, data: { tool: 'git', written: setting.written }, fix });
      }
    }
    for (const { value, name, span } of variableSettings(facts, ['GIT_SSL_NO_VERIFY'])) {
      if (value === null || /^(?:|0|false|no|off)$/i.test(value)) continue;
      report('setting', { at: span, data: { tool: 'git', written: `${name}=${value}` } });
    }
    for (const written of writtenText(facts, LINE)) {
      const tool = /^insecure/i.test(written.match[0]) ? 'curl' : 'wget';
      if (isFor(`${tool}rc`, written, facts))
        report('setting', { at: written.span, data: { tool, written: written.match[0] } });
    }
  },
});

function switchOf(command: Command): CommandFlag | undefined {
  if (command.name === 'curl') {
    const on = findFlag(command, '-k', '--insecure', '--no-insecure');
    return on?.name === '--no-insecure' ? undefined : on;
  }
  return command.name === 'wget' ? findFlag(command, '--no-check-certificate') : undefined;
}

/** The letter in a cluster: `-fsSkL` is five flags. */
function placeOf({ name, word, span }: CommandFlag): Span {
  const at = word.text === word.value && /^-\w\w/.test(word.value) ? word.value.indexOf(name.charAt(1), 1) : 0;
  return at > 0 ? { start: word.span.start + at, end: word.span.start + at + 1 } : span;
}

/** To this machine, to a host that is not known, or of a file that is compared with a checksum. */
function isHarmless({ use, urls }: Download, facts: Facts): boolean {
  if (urls.length === 0) return true;
  const hosts = urls.map(({ url }) => hostOf(url));
  if (hosts.every((host) => host === null || isLoopback(host))) return true;
  if (urls.every(({ url }) => url.startsWith('http://'))) return true;
  return isCheckedAfter(use.stage, use.command.span.end, facts);
}

interface GitSetting {
  readonly at: Span;
  readonly written: string;
  /** Written into a configuration, rather than given to one command. */
  readonly lasting: boolean;
  readonly flag: CommandFlag | null;
}

const OFF = /^(?:false|0|no|off)$/i;

/** `git -c http.sslVerify=false`, `git config http.sslVerify false`, also for one server only. */
function gitSetting({ command }: CommandUse): GitSetting | null {
  for (const flag of command.flags) {
    const [, key, value] = /^(http\.(?:.*\.)?sslverify)=(.*)$/i.exec(flag.value ?? '') ?? [];
    const isOurs = (flag.name === '-c' || flag.name === '--config') && flag.literal;
    if (isOurs && key && OFF.test(value ?? ''))
      return { at: flag.span, written: flag.value ?? '', lasting: false, flag };
  }
  if (command.subcommand !== 'config') return null;
  const index = command.words.findIndex((word) => /^http\.(?:.*\.)?sslverify$/i.test(word.value));
  const [key, value] = [command.words[index], command.words[index + 1]];
  if (!key || !value?.literal || !OFF.test(value.value)) return null;
  return {
    at: { start: key.span.start, end: value.span.end },
    written: `${key.value} ${value.value}`,
    lasting: true,
    flag: null,
  };
}

/** {@link https://curl.se/docs/manpage.html#-K}, {@link https://www.gnu.org/software/wget/manual/html_node/Wgetrc-Commands.html} */
const LINE =
  /(?<![\w.-])(?:insecure(?=["']|\\n|[ \t]*(?:[>|\r\n]|$))|check[-_]certificate[ \t]*=[ \t]*(?:off|no|0|false)\b)/gi;

/** Whether a file of that name is where the text goes. */
function isFor(file: string, { instruction, around, span }: WrittenText, { document }: Facts): boolean {
  const path = new RegExp(`${file}["']?(?=[\\s;&|]|$)`);
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD')
    return path.test(instruction.destination?.text ?? '');
  const rest = document.source.text.slice(span.end, span.end + 200);
  return (
    path.test(around) || path.test(/^["']?[ \t]*(?:>{1,2}|\|[ \t]*tee(?:[ \t]+-a)?)[ \t]*\S*/.exec(rest)?.[0] ?? '')
  );
}
