import { joinPath } from '../../context/paths.js';
import { broughtBy } from '../../facts/copies.js';
import { installSpan, installText } from '../../facts/install-inputs.js';
import { isMadeElsewhere, type LocalDependency, localDependencies } from '../../facts/local-files.js';
import { lockfileOf, type StagedInstall, stagedInstalls } from '../../facts/staged-install.js';
import type { Facts } from '../../facts/types.js';
import { yarnOfInstall } from '../../facts/yarn.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly command: string;
  readonly name: string;
  readonly spec: string;
}

/** A dependency with a path for a version, and nothing at that path when it is installed. */
export default defineRule({
  id: 'node/local-dependency',
  summary: 'Copy packages that are taken from a path before the install',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    fails: ({ command, name, spec, words }: Data & { words: string }) => ({
      message: `\`${command}\` fails: ${name} is \`${spec}\`, which is not in the image by then (${words})`,
      help: 'copy that package before the install, from a build context that holds it',
    }),
    dangles: ({ command, name, spec }: Data) => ({
      message: `\`${command}\` makes a link to nothing: ${name} is \`${spec}\`, which no COPY brings`,
      help: 'copy that package before the install, from a build context that holds it',
    }),
  },
  check({ facts, report }) {
    for (const staged of stagedInstalls(facts)) {
      const { install, project, at } = staged;
      for (const dependency of localDependencies(staged)) {
        const { name, spec, path, isArchive } = dependency;
        if (isMadeElsewhere(project, path, facts) || isBareDirectory(staged, dependency, facts)) continue;
        const wanted = isArchive ? path : joinPath(path, 'package.json');
        if (at(wanted).status !== 'absent') continue;
        const words = errorOf(staged, dependency);
        if (words === null && isBroughtLater(staged, wanted, facts)) continue;
        if (words === undefined) continue;
        const data = { command: installText(install), name, spec: spec.value };
        const related = [{ at: { file: project.manifest.source, span: spec.span }, message: 'asks for it' }];
        if (words === null) report('dangles', { at: installSpan(install), data, related, severity: 'warning' });
        else report('fails', { at: installSpan(install), data: { ...data, words }, related });
      }
    }
  },
});

/** What the manager says where the package is not there; null: it makes a link that leads nowhere; undefined: not known. */
function errorOf(staged: StagedInstall, { protocol, isArchive }: LocalDependency): string | null | undefined {
  const { manager } = staged.install;
  if (protocol === 'link') return manager === 'npm' ? undefined : null;
  if (manager === 'npm') return protocol === 'portal' ? undefined : isArchive ? 'ENOENT' : null;
  if (manager === 'pnpm') {
    if (protocol === 'portal') return undefined;
    return isArchive || lockfileOf(staged) !== 'absent' ? 'ENOENT' : 'ERR_PNPM_LINKED_PKG_DIR_NOT_FOUND';
  }
  if (manager !== 'yarn') return undefined;
  const yarn = yarnOfInstall(staged);
  if (yarn === 'berry') return protocol === 'portal' ? 'Manifest not found' : 'ENOENT';
  // Yarn 1 knows no `portal:`; in the absence of `file:` either stops, each in its words.
  if (protocol === 'portal') return undefined;
  return yarn === 'classic' ? 'refers to a non-existing file' : 'no such file';
}

/** A directory without a manifest: what the managers make of it is their business. */
function isBareDirectory(
  { project }: StagedInstall,
  { path, isArchive }: LocalDependency,
  { context }: Facts,
): boolean {
  const inContext = joinPath(project.directory, path);
  if (isArchive || inContext.startsWith('..') || context?.kindOf(inContext) == null) return false;
  return context.kindOf(joinPath(inContext, 'package.json')) === null;
}

/** True where any stage is brought the package at that place: a link leads there whenever it comes. */
function isBroughtLater({ directory }: StagedInstall, path: string, facts: Facts): boolean {
  const wanted = joinPath(directory, path);
  return facts.stages.some((stage) => stage.copies.some((copy) => broughtBy(copy, wanted, facts.context) !== null));
}
