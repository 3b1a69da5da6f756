import type { AddInstruction } from '../../dockerfile/ast.js';
import { type Download, downloads, isCheckedAfter } from '../../facts/downloads.js';
import { hostOf, isPrivateHost } from '../../facts/hosts.js';
import { readsProgram } from '../../facts/piped-downloads.js';
import type { Command, ShellWord } from '../../shell/types.js';
import { defineRule, type FixInput, findFlag } from '../define-rule.js';

/** Over http:// anybody on the way may answer: a router, a proxy, whoever runs the network of the build. */
export default defineRule({
  id: 'download/no-plain-http',
  summary: 'Fetch what goes into the image over https',
  category: 'security',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    plain: ({ host, what }: { host: string; what: string }) => ({
      message: `over \`http://\` anybody between here and ${host} can replace ${what}, and nothing would show it`,
      help: 'write `https://`, or compare the file with a checksum before it is used',
    }),
  },
  check({ facts, report }) {
    for (const add of facts.instructions('ADD')) {
      if (isVerified(add) || isCheckedAfter(facts.stageOf(add), add.span.end, facts)) continue;
      for (const word of add.sources) {
        const expanded = facts.expand(word, add);
        const host = plainHost((expanded.ok ? expanded.value : null) ?? word.text);
        if (host === null) continue;
        report('plain', { at: word.span, data: { host, what: 'the file' }, fix: toHttps(word.text, word.span.start) });
      }
    }
    for (const download of downloads(facts)) {
      for (const { word, url } of download.urls) {
        const host = plainHost(url);
        if (host === null) continue;
        const what = useOf(download, url);
        if (what === null || isCheckedAfter(download.use.stage, download.use.command.span.end, facts)) continue;
        const fix = word.text === word.value || /^["']/.test(word.text) ? toHttps(word.text, word.span.start) : null;
        report('plain', { at: word.span, data: { host, what }, fix: download.use.script && fix });
      }
    }
  },
});

function isVerified({ flags }: AddInstruction): boolean {
  return flags.some(({ name }) => name === 'checksum');
}

/** Host of a plain address on the Internet; null for anything else. Key servers answer with what carries its own proof. */
function plainHost(url: string): string | null {
  if (!/^http:\/\//i.test(url) || /\/pks\/lookup|keyserver|\.git(?:#|$)/i.test(url)) return null;
  const host = hostOf(url);
  return host === null || isPrivateHost(host) ? null : host;
}

function toHttps(text: string, start: number): FixInput | null {
  const at = /^["']?http(?=:\/\/)/.exec(text)?.[0].length;
  if (at === undefined || /^["']?http:\/\/[^/]*:\d/.test(text)) return null;
  return { title: 'Fetch it over https', edits: [{ span: { start: start + at, end: start + at }, text: 's' }] };
}

const UNPACKS = /^(?:tar|bsdtar|unzip|gunzip|bunzip2|unxz|zcat|bzcat|xzcat|gzip|bzip2|xz|cpio|7za?)$/;
const INSTALLS = /^(?:dpkg|rpm|apt-key|pip3?|apt|apt-get|yum|dnf|apk|install)$/;
const RUNS = /^(?:(?:ba|da|a|z|k)?sh|python[\d.]*|node|perl|ruby|php|source|\.)$/;

/** What is made of it in the same script; null where that is not seen. */
function useOf({ use: { command, script } }: Download, url: string): string | null {
  if (!script) return null;
  const members: readonly number[] = script.pipelines[command.pipeline]?.members ?? [];
  const position = members.indexOf(script.commands.indexOf(command));
  for (const member of position === -1 ? [] : members.slice(position + 1)) {
    const next = script.commands[member];
    const purpose = next && (readsProgram(next) ? 'what runs here' : purposeOf(next));
    if (purpose) return purpose;
  }
  const name = fileName(command, url);
  if (name === null) return null;
  const isIt = (word: ShellWord | null | undefined) =>
    word?.value === name || word?.value.endsWith(`/${name}`) === true;
  for (const later of script.commands) {
    if (later.span.start < command.span.end || !later.words.some(isIt)) continue;
    const runs = isIt(later.nameWord) || makesProgram(later) || (RUNS.test(later.name) && isIt(later.operands[0]));
    const purpose = runs ? 'what runs here' : purposeOf(later);
    if (purpose) return purpose;
  }
  return null;
}

function purposeOf({ name, words }: Command): string | null {
  if (UNPACKS.test(name)) return 'what is unpacked here';
  if (/^gpg2?$/.test(name) && words.some(({ value }) => value === '--dearmor')) return 'the key that is trusted here';
  return INSTALLS.test(name) ? 'what is installed here' : null;
}

/** `chmod +x`, `chmod 755`. */
function makesProgram({ name, words }: Command): boolean {
  return name === 'chmod' && words.some(({ value }) => /^(?:[augo]*\+\w*x\w*|[0-7]*[1357][0-7]*)$/.test(value));
}

/** Of the file that a download makes; null where it is not known. */
function fileName(command: Download['use']['command'], url: string): string | null {
  const flag = findFlag(command, ...(command.name === 'curl' ? ['-o', '--output'] : ['-O', '--output-document']));
  const path = flag
    ? flag.value
    : (command.redirects.find(({ operator }) => operator === '>')?.target?.value ?? url.replace(/[?#].*$/, ''));
  const name = path?.slice(path.lastIndexOf('/') + 1);
  return name && name.length > 2 ? name : null;
}
