import { baseName, joinPath, parentOf } from '../context/paths.js';
import type { BuildContext, NodeProject } from '../context/types.js';
import { memoise } from './lazy.js';
import { neededCopies, passedOver, sendingOf, sentFiles } from './sent-files.js';
import type { CopyFacts, Facts, NodeInstall } from './types.js';

/** A `node_modules` of the build context that a COPY brings, or will as soon as someone has run an install there. */
export interface HostModules {
  readonly copy: CopyFacts;
  /** Relative to the context. */
  readonly path: string;
  /** It is there now. */
  readonly present: boolean;
  /** It is there, and no .gitignore names it: the project may keep it in its repository. */
  readonly maybeCommitted: boolean;
  /** What put packages at the same place of the image before, so that the host's go over them; null: nothing. */
  readonly over: NodeInstall | CopyFacts | null;
  /** An install at the same place afterwards takes the host's away first, as `npm ci` does. */
  readonly replaced: boolean;
  /** The image installs these packages by itself, so that it does not need the host's. */
  readonly installed: boolean;
}

/** More manifests than this are not looked at. */
const MOST_PROJECTS = 200;

/** Patterns for one kind of file below it do not keep the rest out, so that two kinds are tried. */
const PROBES = ['a-package/package.json', 'a-package/lib/index.js'];

/** Every such `node_modules`, by COPY; those of the stage nearest to the target first. */
export const hostModules = memoise<Facts, readonly HostModules[]>((facts) => {
  const { context } = facts;
  const installs = facts.node.installs.filter((install) => install.stage.role !== 'unreachable');
  if (!context || installs.length === 0) return [];
  return neededCopies(facts).flatMap((copy) => {
    const places = [
      ...sentFiles(facts, copy).filter((path) => baseName(path) === 'package.json'),
      // Packages may be there without the manifest.
      ...passedOver(facts, copy).filter((path) => baseName(path) === 'node_modules'),
    ];
    return [...new Set(places.map(parentOf))].slice(0, MOST_PROJECTS).flatMap((directory) => {
      const found = modulesOf(facts, context, copy, directory, installs);
      return found ? [found] : [];
    });
  });
});

function modulesOf(
  facts: Facts,
  context: BuildContext,
  copy: CopyFacts,
  directory: string,
  installs: readonly NodeInstall[],
): HostModules | null {
  const path = joinPath(directory, 'node_modules');
  const sending = PROBES.map((probe) => sendingOf(facts, copy, `${path}/${probe}`)).find((one) => one !== null);
  // Who writes `!node_modules` means it.
  if (!sending || context.decide(`${path}/${PROBES[0]}`).by?.pattern.includes('node_modules')) return null;
  const landing = sending.imagePath === null ? null : placeOf(sending.imagePath);
  const present = context.kindOf(path) !== null;
  const over = landing === null ? null : filledBefore(copy, landing, installs);
  const own = installs.filter((one) => one.project?.directory === directory || isAt(one, landing));
  const asMember = installs.some((one) => hasMember(one.project, directory));
  if (!present && (own.length === 0 || !makesModules(context.node(directory)))) return null;
  return {
    copy,
    path,
    present,
    maybeCommitted: present && !context.isGitIgnored(path),
    over,
    replaced: own.some((one) => one.manager === 'npm' && one.frozen && isAfter(one, copy)),
    installed: own.length > 0 || asMember || over !== null,
  };
}

/** The `node_modules` of the image that holds a probe. */
function placeOf(imagePath: string): string {
  const marker = '/node_modules/';
  return imagePath.slice(0, imagePath.lastIndexOf(marker) + marker.length - 1);
}

/** With Plug'n'Play, yarn makes no node_modules; a manifest without dependencies gives none either. */
function makesModules(project: NodeProject | null): boolean {
  if (!project) return false;
  const { dependencies, devDependencies, optionalDependencies, workspaces } = project.manifest;
  if (dependencies.size + devDependencies.size + optionalDependencies.size + workspaces.length === 0) return false;
  return !project.yarnrc || project.yarnrc.nodeLinker === 'node-modules' || project.yarnrc.nodeLinker === 'pnpm';
}

/** True where an install in a workspace's root serves the directory too. */
function hasMember(root: NodeProject | null, directory: string): boolean {
  if (!root || (root.manifest.workspaces.length === 0 && root.pnpmWorkspace === null)) return false;
  return root.directory === '.' ? directory !== '.' : directory.startsWith(`${root.directory}/`);
}

function isAt(install: NodeInstall, landing: string | null): boolean {
  return install.directory !== null && landing === joinPath(install.directory, 'node_modules');
}

/** The install, or the COPY from another stage, that filled a directory before a COPY of the same stage or a child. */
function filledBefore(
  copy: CopyFacts,
  landing: string,
  installs: readonly NodeInstall[],
): NodeInstall | CopyFacts | null {
  const start = copy.instruction.span.start;
  for (let stage: CopyFacts['stage'] | null = copy.stage; stage; stage = stage.parent) {
    const install = installs.findLast(
      (one) => one.stage === stage && isAt(one, landing) && one.instruction.span.start < start,
    );
    const brought = stage.copies.findLast(
      (one) => one.origin === 'stage' && one.instruction.span.start < start && fills(one, landing),
    );
    if (install ?? brought) return install ?? brought ?? null;
  }
  return null;
}

function fills(copy: CopyFacts, landing: string): boolean {
  if (copy.destination === landing) return true;
  if (copy.destination !== parentOf(landing)) return false;
  return copy.intoDirectory && copy.sources.some(({ path }) => path !== null && /\/node_modules$/.test(path));
}

function isAfter(install: NodeInstall, copy: CopyFacts): boolean {
  return install.stage === copy.stage && install.instruction.span.start > copy.instruction.span.start;
}
