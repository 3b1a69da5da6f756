import { overlaps } from '../../model/span.js';
import type { AddInstruction, CopyInstruction, Word } from '../ast.js';
import { checkExpansion, consequence, type Draft, report } from '../draft.js';
import { checkFlags } from '../flags.js';
import { readPaths } from './command-form.js';

export function readCopy<K extends 'COPY' | 'ADD'>(
  draft: Draft,
  keyword: K,
): K extends 'COPY' ? CopyInstruction : AddInstruction;
export function readCopy(draft: Draft, keyword: 'COPY' | 'ADD'): CopyInstruction | AddInstruction {
  const { base } = draft;
  checkFlags(draft);
  const { exec, failedJson, words: all } = readPaths(draft);
  const destination = all.at(-1) ?? null;
  const isBodyOf = (word: Word): boolean => base.heredocs.some((heredoc) => overlaps(heredoc.marker, word.span));
  const intoHeredoc = destination !== null && isBodyOf(destination);

  if (all.length < 2) {
    reportMissing(draft, keyword, all.length === 0 || intoHeredoc ? null : destination);
  } else if (intoHeredoc) {
    report(draft, 'invalid-value', {
      message: `${keyword} cannot write into a heredoc: ${consequence(draft)}`,
      help: 'put the path in the image last, after the heredocs',
      span: destination.span,
    });
  }
  const sources = all.slice(0, -1).filter((word) => !isBodyOf(word));
  const help = splitQuotes(all, keyword);
  // One mistake, seen at either end of the path.
  for (const word of help === null ? all : all.slice(0, 1)) {
    if (!isBodyOf(word)) checkExpansion(draft, word, { help });
  }
  for (const flag of base.flags) if (flag.value) checkExpansion(draft, flag.value);
  for (const heredoc of base.heredocs) {
    if (heredoc.expand) checkExpansion(draft, { text: heredoc.content, span: heredoc.body }, { keepQuotes: true });
  }
  const shared = {
    ...base,
    words: exec ? [] : all,
    sources,
    destination: all.length < 2 || intoHeredoc ? null : destination,
    exec,
    failedJson,
  };
  if (keyword === 'ADD') return { ...shared, keyword };

  for (const source of sources) {
    if (!/^https?:\/\/./.test(source.text)) continue;
    report(draft, 'invalid-value', {
      message: `COPY does not download \`${source.text}\`: ${consequence(draft)}`,
      help: 'use ADD for a URL',
      span: source.span,
    });
  }
  const from = base.flags.find((flag) => flag.name === 'from')?.value ?? null;
  return { ...shared, keyword, from: from?.text === '' ? null : from };
}

const QUOTED = /^(?:"([^"\\\s]+(?: [^"\\\s]+)+)"|'([^'"\\\s]+(?: [^'"\\\s]+)+)') ([^\s"'\\]+)$/;

/** Quotes hold no path together here: BuildKit splits at blanks first. What to write instead; null for nothing. */
function splitQuotes(words: readonly Word[], keyword: string): string | null {
  if (words.length > 20 || !/^["']/.test(words[0]?.text ?? '')) return null;
  const text = words.map((word) => word.text).join(' ');
  const [, double, single, destination = ''] = text.length > 200 ? [] : (QUOTED.exec(text) ?? []);
  const path = double ?? single;
  return path === undefined ? null : `for a path with spaces write ${keyword} ["${path}", "${destination}"]`;
}

function reportMissing(draft: Draft, keyword: string, only: Word | null): void {
  report(draft, 'missing-arguments', {
    message: only
      ? `${keyword} has a source and no destination: ${consequence(draft)}`
      : `${keyword} has neither source nor destination: ${consequence(draft)}`,
    help: `write ${keyword} <source>... <destination>`,
    span: only ? only.span : draft.base.keywordSpan,
  });
}
