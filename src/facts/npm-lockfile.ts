import type { BuildContext, Lockfile, NodeProject } from '../context/types.js';

/** What can be told of a package-lock.json or npm-shrinkwrap.json against the manifest beside it. */
export interface NpmLockfile {
  /** 1 to npm 6, 2 of npm 7 and 8, 3 from npm 9 on. */
  readonly version: number;
  /** Whether each dependency of the manifest is locked in the range that the manifest gives. */
  readonly agrees: boolean;
}

/** Reads the lockfile; null where it is no lockfile that npm ci takes, or cannot be read. */
export function readNpmLockfile(lockfile: Lockfile, project: NodeProject, context: BuildContext): NpmLockfile | null {
  const source = context.read(lockfile.path);
  const root = source && record(parse(source.text));
  const version = root?.lockfileVersion;
  if (!root || typeof version !== 'number') return null;
  const { dependencies, devDependencies, optionalDependencies } = project.manifest;
  const tables = { dependencies, devDependencies, optionalDependencies };
  const top = record(record(root.packages)?.['']);
  const tree = record(root.dependencies);
  const agrees = Object.entries(tables).every(([field, wanted]) => {
    const locked = top && record(top[field]);
    return [...wanted].every(([name, { value }]) => {
      if (top)
        return (
          locked?.[name] === value || (field === 'dependencies' && name in (record(top.optionalDependencies) ?? {}))
        );
      return tree !== null && Object.hasOwn(tree, name);
    });
  });
  return { version, agrees };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
