import { joinPath } from '../context/paths.js';
import type { BuildContext, Located, NodeProject } from '../context/types.js';
import type { Place } from '../model/finding.js';
import type { StagedInstall } from './staged-install.js';
import type { Facts } from './types.js';

/** A package that a manifest takes from a path instead of a registry. */
export interface LocalDependency {
  readonly name: string;
  readonly spec: Located<string>;
  readonly protocol: 'file' | 'link' | 'portal';
  /** Relative to the directory of the manifest, clean; begins with `..` where it leaves it. */
  readonly path: string;
  readonly isArchive: boolean;
}

/** The local dependencies that an install is certain to look at. */
export function localDependencies({ install, project }: StagedInstall): readonly LocalDependency[] {
  const { dependencies, devDependencies } = project.manifest;
  return [...dependencies, ...(install.omitsDev === false ? devDependencies : [])].flatMap(([name, spec]) => {
    const found = /^(?:(file|link|portal):)?(.+)$/.exec(spec.value);
    const text = found?.[2] ?? '';
    if (!found?.[1] && !/^\.{1,2}\//.test(text)) return [];
    // An absolute path, a home directory, or an address.
    if (/^(?:~|\/)|[#?$*]|::/.test(text)) return [];
    const protocol = found?.[1] === 'link' || found?.[1] === 'portal' ? found[1] : 'file';
    return [{ name, spec, protocol, path: joinPath('.', text), isArchive: /\.(?:tgz|tar\.gz|tar)$/.test(text) }];
  });
}

/** A patch that an install applies, as a file relative to the directory of the manifest. */
export interface PatchFile {
  readonly path: string;
  /** Where it is named, for a reader; null: in a file that has no places here. */
  readonly named: Located<string> | null;
  readonly by: string;
}

/** The patch files that the package manager itself opens at the install. */
export function patchFiles({ install, project, at }: StagedInstall): readonly PatchFile[] {
  const { manifest } = project;
  if (install.manager === 'pnpm') {
    const settings = at('pnpm-workspace.yaml').status === 'present' ? project.pnpmPatches : new Map<string, string>();
    if (settings.size > 0) return [...settings.values()].map((path) => fileOf(path, null, 'pnpm-workspace.yaml'));
    return [...manifest.patchedDependencies.values()].map((named) => fileOf(named.value, named, 'package.json'));
  }
  if (install.manager !== 'yarn') return [];
  return [...manifest.dependencies.values(), ...manifest.resolutions.values()].flatMap((named) =>
    patchesOfSpec(named.value).map((path) => fileOf(path, named, 'package.json')),
  );
}

function fileOf(path: string, named: Located<string> | null, by: string): PatchFile {
  return { path: joinPath('.', path), named, by };
}

/** `patch:pkg@npm%3A1.0.0#~/.yarn/patches/pkg.patch`; optional and built-in ones may be absent. */
function patchesOfSpec(spec: string): readonly string[] {
  const text = /^patch:[^#]*#([^:]*)/.exec(spec)?.[1];
  return (text?.split('&') ?? [])
    .map((part) => part.replace(/^~\//, ''))
    .filter((part) => !/^(?:optional!|builtin<|~builtin<|\/)/.test(part) && /\.(?:patch|diff)$/.test(part));
}

/**
 * True where a path inside the context leads to nothing: whoever wrote its name has it, be it made before the build or in
 * another checkout.
 */
export function isMadeElsewhere(project: NodeProject, path: string, { context }: Facts): boolean {
  const inContext = joinPath(project.directory, path);
  return !inContext.startsWith('..') && context?.kindOf(inContext) == null;
}

/** The line of the ignore file that keeps a path out of the build, as a note to a finding; empty where none does. */
export function ignoredNote(
  path: string,
  { ignoreFile, decide }: BuildContext,
): readonly { readonly at: Place; readonly message: string }[] {
  const { ignored, by } = decide(path);
  if (!ignored || !by || !ignoreFile) return [];
  return [{ at: { file: ignoreFile.source, span: by.span }, message: 'this pattern leaves it out' }];
}
