import { baseName } from '../../context/paths.js';
import { createIgnoreFile, leaveOut, patternOf } from '../../facts/ignore-edit.js';
import { leftovers } from '../../facts/leftovers.js';
import { bringsLocalState } from '../../facts/local-state.js';
import { certainContext, neededCopies, sendingOf } from '../../facts/sent-files.js';
import { type SizedFile, sentSizes, sizeText } from '../../facts/sent-sizes.js';
import type { Facts } from '../../facts/types.js';
import { listing } from '../../model/listing.js';
import { defineRule, number } from '../define-rule.js';

/** All files together may be so many times larger than one. */
const TOTAL = 10;

/** Files that are named. */
const SHOWN = 3;

/** A dump, a video or an archive that lies in the project goes into the image with each COPY of it all. */
export default defineRule({
  id: 'context/large-files',
  summary: 'Keep large files that the image does not need out of the build context',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  options: {
    megabytes: number({
      describe: 'A file larger than this is named; all together may come to ten times as much',
      default: 10,
    }),
  },
  messages: {
    large: ({ files, lines, file, cost, it }: Shown & { lines: string; it: string }) => ({
      message: `this also copies ${files}: ${cost}`,
      help: `if the image does not need ${it}, add ${lines} to ${file}`,
    }),
    much: ({ total, files, file, cost }: Shown & { total: string }) => ({
      message: `this copies ${total}, with ${files} the largest: ${cost}`,
      help: `add what the image does not need to ${file}`,
    }),
  },
  check({ facts, options, report }) {
    const context = certainContext(facts);
    if (!context) return;
    const { ignoreFile } = context;
    const limit = options.megabytes * 1e6;
    const said = new Set<string>();
    for (const copy of neededCopies(facts)) {
      if (!copy.broad) continue;
      const { files, total } = sentSizes(facts)(copy);
      const large = files.filter(({ path, size }) => size > limit && !said.has(path) && isUnasked(facts, path));
      const shown = (large.length > 0 ? large : files).slice(0, SHOWN);
      const [first] = shown;
      const word = first && sendingOf(facts, copy, first.path)?.source.word;
      if (!word || (large.length === 0 && (total <= limit * TOTAL || said.has(first.path)))) continue;
      for (const { path } of files) said.add(path);
      const file = ignoreFile?.source.path ?? 'a .dockerignore';
      // What a build stage is given is no part of the image.
      const isShipped = facts.stageOf(copy.instruction)?.isShipped === true;
      const cost = `it makes the build slower${isShipped ? ' and the image larger' : ''}`;
      if (large.length === 0) {
        report('much', {
          at: word.span,
          data: { total: sizeText(total), files: namesOf(shown, shown.length), file, cost },
        });
        continue;
      }
      const patterns = shown.flatMap(({ path }) => patternOf(path) ?? []);
      report('large', {
        at: word.span,
        data: {
          files: namesOf(shown, large.length),
          it: large.length === 1 ? 'it' : 'them',
          cost,
          lines: patterns.map((one) => `\`${shortened(one)}\``).join(', ') || 'a line for each',
          file,
        },
        // Without an ignore file, `context/ignore-missing` creates it first where it has something to say.
        fix:
          patterns.length < shown.length || (!ignoreFile && bringsLocalState(facts, copy))
            ? null
            : ignoreFile
              ? leaveOut(ignoreFile, patterns)
              : { title: 'Create .dockerignore', edits: [createIgnoreFile(context, patterns)] },
      });
    }
  },
});

interface Shown {
  readonly files: string;
  /** The ignore file. */
  readonly file: string;
  readonly cost: string;
}

/** Kept in a repository so that no download is needed. */
const WANTED = /(?:^|\/)\.yarn\/(?:cache|releases|berry)\/|(?:^|\/)\.mvn\/|(?:^|\/)gradle-wrapper\.jar$/;

/** The Dockerfile does not speak of it, no other COPY brings it by itself, and no other rule names it. */
function isUnasked(facts: Facts, path: string): boolean {
  if (WANTED.test(path) || facts.document.source.text.includes(baseName(path))) return false;
  if (neededCopies(facts).some((copy) => !copy.broad && sendingOf(facts, copy, path))) return false;
  return ![...leftovers(facts).values()].flat().some((one) => path === one.path || path.startsWith(`${one.path}/`));
}

function namesOf(shown: readonly SizedFile[], all: number): string {
  const words = shown.map(({ path, size }) => `\`${shortened(path)}\` (${sizeText(size)})`);
  const more = all > shown.length ? [`${all - shown.length} more`] : [];
  return listing([...words, ...more]);
}

function shortened(path: string): string {
  return path.length <= 30 ? path : `…${path.slice(-29)}`;
}
