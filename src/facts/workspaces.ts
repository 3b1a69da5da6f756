import { joinPath } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import type { Span } from '../model/span.js';
import { hasFlag } from '../shell/types.js';
import { broughtBy } from './copies.js';
import { readPnpmLock, readYarnLock } from './lock-text.js';
import { lockfileOf, type StagedInstall } from './staged-install.js';
import type { CopyFacts, Facts } from './types.js';

/** Directories of the workspaces, relative to the project, as its lockfile names them. */
export function workspacesOf(staged: StagedInstall, context: BuildContext): readonly string[] {
  const lock = lockfileOf(staged);
  const source = lock && lock !== 'absent' && lock.origin !== null ? context.read(lock.origin) : null;
  if (!source) return [];
  switch (staged.install.manager) {
    case 'yarn':
      return readYarnLock(source)?.workspaces ?? [];
    case 'pnpm': {
      const listed = staged.at('pnpm-workspace.yaml').status === 'present' ? readPnpmLock(source)?.importers : null;
      return [...(listed?.keys() ?? [])].filter((path) => path !== '.' && !path.startsWith('..'));
    }
    case 'npm':
      // A link to a directory of the project; other entries are of the registry.
      return [...source.text.matchAll(/"resolved": "(?!\w+:)([\w./@-]+)",\s+"link": true/g)].flatMap(([, path]) =>
        path === undefined || path.startsWith('..') ? [] : [path],
      );
    default:
      return [];
  }
}

/** A workspace that is there and asks for one that is not by `workspace:`. */
export function unresolved(
  { project }: StagedInstall,
  absent: readonly string[],
  members: readonly string[],
  context: BuildContext,
): { readonly path: string; readonly name: string } | null {
  const names = new Set(absent.flatMap((path) => context.node(joinPath(project.directory, path))?.manifest.name ?? []));
  for (const path of ['.', ...members]) {
    if (absent.includes(path)) continue;
    const manifest = context.node(joinPath(project.directory, path))?.manifest;
    for (const [name, { value }] of [...(manifest?.dependencies ?? [])]) {
      if (names.has(name) && /^workspace:[*^~]?$/.test(value))
        return { path: path === '.' ? 'package.json' : path, name };
    }
  }
  return null;
}

/** A workspace that a later COPY of the same stage brings, with a dependency that no manifest before it has. */
export function lateOne(
  { install, directory, project }: StagedInstall,
  absent: readonly string[],
  members: readonly string[],
  facts: Facts,
): { readonly path: string; readonly name: string; readonly at: Span } | null {
  const { context } = facts;
  const present = members.filter((path) => !absent.includes(path));
  // Who copies no manifest of a workspace means the root alone.
  if (!context || present.length === 0 || isInstalledLater(install.instruction.span.start, install.stage.index, facts))
    return null;
  const known = new Set(
    ['.', ...present].flatMap((path) => {
      const manifest = context.node(joinPath(project.directory, path))?.manifest;
      return manifest ? [...manifest.dependencies.keys(), ...manifest.devDependencies.keys()] : [];
    }),
  );
  const isLocal = new Set(
    members.flatMap((path) => context.node(joinPath(project.directory, path))?.manifest.name ?? []),
  );
  for (const path of absent) {
    const manifest = context.node(joinPath(project.directory, path))?.manifest;
    const name = [...(manifest?.dependencies.keys() ?? [])].find((one) => !known.has(one) && !isLocal.has(one));
    const copy = name && laterCopy(install.stage.copies, install.instruction.span.start, `${directory}/${path}`, facts);
    if (name && copy) return { path, name, at: copy.instruction.span };
  }
  return null;
}

function laterCopy(copies: readonly CopyFacts[], after: number, directory: string, facts: Facts): CopyFacts | null {
  const manifest = joinPath(directory, 'package.json');
  return (
    copies.find((copy) => copy.instruction.span.start > after && broughtBy(copy, manifest, facts.context) !== null) ??
    null
  );
}

/** True where the stage installs again. */
function isInstalledLater(after: number, stage: number, facts: Facts): boolean {
  return facts
    .commands('npm', 'yarn', 'pnpm', 'bun', 'lerna', 'nx', 'turbo', 'rush')
    .some(
      ({ command, instruction, stage: own }) =>
        own?.index === stage &&
        instruction.span.start >= after &&
        instruction.span.start !== after &&
        (/^(?:install|ci|add|bootstrap|)$/.test(command.subcommand ?? 'x') || hasFlag(command, '--filter')),
    );
}
