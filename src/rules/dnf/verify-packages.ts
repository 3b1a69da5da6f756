import { installsOwnFiles } from '../../facts/downloads.js';
import { withoutFlag } from '../../facts/flag-removal.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { writtenText } from '../../facts/written-text.js';
import type { Span } from '../../model/span.js';
import type { Command, CommandFlag, ShellWord } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** dnf, yum and rpm install what has the right name, from whomever, where they are told to check neither signature nor server. */
export default defineRule({
  id: 'dnf/verify-packages',
  summary: 'Let dnf, yum and rpm check what they install',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    signature: ({ written }: { written: string }) => ({
      message: `\`${written}\` switches off the check that packages are what their maker signed: whoever can replace one decides what runs`,
      help: 'leave it out, and import the key of the repository with `rpm --import`, or name it in `gpgkey=`',
    }),
    server: ({ written }: { written: string }) => ({
      message: `\`${written}\` has packages fetched from a server with any certificate, which anybody on the way can pretend to be`,
      help: 'leave it out; where the certificate is your own, add its authority with `update-ca-trust`, or set `sslcacert=`',
    }),
  },
  check({ document, facts, report }) {
    for (const use of facts.commands('dnf', 'yum', 'microdnf', 'yum-config-manager', 'rpm')) {
      const { command } = use;
      if (command.name === 'rpm' ? !installsByRpm(command) : SILENT.has(command.subcommand ?? '')) continue;
      const flag = command.flags.find((one) => (command.name === 'rpm' ? RPM.has(one.name) : isSwitch(one)));
      if (flag) {
        if (installsOwnFiles(use, '.rpm', facts)) continue;
        const edit = withoutFlag(flag, use, document.source);
        const id = /sslverify/i.test(flag.value ?? '') ? 'server' : 'signature';
        const written = flag.value === null ? flag.name : `${flag.name}=${flag.value}`;
        report(id, {
          at: flag.span,
          data: { written },
          ...(id === 'signature' && command.operands.length > 0 && command.operands.every(isSecure) && MILD),
          fix: edit && { title: `Remove ${flag.name}`, edits: [edit] },
        });
        continue;
      }
      const setting = settingOf(use);
      if (setting) report(setting.id, { at: setting.span, data: { written: setting.written } });
    }
    for (const { span, written, id, secure } of files(facts))
      report(id, { at: span, data: { written }, ...(id === 'signature' && secure && MILD) });
  },
});

/** The certificate of the server is looked at instead. */
const MILD = { severity: 'warning' } as const;

function isSecure({ value }: ShellWord): boolean {
  return value.startsWith('https://');
}

const SILENT = new Set(['remove', 'erase', 'clean', 'autoremove', 'search', 'list', 'info', 'repolist', 'help']);
const RPM = new Set(['--nosignature', '--nodigest', '--noverify', '--nogpg']);

/** `rpm -Uvh`, `rpm -i`, but neither `-qi` nor `--import`. */
function installsByRpm({ flags }: Command): boolean {
  if (
    flags.some(({ name }) =>
      /^-[a-zA-Z]*[qeVKt]|^--(?:query|erase|verify|checksig|import|test|justdb|initdb|rebuilddb)$/.test(name),
    )
  )
    return false;
  return flags.some(({ name }) => /^-[a-zA-Z]*[iUF]|^--(?:install|upgrade|freshen|reinstall)$/.test(name));
}

const OFF = /(?:^|[.,])(gpgcheck|pkg_gpgcheck|sslverify)=(?:0|false|no|off)$/i;

function isSwitch({ name, value, literal }: CommandFlag): boolean {
  if (name === '--nogpgcheck' || name === '--no-gpgchecks') return true;
  return name === '--setopt' && literal && OFF.test(value ?? '');
}

/** `dnf config-manager setopt fedora.gpgcheck=0`, of dnf 5. */
function settingOf({ command }: CommandUse) {
  if (command.subcommand !== 'config-manager') return null;
  const word = command.operands.find(({ value, literal }) => literal && OFF.test(value));
  return word ? { span: word.span, written: word.value, id: idOf(word.value) } : null;
}

function idOf(written: string): 'signature' | 'server' {
  return /sslverify/i.test(written) ? 'server' : 'signature';
}

/** In a .repo file or dnf.conf. {@link https://dnf.readthedocs.io/en/latest/conf_ref.html} */
const LINE = /(?:(?<![\w-])|(?<=\\n))(?:(?:pkg_)?gpgcheck|sslverify)[ \t]*=[ \t]*(?:0|false|no|off)\b/gi;

interface Line {
  readonly span: Span;
  readonly written: string;
  readonly id: 'signature' | 'server';
  readonly secure: boolean;
}

function files(facts: Facts): readonly Line[] {
  // The pattern may begin at any place of a text; two words are found sooner.
  if (!/gpgcheck|sslverify/i.test(facts.document.source.text)) return [];
  return writtenText(facts, LINE).flatMap(({ span, match, around }) => {
    const isRepository = /\bbaseurl\b|\bmirrorlist\b|\bmetalink\b|\[main\]|yum|dnf|\.repo\b/i.test(around);
    // Signed metadata names the checksum of each package; what is on this machine came with it.
    const isHarmless = /repo_gpgcheck[ \t]*=[ \t]*(?:1|true|yes|on)\b|baseurl[ \t]*=[ \t]*file:/i.test(around);
    const secure = /baseurl[ \t]*=[ \t]*https:/i.test(around) && !/sslverify[ \t]*=[ \t]*(?:0|f|n)/i.test(around);
    return isRepository && !isHarmless ? [{ span, written: match[0], id: idOf(match[0]), secure }] : [];
  });
}
