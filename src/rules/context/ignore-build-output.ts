import { createIgnoreFile, leaveOut } from '../../facts/ignore-edit.js';
import { type Leftover, leftovers } from '../../facts/leftovers.js';
import { listed } from '../../facts/listed.js';
import { bringsLocalState } from '../../facts/local-state.js';
import { certainContext, sendingOf } from '../../facts/sent-files.js';
import { defineRule } from '../define-rule.js';

/** What builds, tests and tools leave in a project comes along with its sources, and each run of them changes it. */
export default defineRule({
  id: 'context/ignore-build-output',
  summary: 'Keep build output, caches and logs out of the build context',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    made: ({ paths, lines, file }: Data) => ({
      message: `this also copies ${paths} from this machine, though the image makes its own`,
      help: `add ${lines} to ${file}`,
    }),
    unneeded: ({ paths, lines, file }: Data) => ({
      message: `this also copies ${paths}, which the image makes itself or does without: each change invalidates the cache`,
      help: `add ${lines} to ${file}`,
    }),
  },
  check({ facts, report }) {
    const context = certainContext(facts);
    if (!context) return;
    const { ignoreFile } = context;
    for (const [copy, all] of leftovers(facts)) {
      // Without an ignore file, `context/ignore-missing` names what it knows, and this the rest once there is one.
      if (!ignoreFile && bringsLocalState(facts, copy)) continue;
      const source = all.map(({ path }) => sendingOf(facts, copy, path)?.source).find((one) => one !== undefined);
      if (!source) continue;
      const patterns = [...new Set(all.map(({ pattern }) => pattern))];
      report(all.every(({ made }) => made) ? 'made' : 'unneeded', {
        at: source.word.span,
        data: {
          paths: listed(sorted(all).map(({ path }) => path)),
          lines: listed(patterns),
          file: ignoreFile?.source.path ?? 'a .dockerignore',
        },
        fix: ignoreFile
          ? leaveOut(ignoreFile, patterns)
          : { title: 'Create .dockerignore', edits: [createIgnoreFile(context, patterns)] },
      });
    }
  },
});

interface Data {
  readonly paths: string;
  readonly lines: string;
  readonly file: string;
}

function sorted(all: readonly Leftover[]): readonly Leftover[] {
  return all.toSorted((a, b) => Number(b.made) - Number(a.made));
}
