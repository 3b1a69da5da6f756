import { mayReadGit } from '../../facts/git-use.js';
import { appendPatterns, lastPatternOf } from '../../facts/ignore-edit.js';
import { certainContext, neededCopies, reachesImage, sendingOf } from '../../facts/sent-files.js';
import { defineRule } from '../define-rule.js';

/** The repository's history comes along with the sources, and every commit changes it. */
export default defineRule({
  id: 'context/ignore-vcs',
  summary: 'Keep .git out of the build context',
  category: 'size',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'safe',
  messages: {
    shipped: ({ file }: { file: string }) => ({
      message: `this copies \`.git\` into the image: its whole history is shipped, and each commit or fetch invalidates the cache of this step`,
      help: `add a line \`.git\` to ${file}`,
    }),
    built: ({ file }: { file: string }) => ({
      message: 'this copies `.git` too: each commit or fetch invalidates the cache from this step on',
      help: `add a line \`.git\` to ${file}`,
    }),
  },
  check({ facts, report }) {
    const context = certainContext(facts);
    const ignoreFile = context?.ignoreFile;
    if (!ignoreFile || context.kindOf('.git') !== 'directory') return;
    // A line that speaks of it was thought about: `!.git/HEAD` brings just what a version number needs.
    if (ignoreFile.patterns.some(({ negated, pattern }) => negated && pattern.includes('.git'))) return;
    const sent = neededCopies(facts).flatMap((copy) => {
      const sending = sendingOf(facts, copy, '.git/objects/pack');
      return sending && !/(?:^|\/)\.git(?:\/|$)/.test(sending.source.path) ? [{ copy, sending }] : [];
    });
    const shipped = sent.find(({ copy, sending }) => reachesImage(facts, copy.stage, sending.imagePath));
    const chosen = shipped ?? sent[0];
    if (!chosen || mayReadGit(facts)) return;
    report(shipped ? 'shipped' : 'built', {
      at: chosen.sending.source.word.span,
      data: { file: ignoreFile.source.path },
      ...(shipped ? {} : { severity: 'info' }),
      related: [{ at: lastPatternOf(ignoreFile), message: 'no line here leaves out .git' }],
      fix: { title: `Add .git to ${ignoreFile.source.path}`, edits: [appendPatterns(ignoreFile, ['.git'])] },
    });
  },
});
