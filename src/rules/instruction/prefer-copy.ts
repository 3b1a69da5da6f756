import type { AddInstruction } from '../../dockerfile/ast.js';
import { isRemoteSource } from '../../facts/copies.js';
import { isArchiveToHadolint } from '../../facts/hadolint.js';
import type { CopyFacts, Facts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, semantics } from '../define-rule.js';

/** ADD unpacks archives and downloads; where it does neither, COPY says so. */
export default defineRule({
  id: 'instruction/prefer-copy',
  summary: 'Use COPY where nothing is unpacked or downloaded',
  category: 'style',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3020'],
  like: { hadolint: { severity: 'error', options: { semantics: 'hadolint' } } },
  fix: 'safe',
  options: { semantics: semantics('hadolint') },
  messages: {
    certain: ({ source }: { source: string }) => ({
      message: `ADD only copies ${source} here; COPY says so, and never unpacks or downloads`,
      help: 'write COPY',
    }),
    unpacked: ({ source }: { source: string }) => ({
      message: `ADD would unpack an archive or fetch an address, and the name of \`${source}\` speaks of neither`,
      help: 'write COPY where nothing is to be unpacked or downloaded',
    }),
    likely: ({ source }: { source: string }) => ({
      message: `ADD only copies ${source}, unless it is an archive; COPY says that it is none`,
      help: 'write COPY',
    }),
  },
  check({ facts, options, report }) {
    for (const add of facts.instructions('ADD')) {
      if (!add.destination) continue;
      const copy = facts.stageOf(add)?.copies.find((one) => one.instruction === add) ?? null;
      const certainty = add.stage < 0 ? null : certaintyOf(add, copy, facts);
      const [first] = add.sources;
      if (options.semantics === 'hadolint') {
        const plain = add.onbuild ? null : add.sources.find(({ text }) => !isArchiveToHadolint(text));
        if (!plain) continue;
        if (certainty === null) report('unpacked', { at: add.keywordSpan, data: { source: shorten(plain.text, 60) } });
      }
      if (certainty === null) continue;
      const keyword = add.keywordText === 'add' ? 'copy' : 'COPY';
      report(certainty, {
        at: add.keywordSpan,
        data: { source: first ? `\`${shorten(first.text, 60)}\`` : 'this text' },
        fix: {
          kind: certainty === 'certain' ? 'safe' : 'suggestion',
          title: `Write ${keyword}`,
          edits: [{ span: add.keywordSpan, text: keyword }],
        },
      });
    }
  },
});

/** `likely`: a name that says nothing and is not at hand, most likely a directory or a program. */
type Certainty = 'certain' | 'likely';

const OWN_FLAGS: ReadonlySet<string> = new Set(['checksum', 'keep-git-dir', 'unpack']);

/** How sure it is that ADD takes all sources as they are; null where one may be unpacked or downloaded. */
function certaintyOf(add: AddInstruction, copy: CopyFacts | null, facts: Facts): Certainty | null {
  if (add.flags.some((flag) => OWN_FLAGS.has(flag.name))) return null;
  let worst: Certainty = 'certain';
  for (const [index, word] of add.sources.entries()) {
    const expanded = facts.expand(word, add);
    const path = expanded.ok ? expanded.value : null;
    if (path === null || path === '' || isRemoteSource(path)) return null;
    // No source is remote up to here, so the local ones are all of them.
    const match = facts.context ? copy?.matches[index] : undefined;
    const found = match?.status === 'ok' ? match.matches : null;
    const each = found
      ? found.map((entry) => (entry.kind === 'directory' ? 'certain' : ofFile(entry.path, facts)))
      : [byName(path)];
    if (each.includes(null)) return null;
    // The value of an argument may be another one at the next build.
    if (each.includes('likely') || (expanded.ok && expanded.matched.length > 0)) worst = 'likely';
  }
  return worst;
}

/** Text is no archive; of other files the name has to say it. */
function ofFile(path: string, facts: Facts): Certainty | null {
  const named = byName(path);
  if (named !== 'likely') return named;
  const text = facts.context?.read(path)?.text;
  return text !== undefined && text !== '' && !text.includes('\0') ? 'certain' : 'likely';
}

/** What ADD unpacks, and formats that are a tar file under another name. */
const ARCHIVE = /\.(?:tar|tgz|taz|tbz2?|tb2|tz2|txz|tlz|tzst|gz|bz2|xz|lzma|zst|z|gem|crate|ova|box|apk)$/i;

/** Endings that may hide one. */
const VAGUE = /\.(?:bak|backup|bin|bundle|cache|dat|data|dump|image|img|layer|pkg|rootfs|run)$/i;

function byName(path: string): Certainty | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === '' || name === '.' || name === '..') return 'certain';
  if (ARCHIVE.test(name) || /\.tar\./i.test(name)) return null;
  if (/[*?[]/.test(name)) return /\.\w+$/.test(name) && !/[*?[\]]\w*$/.test(name) ? 'certain' : null;
  return /\.[A-Za-z]\w*$/.test(name) && !VAGUE.test(name) ? 'certain' : 'likely';
}
