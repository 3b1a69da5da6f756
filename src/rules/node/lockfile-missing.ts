import { installSpan } from '../../facts/install-inputs.js';
import { missingLockfile } from '../../facts/missing-lockfile.js';
import { frozenText, stagedInstalls } from '../../facts/staged-install.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly command: string;
  readonly path: string;
  readonly error: string | null;
}

/** An install that takes the lockfile as it is, and none to take. */
export default defineRule({
  id: 'node/lockfile-missing',
  summary: 'Give a frozen install the lockfile that it asks for',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    none: ({ command, path, error }: Data) => ({
      message: `\`${command}\` fails (${error}): there is no ${path} in the build context`,
      help: `commit the ${path} that a plain install writes, or install without a lockfile`,
      label: 'finds no lockfile',
    }),
    untracked: ({ command, path, error }: Data) => ({
      message: `\`${command}\` fails (${error}) on a fresh clone: git ignores ${path}, and it is not here`,
      help: `take ${path} out of .gitignore and commit it`,
      label: 'finds no lockfile',
    }),
    ignored: ({ command, path, error, file }: Data & { file: string }) => ({
      message: `\`${command}\` fails (${error}): ${file} keeps ${path} out of the build`,
      help: `take that line out of ${file}, or add \`!${path}\` at its end`,
      label: 'finds no lockfile',
    }),
    unfrozen: ({ command, path }: Data) => ({
      message: `\`${command}\` freezes nothing: without ${path} Yarn 1 picks versions anew at each build, and says nothing`,
      help: `let ${path} into the build: commit it, and copy it together with package.json`,
      label: 'finds no lockfile',
    }),
  },
  check({ facts, report }) {
    for (const staged of stagedInstalls(facts)) {
      const missing = missingLockfile(staged, facts);
      // With another manager's lockfile there it is the manager that is wrong.
      if (!missing || (missing.others.length > 0 && !missing.ignoredBy)) continue;
      const { path, error, ignoredBy, isGitIgnored, isNested } = missing;
      const data = { command: frozenText(staged.install, missing.flag), path, error };
      const at = installSpan(staged.install);
      const file = facts.context?.ignoreFile;
      const pattern = ignoredBy && file ? { file: file.source, span: ignoredBy.span } : null;
      const related = pattern ? [{ at: pattern, message: 'this pattern leaves it out' }] : [];
      if (error === null) report('unfrozen', { at, data, severity: 'warning', related });
      else if (ignoredBy && file) report('ignored', { at, data: { ...data, file: file.source.path }, related });
      else if (isGitIgnored) report('untracked', { at, data, severity: 'warning' });
      else report('none', { at, data, severity: isNested ? 'warning' : 'error' });
    }
  },
});
