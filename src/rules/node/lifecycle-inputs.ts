import { baseName, isWithin, joinPath, parentOf } from '../../context/paths.js';
import type { NodeProject } from '../../context/types.js';
import { lineAbove } from '../../facts/insert-line.js';
import { installSpan, installText } from '../../facts/install-inputs.js';
import { type LifecycleStep, lifecycleSteps } from '../../facts/lifecycle.js';
import { isListing } from '../../facts/package-scripts.js';
import { presenceFor } from '../../facts/presence.js';
import { type ProgramFile, programFile } from '../../facts/program-files.js';
import type { Facts, NodeInstall } from '../../facts/types.js';
import { resolveInImage } from '../../facts/variables.js';
import { mayComeLater, wouldComeFrom } from '../../facts/would-be.js';
import { defineRule, type FixInput } from '../define-rule.js';

/** What `postinstall` and `prepare` run is often copied after the install only, for the sake of the cache. */
export default defineRule({
  id: 'node/lifecycle-inputs',
  summary: 'Copy what lifecycle scripts read before the install',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    late: ({ path, install, script, fails, advice }: Told & { advice: string }) => ({
      message: `\`${install}\` stops at the script \`${script}\`: ${path} is not in the image yet (${fails})`,
      help: advice,
    }),
    ignored: ({ path, install, script, fails, file }: Told & { file: string }) => ({
      message: `\`${install}\` stops at the script \`${script}\`: ${path} is left out of the build context (${fails})`,
      help: `let ${path} through in ${file}, and copy it before the install`,
    }),
    gone: ({ path, install, script, fails }: Told) => ({
      message: `\`${install}\` stops at the script \`${script}\`: there is no ${path} (${fails})`,
      help: 'add the file, or take the script out of package.json',
    }),
  },
  check({ facts, report }) {
    const { context } = facts;
    if (!context) return;
    for (const install of facts.node.installs) {
      const { project } = install;
      if (!project) continue;
      const found = firstMissing(install, project, facts);
      if (!found) continue;
      const { step, file } = found;
      const source = joinPath(project.directory, file.path);
      const data = { path: source, install: installText(install), script: step.hook, fails: file.fails };
      const related = [{ at: step.place, message: 'is run by the install' }];
      const at = installSpan(install);
      const { by } = context.decide(source);
      if (context.isSent(source)) {
        const isBuild = step.command.name === 'tsc';
        const advice = isBuild
          ? 'copy the sources before it too, or install with `--ignore-scripts` and build after they are copied'
          : `copy ${source} before it, and what that reads in turn`;
        const fix = isBuild ? null : fixOf(install, source, file, facts);
        report('late', { at, data: { ...data, advice }, related, fix });
      } else if (context.kindOf(source) !== null && by && context.ignoreFile) {
        const { source: ignore } = context.ignoreFile;
        const left = { at: { file: ignore, span: by.span }, message: 'this pattern leaves it out' };
        report('ignored', { at, data: { ...data, file: ignore.path }, related: [...related, left] });
      } else report('gone', { at, data, related });
    }
  },
});

interface Told {
  readonly path: string;
  readonly install: string;
  readonly script: string;
  readonly fails: string;
}

/** Commands before which nothing of the project is made. */
const MAKE_NOTHING =
  /^(?:echo|printf|true|:|husky|only-allow|is-ci|patch-package|rimraf|rm|simple-git-hooks|lefthook|mkdir|chmod|set|export)$/;

function firstMissing(
  install: NodeInstall,
  project: NodeProject,
  facts: Facts,
): { step: LifecycleStep; file: ProgramFile } | null {
  for (const step of lifecycleSteps(install, facts)) {
    const file = step.certain ? programFile(step.command) : null;
    if (file && isAbsent(install, file, facts)) return { step, file };
    if (!isListing(step, project) && !MAKE_NOTHING.test(step.command.name)) return null;
    if (step.command.redirects.some(({ operator }) => operator.includes('>'))) return null;
  }
  return null;
}

function isAbsent(
  { use, directory, project, stage, instruction }: NodeInstall,
  file: ProgramFile,
  facts: Facts,
): boolean {
  const { context } = facts;
  if (directory === null || !project || !context) return false;
  // `"prisma": { "schema": "db/schema.prisma" }`
  if (file.word === null && /"prisma"\s*:\s*\{/.test(project.manifest.source.text)) return false;
  const paths = file.candidates.map((candidate) => resolveInImage(directory, candidate));
  if (!paths.every((path) => path !== null && presenceFor(use, path, facts).status === 'absent')) return false;
  return !paths.some((path) =>
    [...wouldComeFrom(stage, instruction, path ?? '', facts)].some((origin) => mayComeLater(origin, context)),
  );
}

/** COPY of the file to its place below the working directory, above the install. */
function fixOf(
  { instruction, directory }: NodeInstall,
  source: string,
  { path }: ProgramFile,
  facts: Facts,
): FixInput | null {
  const { workdir } = facts.stateAt(instruction);
  const target = resolveInImage(directory, path);
  if (
    directory === null ||
    workdir?.value !== directory ||
    target === null ||
    !isWithin(directory, target) ||
    /\s/.test(source)
  )
    return null;
  const folder = parentOf(target.slice(directory === '/' ? 1 : directory.length + 1));
  const line = `COPY ${source} ./${folder === '.' ? '' : `${folder}/`}`;
  return { title: `Copy ${baseName(source)} before it`, edits: [lineAbove(instruction, line, facts.document.source)] };
}
