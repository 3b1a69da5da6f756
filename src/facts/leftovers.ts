import { createMatcher, parseIgnoreFile } from '../context/dockerignore.js';
import { baseName } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import { createSource } from '../model/source.js';
import type { Command } from '../shell/types.js';
import { shortReaches } from './ignore-reach.js';
import { lazy, memoise, remember } from './lazy.js';
import { partFinder } from './path-parts.js';
import { certainContext, neededCopies, sendingOf, sentFiles } from './sent-files.js';
import type { CopyFacts, Facts } from './types.js';

/** Something that work on the project has left in the context, and that a COPY brings along. */
export interface Leftover {
  /** A file or a directory, relative to the context. */
  readonly path: string;
  /** The image makes its own; else it has no use for it. */
  readonly made: boolean;
  /** What keeps it out. */
  readonly pattern: string;
}

/** Names under which nothing is kept that anyone wrote. */
const CACHE =
  /^(?:__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.nox|\.nyc_output|\.turbo|\.parcel-cache|\.sass-cache|\.scannerwork|\.ipynb_checkpoints|\.DS_Store|Thumbs\.db|\.eslintcache|.+\.py[co]|.+\.tsbuildinfo|(?:npm|yarn|pnpm)-(?:debug|error)\.log.*)$/;

/** These are left behind as well, though a project may have a part of that name. */
const RESULT = /^(?:coverage|htmlcov|\.coverage|playwright-report|test-results|.+\.log|.+\.egg-info)$/;

/** What programs that measure coverage call their files. */
const REPORT = /(?:^|\/)(?:coverage|htmlcov)\/(?:lcov|clover\.xml|coverage-final\.json|cobertura|\.last_run\.json)/;

/** What a build writes, with the commands that do; the first name of a row is certain enough where no .gitignore is. */
interface Output {
  readonly certain: RegExp;
  readonly likely: RegExp;
  readonly commands: readonly string[];
  builds(command: Command): boolean;
}

const OUTPUTS: readonly Output[] = [
  {
    certain: /^(?:dist|\.next|\.nuxt|\.output|\.svelte-kit|\.angular)$/,
    likely: /^(?:build|out|lib|dist-\w+)$/,
    commands: 'npm yarn pnpm bun tsc vite next nuxt ng webpack rollup tsup astro turbo nx nest react-scripts'.split(
      ' ',
    ),
    builds: ({ name, subcommand, operands }) =>
      name === 'tsc' || name === 'webpack' || name === 'rollup' || name === 'tsup' || subcommand === 'run'
        ? name === 'tsc' || /build|compile|bundle|dist|^generate$/.test(operands[0]?.value ?? 'build')
        : subcommand === 'build' || operands.some(({ value }) => /^build(?:$|[:_-])/.test(value)),
  },
  {
    certain: /^target$/,
    likely: /^target$/,
    commands: ['cargo', 'mvn', 'mvnw'],
    builds: ({ name, subcommand }) => name !== 'cargo' || /^(?:build|install|run|test)$/.test(subcommand ?? ''),
  },
  { certain: /^\.gradle$/, likely: /^build$/, commands: ['gradle', 'gradlew'], builds: () => true },
  { certain: /^obj$/, likely: /^bin$/, commands: ['dotnet'], builds: () => true },
  { certain: /^_build$/, likely: /^deps$/, commands: ['mix'], builds: () => true },
];

/** What a COPY of a whole directory brings of such things; each is named once, with the first COPY that does. */
export const leftovers = memoise<Facts, ReadonlyMap<CopyFacts, readonly Leftover[]>>((facts) => {
  const found = new Map<CopyFacts, readonly Leftover[]>();
  const context = certainContext(facts);
  if (!context) return found;
  const said = new Set<string>();
  const kinds = kindsOf(facts, context);
  const isSpokenFor = spokenFor(facts, context);
  for (const copy of neededCopies(facts)) {
    const paths = new Map<string, boolean>();
    const files = sentFiles(facts, copy);
    for (const file of files) {
      const hit = kinds(file);
      if (hit && !said.has(hit.path) && !paths.has(hit.path) && !isSpokenFor(hit.path, file))
        paths.set(hit.path, hit.made);
    }
    for (const path of environments(facts, context, copy)) if (!said.has(path)) paths.set(path, true);
    if (paths.size === 0) continue;
    for (const path of paths.keys()) said.add(path);
    found.set(copy, withPatterns(paths, files));
  }
  return found;
});

type Kind = { readonly path: string; readonly made: boolean } | null;

