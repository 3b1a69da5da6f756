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
  messages: {
    ignored: ({ keyword, path, file }: { keyword: string; path: string; file: string }) => ({
      message: `${keyword} finds nothing, since \`${path}\` is left out of the build context`,
      help: `take the pattern out of ${file}, or add \`!${path}\` below it`,
    }),
  },
  check({ facts, report }) {
    const ignoreFile = facts.context?.ignoreFile;
    if (!ignoreFile) return;
    for (const copy of facts.stages.flatMap((stage) => stage.copies)) {
      const local = copy.sources.filter((source) => !source.remote);
      for (const [index, match] of copy.matches.entries()) {
        const word = local[index]?.word;
        if (match.status !== 'ignored' || !match.ignored || !word) continue;
        report('ignored', {
          at: word.span,
          data: { keyword: copy.instruction.keyword, path: match.ignored.path, file: ignoreFile.source.path },
          related: [
            { at: { file: ignoreFile.source, span: match.ignored.by.span }, message: 'this pattern leaves it out' },
          ],
        });
      }
    }
  },
});
