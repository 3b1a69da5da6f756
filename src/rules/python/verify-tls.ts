import type { Document } from '../../dockerfile/ast.js';
import { withoutFlag } from '../../facts/flag-removal.js';
import { hostOf, isPrivateHost } from '../../facts/hosts.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { variableSettings } from '../../facts/variable-settings.js';
import type { Span } from '../../model/span.js';
import { defineRule } from '../define-rule.js';

/** What pip fetches runs at once, with the rights of who installs it: setup.py and build backends are programs. */
export default defineRule({
  id: 'python/verify-tls',
  summary: 'Let Python tools check the certificates of servers',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    host: ({ written, host }: { written: string; host: string }) => ({
      message: `\`${written}\` has packages taken from whoever answers as ${host}, with any certificate or none, and they run when installed`,
      help: 'leave it out; where the certificate is your own, name its authority with `--cert` or `PIP_CERT`',
    }),
    unused: ({ host }: { host: string }) => ({
      message: `pip has asked another host than ${host} since 2018: to trust it is of no use, and would allow any certificate`,
      help: 'leave it out',
    }),
    off: ({ written }: { written: string }) => ({
      message: `with \`${written}\` every certificate will do: anybody on the way can replace what is fetched`,
      help: 'leave it out; where the certificate is your own, add its authority with `update-ca-certificates`',
    }),
  },
  check({ document, facts, report }) {
    for (const use of facts.commands('pip', 'uv')) {
      const { command } = use;
      const trusting = command.flags.flatMap((flag) => {
        const isTrust = flag.name === '--trusted-host' || flag.name === '--allow-insecure-host';
        const host = isTrust && flag.literal ? publicHost(flag.value) : null;
        return host === null ? [] : [{ flag, host }];
      });
      // All of them serve one end, and go together.
      const first = trusting.find(({ host }) => !isFormer(host) || isAsked(host, document)) ?? trusting[0];
      if (first) {
        const { name, span } = first.flag;
        const edits = trusting.flatMap(({ flag }) => withoutFlag(flag, use, document.source) ?? []);
        const fix = edits.length === trusting.length ? { title: `Remove ${name}`, edits } : null;
        const related = trusting
          .filter((one) => one !== first)
          .map(({ flag, host }) => ({ at: flag.span, message: `and ${host}` }));
        if (isFormer(first.host) && !isAsked(first.host, document))
          report('unused', { at: span, data: { host: first.host }, severity: 'info', fix });
        else report('host', { at: span, data: { written: name, host: first.host }, related, fix });
      }
      const [key, value] = command.operands;
      if (command.subcommand !== 'config set' || !key || !value?.literal) continue;
      const host = /^[\w-]+\.trusted[-_]host$/.test(key.value) ? publicHost(value.value) : null;
      if (host)
        report('host', { at: { start: key.span.start, end: value.span.end }, data: { written: key.value, host } });
    }
    for (const { name, value, span } of variableSettings(facts, ['PIP_TRUSTED_HOST', 'UV_INSECURE_HOST'])) {
      const host = publicHost(value);
      if (host) report('host', { at: span, data: { written: name, host } });
    }
    for (const { at, written } of switches(facts)) report('off', { at, data: { written } });
  },
});

/** True for the host that packages came from until 2018, as many a copied line still has it. */
function isFormer(host: string): boolean {
  return /^pypi\.python\.\w+$/.test(host);
}

/** True where an address of the host stands in the file. */
function isAsked(host: string, { source }: Document): boolean {
  return source.text.includes(`://${host}`);
}

/** The first of the hosts that is no machine of a network of one's own. */
function publicHost(value: string | null): string | null {
  const hosts = (value ?? '').split(/[\s,]+/).flatMap((one) => (one === '' ? [] : (hostOf(one) ?? [])));
  return hosts.find((host) => !isPrivateHost(host)) ?? null;
}

function* switches(facts: Facts): Generator<{ readonly at: Span; readonly written: string }> {
  for (const { name, value, span, instruction } of variableSettings(facts, ['PYTHONHTTPSVERIFY', 'CONDA_SSL_VERIFY'])) {
    // Python 3 does not look at it.
    const { family, tag } = facts.stageOf(instruction)?.image ?? {};
    if (name === 'PYTHONHTTPSVERIFY' && (value !== '0' || (family === 'python' && !tag?.startsWith('2')))) continue;
    if (isOff(value)) yield { at: span, written: `${name}=${value}` };
  }
  for (const { command } of facts.commands('conda')) {
    const at = command.subcommand === 'config' && setsConda(command);
    if (at) yield { at, written: 'ssl_verify false' };
  }
}

/** `conda config --set ssl_verify false`. */
function setsConda({ words }: CommandUse['command']): Span | null {
  const index = words.findIndex(({ value }) => value === 'ssl_verify');
  const [key, value] = [words[index], words[index + 1]];
  return key && value?.literal && words[index - 1]?.value === '--set' && isOff(value.value)
    ? { start: key.span.start, end: value.span.end }
    : null;
}

function isOff(value: string | null): boolean {
  return /^(?:0|false|no|off)$/i.test(value ?? '');
}
