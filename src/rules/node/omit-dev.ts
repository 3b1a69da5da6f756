import { developmentTools, ignoresDev, startsTools, usesDev } from '../../facts/development-dependencies.js';
import { installSpan, installText } from '../../facts/install-inputs.js';
import { nodeMajor } from '../../facts/node-version.js';
import type { Facts, NodeInstall } from '../../facts/types.js';
import { type UnprunedModules, unprunedModules } from '../../facts/unpruned-modules.js';
import { yarnOfProject } from '../../facts/yarn.js';
import { defineRule, type FixInput, insertAfter, type ReportInput } from '../define-rule.js';

/** Compilers, linters and test runners are shipped with the app: hundreds of megabytes, and code to be attacked. */
export default defineRule({
  id: 'node/omit-dev',
  summary: 'Leave devDependencies out of the image that is shipped',
  category: 'size',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'suggestion',
  messages: {
    shipped: ({ install, names, flag }: { install: string; names: string; flag: string }) => ({
      message: `\`${install}\` also puts the devDependencies into the shipped image (${names})`,
      help: `use \`${install} ${flag}\``,
    }),
    copied: ({ stage, names, prune }: { stage: string; names: string; prune: string }) => ({
      message: `this also brings the devDependencies of ${stage} into the shipped image (${names})`,
      help: `end that stage with \`RUN ${prune}\`, or copy from a stage that installs without them`,
    }),
  },
  check({ facts, report }) {
    for (const install of facts.node.installs) {
      const { stage, project, omitsDev, instruction } = install;
      if (stage !== facts.target || stage.isDevelopment || instruction.onbuild || omitsDev !== false || !project)
        continue;
      const tools = developmentTools(project.manifest);
      const first = project.manifest.devDependencies.get(tools[0] ?? '');
      if (tools.length === 0 || ignoresDev(install) || usesDev(install, facts)) continue;
      const flag = flagOf(install);
      if (!first || flag === null) continue;
      report('shipped', {
        at: installSpan(install),
        data: { install: installText(install), names: namesOf(tools, project.manifest.devDependencies.size), flag },
        related: [{ at: { file: project.manifest.source, span: first.span }, message: 'not needed to run it' }],
        fix: fixOf(install, flag),
      });
    }
    if (facts.target && !facts.target.isDevelopment)
      for (const one of unprunedModules(facts)) judgeCopy(one, facts, report);
  },
});

/** A compiled server is seen in its sources only; what it certainly does not need are the tools. */
function judgeCopy({ copy, source, install }: UnprunedModules, facts: Facts, report: Report): void {
  const { project, omitsDev } = install;
  const prune = project && pruneOf(install, facts);
  if (omitsDev !== false || !project || !prune || ignoresDev(install)) return;
  const tools = developmentTools(project.manifest);
  const first = project.manifest.devDependencies.get(tools[0] ?? '');
  if (!first || startsTools(install, facts)) return;
  const names = namesOf(tools, project.manifest.devDependencies.size);
  report('copied', {
    at: source.word.span,
    data: { stage: copy.fromStage?.name ? `\`${copy.fromStage.name}\`` : 'the stage', names, prune },
    related: [
      { at: installSpan(install), message: 'installs them' },
      { at: { file: project.manifest.source, span: first.span }, message: 'not needed to run it' },
    ],
    severity: usesDev(install, facts) ? 'info' : 'warning',
  });
}

type Report = (message: 'copied', input: ReportInput<{ stage: string; names: string; prune: string }>) => void;

/** What takes them out of node_modules; null where the manager has nothing for it, or not in all of its versions. */
function pruneOf({ manager, project }: NodeInstall, facts: Facts): string | null {
  if (manager === 'npm') return 'npm prune --omit=dev';
  if (manager === 'pnpm') return 'pnpm prune --prod';
  const isClassic = manager === 'yarn' && project && yarnOfProject(project, facts) === 'classic';
  return isClassic ? 'yarn install --production --frozen-lockfile' : null;
}

function namesOf(tools: readonly string[], all: number): string {
  const shown = tools.slice(0, 2);
  const more = all > shown.length ? ` and ${all - shown.length} more` : '';
  return `${shown.join(', ')}${more}`;
}

/** https://docs.npmjs.com/cli/commands/npm-ci#omit: npm 6 has another name for it. Null: not known for this manager. */
function flagOf({ manager, stage, project }: NodeInstall): string | null {
  switch (manager) {
    case 'npm': {
      const major = nodeMajor(stage.image);
      return major !== null && major < 15 ? '--only=production' : '--omit=dev';
    }
    case 'yarn':
      return project?.yarnrc || !/^(?:1\.|$)/.test(project?.manifest.packageManager?.version ?? '')
        ? null
        : '--production';
    case 'pnpm':
      return '--prod';
    default:
      return '--production';
  }
}

function fixOf({ use: { command } }: NodeInstall, flag: string): FixInput | null {
  const word = command.subcommandWord ?? command.nameWord;
  return word && { title: `Add ${flag}`, edits: [insertAfter(word, ` ${flag}`)] };
}
