import { baseName, joinPath } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import { hasFlag } from '../shell/types.js';
import type { Ecosystem } from './ecosystems.js';
import { verbOf, type Work } from './work.js';

/** How an install can be cut off from the source, in words for a person. */
export interface Separation {
  /** The files to copy first, those of the context that are there. */
  readonly files: readonly string[];
  /** The command to run then. */
  readonly command: string;
}

/**
 * What to copy and to run before the source, so that the dependencies stay cached; null where the install needs the source,
 * or where that cannot be told.
 *
 * @param directory of the project in the context; null: there is no context to look at
 */
export function separation(work: Work, directory: string | null, context: BuildContext | null): Separation | null {
  const { ecosystem } = work;
  if (!ecosystem) return null;
  const command = commandOf(work, ecosystem);
  if (command === null) return null;
  if (directory === null || !context) return { files: plainFiles(ecosystem), command };
  const read = (name: string): string | null => context.read(joinPath(directory, name))?.text ?? null;
  if (needsSource(work, ecosystem, read)) return null;
  const wrapper = work.use.command.name === 'mvnw' ? ['mvnw', '.mvn'] : [];
  const names = [
    ...wrapper,
    ...(work.kind === 'dependencies' ? requirementFiles(work, read) : []),
    ...plainNames(ecosystem),
    ...ecosystem.settings,
  ];
  const there = [...new Set(names)].map((name) => joinPath(directory, name)).filter((path) => context.isSent(path));
  // uv stops where it is told to take a lockfile that is not there.
  const isFrozen = ecosystem.id !== 'uv' || there.some((path) => path.endsWith('uv.lock'));
  const projects = ecosystem.id === 'dotnet' ? ['the project files (*.csproj)'] : [];
  return {
    files: there.length + projects.length > 0 ? [...projects, ...there] : plainFiles(ecosystem),
    command: isFrozen ? command : command.replace(' --frozen', ''),
  };
}

/** The usual names of what an install reads. */
function plainFiles(ecosystem: Ecosystem): readonly string[] {
  const [manifest = ''] = ecosystem.manifests;
  const first =
    ecosystem.id === 'pip' ? 'requirements.txt' : ecosystem.id === 'dotnet' ? 'the .csproj files' : manifest;
  return [first, ...ecosystem.lockfiles.slice(0, 1)];
}

function plainNames({ manifests, lockfiles }: Ecosystem): readonly string[] {
  return [...manifests, ...lockfiles].filter((name) => !name.includes('*'));
}

/** The files that `-r` and `-c` name and those that they include, as seen from the directory of the manifest. */
function requirementFiles({ use }: Work, read: (name: string) => string | null): readonly string[] {
  const named = use.command.flags.flatMap(({ name, value, literal }) =>
    /^(?:-r|--requirements?|-c|--constraint)$/.test(name) && literal && value !== null ? [value] : [],
  );
  return named.flatMap((value) => {
    // A command of a directory above names `requirements/web.txt`.
    const name = read(value) === null ? baseName(value) : value;
    const included = [...(read(name) ?? '').matchAll(/^\s*-[rc]\s*([\w./-]+)/gm)].map(([, file = '']) => file);
    return [name, ...included];
  });
}

/** Null where there is no command that installs and does nothing else. */
function commandOf({ kind, use, label }: Work, { id }: Ecosystem): string | null {
  if (kind === 'dependencies') {
    switch (id) {
      case 'pip':
        return hasFlag(use.command, '-e', '--editable') || use.command.operands.length > 0 ? null : label;
      case 'uv':
        if (use.command.subcommand !== 'sync')
          return use.command.operands.length > 0 || hasFlag(use.command, '-e', '--editable') ? null : label;
        return `uv sync --frozen --no-install-project`;
      case 'poetry':
        return 'poetry install --no-root';
      case 'composer':
        return 'composer install --no-scripts --no-autoloader';
      case 'go':
        // They write down what the source imports, so that they cannot do without it.
        return /^mod (?:tidy|vendor)\b/.test(verbOf(use.command)) ? null : label;
      default:
        return label;
    }
  }
  const fetches: Readonly<Record<string, string>> = {
    go: 'go mod download',
    dotnet: 'dotnet restore',
    maven: `${use.command.name === 'mvnw' ? './mvnw' : 'mvn'} dependency:go-offline`,
  };
  if (id === 'maven' && hasFlag(use.command, '-o', '--offline')) return null;
  return fetches[id] ?? null;
}

/** True where the manifests name parts of the project itself, so that they alone are not enough. */
function needsSource({ use, kind }: Work, { id }: Ecosystem, read: (name: string) => string | null): boolean {
  switch (id) {
    case 'pip':
    case 'uv': {
      const project = read('pyproject.toml') ?? '';
      if (use.command.subcommand === 'sync' && /\[tool\.uv\.workspace\]|path\s*=/.test(project)) return true;
      const files = use.command.flags.flatMap(({ value }) => (value?.endsWith('.txt') ? [value, baseName(value)] : []));
      return files.some((name) => /^\s*(?:-e\b|--editable\b|\.{1,2}\/|\.\s*$|file:)/m.test(read(name) ?? ''));
    }
    case 'poetry':
    case 'pipenv':
      return /\bpath\s*=/.test(`${read('pyproject.toml') ?? ''}${read('Pipfile') ?? ''}`);
    case 'go': {
      const module = read('go.mod');
      // A vendored module downloads nothing.
      if (module === null || read('vendor/modules.txt') !== null || read('go.work') !== null) return true;
      if (/^\s*replace\b[\s\S]*=>\s*\.{1,2}\//m.test(module) || /=>\s*\.{1,2}\//.test(module)) return true;
      return kind !== 'dependencies' && !/^\s*require\b/m.test(module);
    }
    case 'bundler':
      return /^\s*gemspec\b|\bpath(?::|\s*=>)/m.test(read('Gemfile') ?? '');
    case 'composer':
      return /"type"\s*:\s*"path"/.test(read('composer.json') ?? '');
    case 'mix':
      return /apps_path|\bpath:/.test(read('mix.exs') ?? '');
    case 'maven':
      return /<modules?>/.test(read('pom.xml') ?? '');
    case 'gradle':
      return /\binclude\b/.test(`${read('settings.gradle') ?? ''}${read('settings.gradle.kts') ?? ''}`);
    case 'cargo':
      return /^\s*\[workspace\]/m.test(read('Cargo.toml') ?? '');
    default:
      return false;
  }
}
