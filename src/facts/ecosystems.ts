import { compileName } from '../context/glob.js';
import { lockfileNames } from '../context/lockfiles.js';
import { baseName } from '../context/paths.js';

/** One way in which projects list what they depend on, with the commands that read the list. */
export interface Ecosystem {
  readonly id: string;
  /** The programs that install or build. */
  readonly tools: readonly string[];
  /** Names, or globs of names, of the files that list what is wanted; the first is the usual one. */
  readonly manifests: readonly string[];
  /** Names of the files that hold what was resolved. */
  readonly lockfiles: readonly string[];
  /** Further files that an install reads where they are there. */
  readonly settings: readonly string[];
  /** What the words after the program's name begin with where it installs the dependencies of a project. */
  readonly installs: RegExp;
  /** The same where it compiles or builds the project's own source. */
  readonly builds: RegExp;
  /** How source files are named. */
  readonly sources: RegExp;
}

const SCRIPT_SOURCES = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx|css|scss|less|html)$/;
const PYTHON_SOURCES = /\.pyx?$/;
const JVM_SOURCES = /\.(?:java|kt|scala|groovy|clj)$/;

/**
 * Words are those that are neither flags nor their values, joined by a blank, as {@link verbOf} gives them: `mod download`,
 * `dependency:go-offline`, `run build`.
 */