/** Finds the part of a path that is such a thing: the directory nearest to the root, or the file. */
function kindsOf(facts: Facts, context: BuildContext): (file: string) => Kind {
  const hasGitIgnore = lazy(() => context.kindOf('.gitignore') !== null);
  const text = facts.document.source.text;
  const outputs = OUTPUTS.map((output) => ({
    ...output,
    made: lazy(() =>
      facts.commands(...output.commands).some((use) => use.stage?.role !== 'unreachable' && output.builds(use.command)),
    ),
  }));
  const sources = neededCopies(facts).flatMap((copy) => copy.sources.flatMap(({ path }) => path?.split('/') ?? []));
  const named = new Set(sources);
  const kindOf = remember((name: string): { readonly made: boolean; readonly sure: boolean } | null => {
    if (CACHE.test(name)) return { made: false, sure: true };
    const output = outputs.find(({ certain, likely }) => certain.test(name) || likely.test(name));
    if (output) {
      if (named.has(name) || !output.made()) return null;
      return { made: true, sure: output.certain.test(name) && !hasGitIgnore() };
    }
    return RESULT.test(name) && !text.includes(name)
      ? { made: false, sure: !hasGitIgnore() && !/log$/.test(name) }
      : null;
  });
  const part = partFinder((name, isDirectory) => {
    const kind = kindOf(name);
    return kind !== null && (isDirectory || !kind.made);
  });
  return (file) => {
    const path = part(file);
    const kind = path === null ? null : kindOf(baseName(path));
    if (path === null || !kind) return null;
    // Unless its name says it all, only what git leaves out as well is no part of the project.
    const sure = kind.sure || REPORT.test(file) || context.isGitIgnored(file);
    return sure ? { path, made: kind.made } : null;
  };
}

type SpokenFor = (path: string, file: string) => boolean;

/** A line of the ignore file speaks of it, or another rule does: the line falls short, or its file is not read. */
function spokenFor(facts: Facts, context: BuildContext): SpokenFor {
  const { ignoreFile } = context;
  if (!ignoreFile) return () => false;
  const short = lazy(() => {
    const lines = shortReaches(facts, context, ignoreFile).map(({ instead }) => instead);
    return createMatcher(parseIgnoreFile(createSource('', lines.join('\n')), 'dockerignore').patterns);
  });
  const general = ignoreFile.kind === 'dockerfile-specific' ? context.read('.dockerignore') : null;
  const unread = general && createMatcher(parseIgnoreFile(general, 'dockerignore').patterns);
  return (path, file) => {
    const pattern = context.decide(file).by?.pattern ?? '';
    // Who writes `!dist` means it.
    if (baseName(pattern) === baseName(path) || pattern.startsWith(`${path}/`)) return true;
    return unread?.decide(file).ignored === true || short().decide(file).ignored;
  };
}

const MAKERS = ['uv', 'poetry', 'pdm', 'pipenv', 'virtualenv', 'python', 'python3'];

/** A virtual environment at the root: it is not walked, and runs nowhere but where it was made. */
function environments(facts: Facts, context: BuildContext, copy: CopyFacts): readonly string[] {
  if (!copy.broad) return [];
  return ['.venv', 'venv'].filter((name) => {
    const probe = `${name}/pyvenv.cfg`;
    if (context.kindOf(probe) !== 'file' || !sendingOf(facts, copy, probe)) return false;
    const mentioned = new RegExp(`(?<![\\w.])${name.replace('.', '\\.')}\\b`).test(facts.document.source.text);
    return (
      !mentioned || facts.commands(...MAKERS).some((use) => use.stage?.role !== 'unreachable' && makesOwn(use.command))
    );
  });
}

function makesOwn({ name, words }: Command): boolean {
  return name.startsWith('python') ? words.some(({ value }) => value === 'venv') : true;
}

/** One pattern for all of a name where it fits nothing else that is sent. */
function withPatterns(paths: ReadonlyMap<string, boolean>, files: readonly string[]): readonly Leftover[] {
  const all = [...paths.keys()];
  const patternOf = remember((name: string): string | null => {
    const same = all.filter((path) => baseName(path) === name);
    if (same.every((path) => !path.includes('/'))) return name;
    if (CACHE.test(name)) return `**/${name}`;
    if (same.length < 2) return null;
    const covered = (file: string): boolean => same.some((path) => file === path || file.startsWith(`${path}/`));
    return files.every((file) => !file.split('/').includes(name) || covered(file)) ? `**/${name}` : null;
  });
  return [...paths].map(([path, made]) => ({ path, made, pattern: patternOf(baseName(path)) ?? path }));
}
