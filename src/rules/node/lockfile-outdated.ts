import { installSpan, installText } from '../../facts/install-inputs.js';
import { disagreementOf } from '../../facts/outdated-lockfile.js';
import { freezing, frozenText, stagedInstalls } from '../../facts/staged-install.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly command: string;
  readonly error: string;
  readonly lockfile: string;
  readonly name: string;
  readonly wanted: string;
  readonly locked: string | null;
}

/** The manifest was edited and the lockfile was not, so that an install which may not write it stops. */
export default defineRule({
  id: 'node/lockfile-outdated',
  summary: 'Keep the lockfile in step with package.json',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    disagrees: ({ command, error, lockfile, name, wanted, locked }: Data) => ({
      message: `\`${command}\` fails (${error}): package.json asks for ${name} ${wanted}, ${lockfile} has ${locked === null ? 'none' : locked}`,
      help: `run a plain install in the project, and commit the ${lockfile} that it writes`,
    }),
  },
  check({ facts, report }) {
    for (const staged of stagedInstalls(facts)) {
      const found = disagreementOf(staged, facts);
      if (!found) continue;
      const { install, project } = staged;
      const { name, wanted, locked, lockfile, error } = found;
      const flag = freezing(install);
      const command = flag === null ? installText(install) : frozenText(install, flag);
      report('disagrees', {
        at: installSpan(install),
        data: { command, error, lockfile, name, wanted: wanted.value, locked },
        related: [{ at: { file: project.manifest.source, span: wanted.span }, message: 'asks for it' }],
      });
    }
  },
});