export const ECOSYSTEMS: readonly Ecosystem[] = [
  {
    id: 'npm',
    tools: ['npm'],
    manifests: ['package.json'],
    lockfiles: lockfileNames('npm'),
    settings: ['.npmrc'],
    installs: /^(?:ci|install)$/,
    builds: /^run [\w:-]*(?:build|compile|bundle)/,
    sources: SCRIPT_SOURCES,
  },
  {
    id: 'yarn',
    tools: ['yarn'],
    manifests: ['package.json'],
    lockfiles: lockfileNames('yarn'),
    settings: ['.yarnrc.yml', '.yarnrc', '.npmrc'],
    installs: /^(?:install|workspaces focus\b.*)?$/,
    builds: /^(?:run )?[\w:-]*(?:build|compile|bundle)/,
    sources: SCRIPT_SOURCES,
  },
  {
    id: 'pnpm',
    tools: ['pnpm'],
    manifests: ['package.json', 'pnpm-workspace.yaml'],
    lockfiles: lockfileNames('pnpm'),
    settings: ['.npmrc', '.pnpmfile.cjs'],
    installs: /^(?:install|fetch)$/,
    builds: /^(?:run )?[\w:-]*(?:build|compile|bundle)/,
    sources: SCRIPT_SOURCES,
  },
  {
    id: 'bun',
    tools: ['bun'],
    manifests: ['package.json'],
    lockfiles: lockfileNames('bun'),
    settings: ['bunfig.toml', '.npmrc'],
    installs: /^(?:install|ci)$/,
    builds: /^(?:run )?[\w:-]*(?:build|compile|bundle)/,
    sources: SCRIPT_SOURCES,
  },
  {
    id: 'pip',
    tools: ['pip'],
    manifests: ['requirements*.txt', 'requirements*.in', 'constraints*.txt', 'pyproject.toml', 'setup.py', 'setup.cfg'],
    lockfiles: [],
    settings: ['pip.conf'],
    installs: /^install\b/,
    builds: /^wheel\b/,
    sources: PYTHON_SOURCES,
  },
  {
    id: 'poetry',
    tools: ['poetry'],
    manifests: ['pyproject.toml'],
    lockfiles: ['poetry.lock'],
    settings: ['poetry.toml'],
    installs: /^(?:install|sync)\b/,
    builds: /^build\b/,
    sources: PYTHON_SOURCES,
  },
  {
    id: 'uv',
    tools: ['uv'],
    manifests: ['pyproject.toml', 'requirements*.txt'],
    lockfiles: ['uv.lock'],
    settings: ['uv.toml', '.python-version'],
    installs: /^(?:sync\b|pip (?:install|sync)\b)/,
    builds: /^build\b/,
    sources: PYTHON_SOURCES,
  },
  {
    id: 'pipenv',
    tools: ['pipenv'],
    manifests: ['Pipfile'],
    lockfiles: ['Pipfile.lock'],
    settings: [],
    installs: /^(?:install|sync)\b/,
    builds: /^$^/,
    sources: PYTHON_SOURCES,
  },
  {
    id: 'go',
    tools: ['go'],
    manifests: ['go.mod', 'go.work'],
    lockfiles: ['go.sum', 'go.work.sum'],
    settings: [],
    installs: /^mod (?:download|vendor|tidy)\b/,
    builds: /^(?:build|install|test|generate)\b/,
    sources: /\.go$/,
  },
  {
    id: 'cargo',
    tools: ['cargo'],
    manifests: ['Cargo.toml'],
    lockfiles: ['Cargo.lock'],
    settings: ['rust-toolchain', 'rust-toolchain.toml', 'recipe.json'],
    installs: /^(?:fetch|vendor|chef cook)\b/,
    builds: /^(?:build|install|test|check|rustc|zigbuild)\b/,
    sources: /\.rs$/,
  },
  {
    id: 'maven',
    tools: ['mvn', 'mvnw'],
    manifests: ['pom.xml'],
    lockfiles: [],
    settings: ['settings.xml', 'maven.config', 'jvm.config'],
    installs: /(?:^|\s)dependency:(?:go-offline|resolve|resolve-plugins|copy-dependencies|tree)\b/,
    builds: /(?:^|\s)(?:compile|test|package|verify|install|deploy|spring-boot:\S+|native:\S+)(?:\s|$)/,
    sources: JVM_SOURCES,
  },
  {
    id: 'gradle',
    tools: ['gradle', 'gradlew'],
    manifests: ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'],
    lockfiles: ['gradle.lockfile'],
    settings: ['gradle.properties', 'libs.versions.toml', 'gradle-wrapper.properties'],
    installs:
      /(?:^|\s):?(?:\w+:)*(?:dependencies|resolveDependencies|downloadDependencies|resolveAllDependencies)(?:\s|$)/,
    builds:
      /(?:^|\s):?(?:[\w-]+:)*(?:build|assemble|jar|bootJar|bootWar|war|shadowJar|installDist|classes|test|distTar|distZip|nativeCompile)(?:\s|$)/,
    sources: JVM_SOURCES,
  },
  {
    id: 'dotnet',
    tools: ['dotnet'],
    manifests: ['*.csproj', '*.fsproj', '*.vbproj', '*.sln', '*.slnx'],
    lockfiles: ['packages.lock.json'],
    settings: [
      'nuget.config',
      'NuGet.config',
      'NuGet.Config',
      'global.json',
      'Directory.*.props',
      'Directory.*.targets',
    ],
    installs: /^restore\b/,
    builds: /^(?:build|publish|test|pack|msbuild)\b/,
    sources: /\.(?:cs|fs|vb|cshtml|razor)$/,
  },
  {
    id: 'composer',
    tools: ['composer'],
    manifests: ['composer.json'],
    lockfiles: ['composer.lock'],
    settings: ['auth.json', 'symfony.lock'],
    installs: /^(?:install|update)\b/,
    builds: /^dump-?autoload\b/,
    sources: /\.php$/,
  },
  {
    id: 'bundler',
    tools: ['bundle', 'bundler'],
    manifests: ['Gemfile', '*.gemspec'],
    lockfiles: ['Gemfile.lock'],
    settings: ['.ruby-version', '.bundle'],
    installs: /^install\b/,
    builds: /^exec (?:rake|rails) assets:precompile\b/,
    sources: /\.(?:rb|erb|rake)$/,
  },
  {
    id: 'mix',
    tools: ['mix'],
    manifests: ['mix.exs'],
    lockfiles: ['mix.lock'],
    settings: [],
    installs: /(?:^|\s)deps\.(?:get|compile)\b/,
    builds: /(?:^|\s)(?:compile|release|assets\.deploy|phx\.digest)\b/,
    sources: /\.(?:ex|exs|heex|eex|leex)$/,
  },
];

/** What a file is to a project: what it wants, what was resolved, how tools are set; null: source, or something else. */
export type InputRole = 'manifest' | 'lockfile' | 'setting';

/** The role of a file by its name, in one ecosystem or in any. */
export function inputRole(path: string, ecosystems: readonly Ecosystem[] = ECOSYSTEMS): InputRole | null {
  const name = baseName(path);
  const has = (list: readonly string[]): boolean => list.some((pattern) => matchesName(pattern, name));
  if (ecosystems.some(({ manifests }) => has(manifests))) return 'manifest';
  // `requirements/production.txt`, as many projects of Python have them.
  if (/(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/.test(path) && ecosystems.some(({ id }) => id === 'pip' || id === 'uv'))
    return 'manifest';
  if (ecosystems.some(({ lockfiles }) => has(lockfiles))) return 'lockfile';
  return ecosystems.some(({ settings }) => has(settings)) ? 'setting' : null;
}

const compiled = new Map<string, (name: string) => boolean>();

/** Whether a name is what a table writes: a name, or a glob of names. */
export function matchesName(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name;
  let matcher = compiled.get(pattern);
  if (!matcher) {
    matcher = compileName(pattern) ?? (() => false);
    compiled.set(pattern, matcher);
  }
  return matcher(name);
}
