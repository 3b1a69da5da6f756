import { mayReadGit, repositories } from '../../facts/git-use.js';
import { lackAt, leaveOut } from '../../facts/ignore-edit.js';
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
    shipped: ({ path, pattern, file }: Data) => ({
      message: `this copies \`${path}\` into the image: its whole history is shipped, and each commit or fetch invalidates the cache of this step`,
      help: `add a line \`${pattern}\` to ${file}`,
    }),
    built: ({ path, pattern, file }: Data) => ({
      message: `this copies \`${path}\` too: each commit or fetch invalidates the cache from this step on`,
      help: `add a line \`${pattern}\` to ${file}`,
    }),
  },
  check({ facts, report }) {
    const context = certainContext(facts);
    const ignoreFile = context?.ignoreFile;
    if (!ignoreFile) return;
    // A line that speaks of it was thought about: `!.git/HEAD` brings just what a version number needs.
    if (ignoreFile.patterns.some(({ negated, pattern }) => negated && pattern.includes('.git'))) return;
    const sent = neededCopies(facts).flatMap((copy) =>
      repositories(copy, facts, context).flatMap((path) => {
        const sending = sendingOf(facts, copy, `${path}/objects/pack`);
        return sending && !/(?:^|\/)\.git(?:\/|$)/.test(sending.source.path) ? [{ path, copy, sending }] : [];
      }),
    );
    const shipped = sent.find(({ copy, sending }) => reachesImage(facts, copy.stage, sending.imagePath));
    const chosen = shipped ?? sent[0];
    if (!chosen || mayReadGit(facts)) return;
    const pattern = sent.some(({ path }) => path !== '.git') ? '**/.git' : '.git';
    report(shipped ? 'shipped' : 'built', {
      at: chosen.sending.source.word.span,
      data: { path: chosen.path, pattern, file: ignoreFile.source.path },
      ...(shipped ? {} : { severity: 'info' }),
      related: [lackAt(ignoreFile, chosen.path)],
      fix: leaveOut(ignoreFile, [pattern]),
    });
  },
});

interface Data {
  readonly path: string;
  readonly pattern: string;
  readonly file: string;
}
