import type { IgnoreFile, IgnorePattern } from '../../context/types.js';
import { reinclude } from '../../facts/ignore-edit.js';
import { type ContextSource, certainContext, contextSources } from '../../facts/sent-files.js';
import type { CopyFacts, Facts } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

/** The ignore file takes the source out of the build context, so that COPY fails although the file is there. */
export default defineRule({
  id: 'context/copy-ignored',
  summary: 'Copy only what the ignore file lets through',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['CopyIgnoredFile'],
  like: { buildkit: { severity: 'warning' } },
  fix: 'suggestion',
  messages: {
    ignored: ({ keyword, path, file }: { keyword: string; path: string; file: string }) => ({
      message: `${keyword} fails here: \`${path}\` is on disk, but ${file} keeps it out of the build`,
      help: `take that line out of ${file}, or add \`!${path}\` at its end`,
    }),
    glob: ({ keyword, path, file }: { keyword: string; path: string; file: string }) => ({
      message: `${keyword} silently brings nothing for this pattern: ${file} keeps \`${path}\` out of the build`,
      help: `take that line out of ${file}, or add \`!${path}\` at its end`,
    }),
    empty: ({ keyword, path, file }: { keyword: string; path: string; file: string }) => ({
      message: `${keyword} brings an empty directory: ${file} keeps all that is in \`${path}\` out of the build`,
      help: `take that line out of ${file}, or copy what you need from another stage`,
    }),
  },
  check({ facts, report }) {
    const ignoreFile = certainContext(facts)?.ignoreFile;
    if (!ignoreFile) return;
    for (const copy of facts.stages.flatMap((stage) => stage.copies)) {
      const { keyword } = copy.instruction;
      for (const source of contextSources(copy)) {
        const { match, word } = source;
        const found = match.status === 'ignored' ? match.ignored : emptied(facts, source);
        if (!found) continue;
        const id = match.status === 'ok' ? 'empty' : match.glob ? 'glob' : 'ignored';
        report(id, {
          at: word.span,
          data: { keyword, path: found.path, file: ignoreFile.source.path },
          severity: severityOf(copy, ignoreFile, id),
          related: [{ at: { file: ignoreFile.source, span: found.by.span }, message: 'this pattern leaves it out' }],
          fix: id === 'ignored' ? reinclude(ignoreFile, found.path, found.by) : null,
        });
      }
    }
  },
});

/** Only a plain source stops the build; Docker knows no .containerignore, and the default build needs no other stage. */
function severityOf({ stage }: CopyFacts, ignoreFile: IgnoreFile, id: string): 'error' | 'warning' {
  const stops = id === 'ignored' && stage.role !== 'unreachable' && ignoreFile.kind !== 'containerignore';
  return stops ? 'error' : 'warning';
}

/** Directories that people copy empty on purpose: the program fills them. */
const FILLED_LATER = /(?:^|\/)(?:logs?|te?mp|uploads?|cache|data|storage|media|run|volumes?)$/i;

/** A directory that is sent while nothing in it is, and the pattern that leaves its content out. */
function emptied({ context }: Facts, { match }: ContextSource): { path: string; by: IgnorePattern } | null {
  const [only, more] = match.matches;
  if (!context || !only || more || match.glob || only.kind !== 'directory' || FILLED_LATER.test(only.path)) return null;
  for (const _ of context.walk(only.path, 1)) return null;
  // What any file in it would meet; a `!` pattern further down may wait for a file that is not built yet.
  const { ignored, by } = context.decide(only.path === '.' ? 'any-file' : `${only.path}/any-file`);
  const later = context.ignoreFile?.patterns.some((one) => one.negated && by !== null && one.line > by.line);
  return ignored && by && !later ? { path: only.path, by } : null;
}
