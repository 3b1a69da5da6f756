import { findLockfiles } from './lockfiles.js';
import { readManifest } from './manifest.js';
import { parseNpmrc } from './npmrc.js';
import { joinPath } from './paths.js';
import type { BuildContext, NodeProject } from './types.js';
import { isMapping, member, parseYaml, stringOrNull } from './yaml.js';

/**
 * The Node.js project in a directory of the context (a clean path); null where package.json is not there or cannot be
 * read as text. A broken package.json is a project with problems. Nothing beside it is read before it is asked for.
 */
export function readNodeProject(context: BuildContext, directory: string): NodeProject | null {
  const path = joinPath(directory, 'package.json');
  const source = context.read(path);
  if (!source) return null;
  const beside = (name: string): string => joinPath(directory, name);
  const npmrc = once(() => {
    const file = context.read(beside('.npmrc'));
    return file && parseNpmrc(file.text);
  });
  const yarnrc = once(() => readYarnrc(context, beside('.yarnrc.yml')));
  const nodeVersion = once(() => readNodeVersion(context, [beside('.nvmrc'), beside('.node-version')]));
  const pnpmSettings = once(() => {
    const file = context.read(beside('pnpm-workspace.yaml'));
    return file && { value: parseYaml(file.text) };
  });
  return {
    directory,
    sent: context.isSent(path),
    manifest: readManifest(source),
    lockfiles: findLockfiles(context, directory),
    get npmrc() {
      return npmrc();
    },
    get yarnrc() {
      return yarnrc();
    },
    get nodeVersion() {
      return nodeVersion();
    },
    get pnpmWorkspace() {
      const settings = pnpmSettings();
      return settings && globsOf(settings.value);
    },
    get pnpmPatches() {
      return patchesOf(pnpmSettings()?.value);
    },
  };
}

function once<T>(read: () => T): () => T {
  let known: { readonly value: T } | null = null;
  return () => {
    known ??= { value: read() };
    return known.value;
  };
}

function readYarnrc(context: BuildContext, path: string): NodeProject['yarnrc'] {
  const file = context.read(path);
  if (!file) return null;
  const value = parseYaml(file.text);
  return {
    path,
    yarnPath: stringOrNull(member(value, 'yarnPath')),
    nodeLinker: stringOrNull(member(value, 'nodeLinker')),
  };
}

/** The first line that is neither empty nor a comment, of the first file that has one. */
function readNodeVersion(context: BuildContext, paths: readonly string[]): NodeProject['nodeVersion'] {
  for (const path of paths) {
    for (const line of context.read(path)?.text.split('\n') ?? []) {
      const value = line.replace(/#.*$/, '').trim();
      if (value !== '') return { path, value };
    }
  }
  return null;
}

function globsOf(settings: unknown): readonly string[] {
  const packages = member(settings, 'packages');
  return Array.isArray(packages) ? packages.filter((glob) => typeof glob === 'string') : [];
}

function patchesOf(settings: unknown): ReadonlyMap<string, string> {
  const patches = member(settings, 'patchedDependencies');
  const found = new Map<string, string>();
  for (const [name, path] of isMapping(patches) ? Object.entries(patches) : []) {
    if (typeof path === 'string') found.set(name, path);
  }
  return found;
}
