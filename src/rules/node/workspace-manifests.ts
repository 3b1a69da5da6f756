import { joinPath } from '../../context/paths.js';
import { installSpan, installText } from '../../facts/install-inputs.js';
import { freezing, frozenText, stagedInstalls } from '../../facts/staged-install.js';
import { lateOne, unresolved, workspacesOf } from '../../facts/workspaces.js';
import { yarnOfInstall } from '../../facts/yarn.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly command: string;
  readonly path: string;
}

/** A workspace whose package.json the install does not see. */
export default defineRule({
  id: 'node/workspace-manifests',
  summary: 'Copy the package.json of every workspace before the install',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    changed: ({ command, path }: Data) => ({
      message: `\`${command}\` fails (YN0028): yarn.lock has the workspace ${path}, whose package.json is not in the image by then`,
      help: `copy ${path}/package.json to its place before the install`,
    }),
    unresolved: ({ command, path, name }: Data & { name: string }) => ({
      message: `\`${command}\` fails (ERR_PNPM_WORKSPACE_PKG_NOT_FOUND): ${path} depends on ${name}, whose package.json is not there`,
      help: `copy the package.json of ${name} to its place before the install`,
    }),
    late: ({ command, path, name }: Data & { name: string }) => ({
      message: `\`${command}\` installs nothing for ${path}, such as ${name}: its package.json comes only with a later COPY`,
      help: `copy ${path}/package.json to its place before the install`,
    }),
  },
  check({ facts, report }) {
    const { context } = facts;
    if (!context) return;
    for (const staged of stagedInstalls(facts)) {
      const { install } = staged;
      if (install.use.command.flags.some(({ name }) => PARTS.has(name))) continue;
      const at = installSpan(install);
      const members = workspacesOf(staged, context);
      const absent = members.filter(
        (path) =>
          context.kindOf(joinPath(staged.project.directory, `${path}/package.json`)) !== null &&
          staged.at(joinPath(path, 'package.json')).status === 'absent',
      );
      const [first] = absent;
      if (first === undefined) continue;
      const flag = freezing(install);
      if (install.manager === 'yarn' && flag !== null && yarnOfInstall(staged) === 'berry') {
        report('changed', { at, data: { command: frozenText(install, flag), path: first } });
        continue;
      }
      const command = installText(install);
      const broken =
        install.manager === 'pnpm' && !install.frozen ? unresolved(staged, absent, members, context) : null;
      if (broken) {
        report('unresolved', { at, data: { command, ...broken } });
        continue;
      }
      const late = lateOne(staged, absent, members, facts);
      if (!late) continue;
      const related = [{ at: late.at, message: 'brings it' }];
      report('late', { at, data: { command, path: late.path, name: late.name }, severity: 'warning', related });
    }
  },
});

/** An install with one of these is for a part of the workspaces. */
const PARTS: ReadonlySet<string> = new Set([
  '--filter',
  '-F',
  '--filter-prod',
  '--workspace',
  '-w',
  '--workspaces',
  '--workspace-root',
  '--focus',
  '--no-workspaces',
]);
