import { baseName } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import type { Instruction } from '../dockerfile/ast.js';
import { lazy, memoise } from './lazy.js';
import { neededCopies, passedOver, sentFiles } from './sent-files.js';
import type { CommandUse, CopyFacts, Facts } from './types.js';

/** Subcommands that do without the repository of the project. */
const ELSEWHERE = new Set(['clone', 'config', 'init', 'lfs', 'version', 'ls-remote', 'credential']);

/** Tools that put the commit into what they build whenever they find a repository. */
const STAMPING = new Set(['go', 'goreleaser', 'dotnet', 'bazel', 'nx', 'lerna', 'hugo', 'mkdocs', 'ko', 'earthly']);

/** Runners of tasks, with the files that say what a task does. */
const TASK_FILES: Readonly<Record<string, RegExp>> = {
  make: /^(?:GNUm|M|m)akefile$/,
  just: /^\.?[Jj]ustfile$/,
  task: /^[Tt]askfile(?:\.dist)?\.ya?ml$/,
  rake: /^Rakefile$/,
  mage: /^magefile\.go$/,
  cmake: /^CMakeLists\.txt$/,
};

/** Files that configure a build, and may have it ask for the commit. */
const BUILD_FILE =
  /^(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|Cargo\.toml|build\.rs|(?:settings|build)\.gradle(?:\.kts)?|pom\.xml|(?:GNUm|M|m)akefile|\.?[Jj]ustfile|[Tt]askfile(?:\.dist)?\.ya?ml|Rakefile|magefile\.go|CMakeLists\.txt|meson\.build|(?:vite|vitest|next|webpack|vue|nuxt|svelte|astro|rollup|esbuild|rsbuild|craco|remix|tsup|quasar|gatsby|docusaurus)[\w.-]*\.(?:[cm]?[jt]s)|gulpfile\.[cm]?[jt]s|mix\.exs|.+\.gemspec|.+\.(?:sh|bash)|\.pre-commit-config\.yaml|angular\.json|turbo\.json)$/;

const READS_GIT =
  /\bgit\b["'`,\s]{1,4}(?:-C\s+\S+\s+)?(?:rev-parse|describe|log|rev-list|show|ls-files|status|branch|tag|name-rev|symbolic-ref|diff|submodule|remote|shortlog|for-each-ref)|setuptools[-_]scm|hatch-vcs|versioneer|versioningit|dunamai|dynamic-versioning|\bpbr\b|vergen|shadow-rs|git[-_]?version|minver|nerdbank|git-commit-id|jgitver|buildnumber-maven|axion-release|git-properties|git[-_]?rev|git-repo-info|git-?describe|simple-git(?!-hooks)|isomorphic-git|git-?info|git-?log|grgit|reckon|docusaurus|vitepress|@sentry\/|last-?commit|commit-?(?:hash|sha)|\.git\/(?:HEAD|refs|logs|index)/i;

/** Programs that say at run time which commit they are. */
const SOURCE_FILE = /\.(?:[cm]?[jt]sx?|py|rb|php|rs|exs?|java|kt|cs|pl)$/;

/** More files than this are not read, and no larger ones. */
const MOST_BUILD_FILES = 100;
const MOST_SOURCE_FILES = 300;
const LARGEST = 100_000;

/**
 * True where the build may ask the repository of the project for a commit, a tag or a branch, so that `.git` may be needed
 * in the context. Errs on the side of yes: a script that cannot be read may do anything.
 */
export const mayReadGit = memoise<Facts, boolean>((facts) => {
  const uses = facts.commands().filter((use) => use.stage?.role !== 'unreachable');
  const files = lazy(() => new Set(neededCopies(facts).flatMap((copy) => sentFiles(facts, copy))));
  const reads = (path: string): boolean =>
    (facts.context?.stat(path)?.size ?? 0) < LARGEST && READS_GIT.test(facts.context?.read(path)?.text ?? '');
  if (uses.some((use) => STAMPING.has(use.command.name) || asksGit(use) || isOpaque(use, files))) return true;
  if (facts.document.instructions.some((one) => isUnread(facts, one))) return true;
  const all = [...files()];
  const builds = all.filter((path) => BUILD_FILE.test(baseName(path)));
  const sources = all.filter((path) => SOURCE_FILE.test(path));
  return builds.slice(0, MOST_BUILD_FILES).some(reads) || sources.slice(0, MOST_SOURCE_FILES).some(reads);
});

/** PowerShell and the like are not read. */
function isUnread(facts: Facts, instruction: Instruction): boolean {
  if (instruction.keyword !== 'RUN' || instruction.command.form !== 'shell') return false;
  if (facts.stageOf(instruction)?.role === 'unreachable') return false;
  return instruction.argumentsText !== '' && facts.scriptsOf(instruction).length === 0;
}

function asksGit({ command, script }: CommandUse): boolean {
  if (command.name !== 'git') return false;
  const words = command.words.slice(1).map((word) => word.value);
  if (words.some((word) => ELSEWHERE.has(word)) || words.includes('--version')) return false;
  // After a clone the others speak of what was cloned.
  const all = script?.commands ?? [];
  return !all.some(
    (one) => one.name === 'git' && one.words.some((word) => word.value === 'clone' || word.value === 'init'),
  );
}

/** A task or script whose text is not among the files that are sent. */
function isOpaque({ command }: CommandUse, files: () => ReadonlySet<string>): boolean {
  const tasks = Object.hasOwn(TASK_FILES, command.name) ? TASK_FILES[command.name] : undefined;
  if (tasks) return ![...files()].some((path) => tasks.test(path));
  const named = command.nameWord?.value ?? '';
  const script = /^(?:ba|da|a|z|k)?sh$/.test(command.name) ? (command.operands[0]?.value ?? '') : named;
  const isLocal = script.startsWith('./') || /\.(?:sh|bash|py|rb)$/.test(script);
  if (!isLocal || /(?:^|\/)(?:gradlew|mvnw|configure)$/.test(script)) return false;
  return ![...files()].some((path) => path.endsWith('.sh') && baseName(path) === baseName(script));
}

/**
 * The `.git` directories that a COPY may bring: that of the project, and of what was cloned into it. A submodule has a file of
 * one line in its place.
 */
export function repositories(copy: CopyFacts, facts: Facts, context: BuildContext): readonly string[] {
  const all = ['.git', ...passedOver(facts, copy).filter((path) => path.endsWith('/.git'))];
  return all.filter((path) => context.kindOf(path) === 'directory');
}
