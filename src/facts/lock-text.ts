import { isMapping, member, parseYaml } from '../context/yaml.js';
import type { SourceFile } from '../model/source.js';
import { memoise } from './lazy.js';

/** What a lockfile of npm has of a package. */
interface NpmLocked {
  readonly version?: unknown;
  readonly dev?: unknown;
  readonly devOptional?: unknown;
  readonly bin?: unknown;
}

/** A package-lock.json or npm-shrinkwrap.json, as it is written. */
export interface NpmLock {
  /** Its `lockfileVersion`; 0 where it says none. */
  readonly version: number;
  /** By path; from version 2 on. */
  readonly packages: Readonly<Record<string, NpmLocked | undefined>> | null;
  /** By name; up to version 2. */
  readonly dependencies: Readonly<Record<string, NpmLocked | undefined>> | null;
}

/** Reads a lockfile of npm; null for one that is broken, or was cut on its way. */
export const readNpmLock = memoise<SourceFile, NpmLock | null>(({ text }) => {
  try {
    const value: unknown = JSON.parse(text);
    if (!isMapping(value)) return null;
    const { lockfileVersion, packages, dependencies } = value;
    return {
      version: typeof lockfileVersion === 'number' ? lockfileVersion : 0,
      packages: isMapping(packages) ? (packages as NpmLock['packages']) : null,
      dependencies: isMapping(dependencies) ? (dependencies as NpmLock['dependencies']) : null,
    };
  } catch {
    return null;
  }
});

/** What the head of a pnpm-lock.yaml says; the long lists of packages below it are not parsed. */
export interface PnpmLock {
  /** Directory to what it depends on, as name to specifier; null where the file may be cut within them. */
  readonly importers: ReadonlyMap<string, ReadonlyMap<string, string>> | null;
  /** Whether it was made with overrides, patches or catalogs, which stand in settings. */
  readonly has: (field: 'overrides' | 'patchedDependencies' | 'catalogs' | 'pnpmfileChecksum') => boolean;
}

/** Reads a lockfile of pnpm 8 or later; null for an older one, or what is none. */
export const readPnpmLock = memoise<SourceFile, PnpmLock | null>(({ text }) => {
  const version = /^lockfileVersion: ['"]?(\d+)/.exec(text)?.[1];
  if (version === undefined || Number(version) < 6 || text.includes('\n<<<<<<<')) return null;
  const end = /^(?:packages|snapshots):/m.exec(text)?.index;
  const head = parseYaml(end === undefined ? text : text.slice(0, end));
  if (!isMapping(head)) return null;
  return {
    // Only what stands behind them shows that they are all there.
    importers: end === undefined ? null : importersOf(head),
    has: (field) => Object.hasOwn(head, field),
  };
});

function importersOf(head: Record<string, unknown>): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const listed = member(head, 'importers');
  const entries: [string, unknown][] = isMapping(listed) ? Object.entries(listed) : [['.', head]];
  return new Map(entries.map(([directory, importer]) => [directory, specifiersOf(importer)]));
}

function specifiersOf(importer: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const field of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    const table = member(importer, field);
    for (const [name, value] of isMapping(table) ? Object.entries(table) : []) {
      const specifier = member(value, 'specifier');
      if (typeof specifier === 'string') found.set(name, specifier);
    }
  }
  return found;
}

/** What a yarn.lock says. */
export interface YarnLock {
  readonly form: 'classic' | 'berry';
  /** `name@range`, as they are written: `express@^4.0.0`, `express@npm:^4.0.0`. */
  readonly patterns: ReadonlySet<string>;
  /** The last of them: the file is in order, and what would stand behind it may have been cut off. */
  readonly last: string;
  /** Directories of workspaces, the root left out; berry writes them down. */
  readonly workspaces: readonly string[];
}

/** Reads a yarn.lock by its keys; null for what is none. */
export const readYarnLock = memoise<SourceFile, YarnLock | null>(({ text }) => {
  const isBerry = /^__metadata:/m.test(text);
  if ((!isBerry && !/^# yarn lockfile v1/m.test(text)) || text.includes('\n<<<<<<<')) return null;
  const patterns = new Set<string>();
  let last = '';
  for (const [, key] of text.matchAll(/^([^\s#].*):$/gm)) {
    for (const pattern of key?.split(/",? ?"?|, "?/) ?? []) {
      if (pattern === '' || pattern === '__metadata') continue;
      patterns.add(pattern);
      last = pattern;
    }
  }
  const workspaces = [...text.matchAll(/^ {2}resolution: "[^"]+@workspace:([^"]+)"$/gm)].flatMap(([, path]) =>
    path === undefined || path === '.' ? [] : [path],
  );
  return { form: isBerry ? 'berry' : 'classic', patterns, last, workspaces };
});
