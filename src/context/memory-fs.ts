import { cleanPath, parentOf, resolvePath } from './paths.js';
import type { DirectoryEntry, FileStat, Fs, FsFailure, FsResult } from './types.js';

/** What stands at a path: text, bytes, a link with its target as written, an unreadable file or directory. */
export type MemoryEntry = string | Uint8Array | { readonly link: string } | { readonly denied: true };

interface MemoryNode {
  readonly stat: FileStat;
  readonly content: Uint8Array | null;
  readonly link: string | null;
  readonly denied: boolean;
  /** Null for anything but a directory. */
  readonly children: Map<string, MemoryNode> | null;
}

/** Longer chains of links end as the kernel ends them. */
const LONGEST_LINK_CHAIN = 40;

/**
 * A disk in memory, for tests and for callers that have no files.
 *
 * @param files absolute paths, or paths relative to `base`. A path that ends in `/` is an empty directory; a denied path
 *   that ends in `/` is a directory that cannot be listed.
 * @param executable paths among them that have the execute bit
 */
export function createMemoryFs(
  files: Readonly<Record<string, MemoryEntry>>,
  { base = '/', executable = [] }: { readonly base?: string; readonly executable?: readonly string[] } = {},
): Fs {
  const root = directoryNode(false);
  const runnable = new Set(executable.map((path) => resolvePath(base, path)));
  for (const [path, entry] of Object.entries(files)) {
    const clean = resolvePath(base, path);
    insert(root, clean, path.endsWith('/'), entry, runnable.has(clean));
  }

  /** The node at a path with the path it really has; links in between followed, the last one only where asked. */
  const find = (path: string, followLast: boolean): FsResult<{ readonly node: MemoryNode; readonly path: string }> => {
    const pending = parts(path).reverse();
    let node = root;
    let names: string[] = [];
    for (let links = 0; ; ) {
      const name = pending.pop();
      if (name === undefined) return { ok: true, value: { node, path: `/${names.join('/')}` } };
      if (!node.children) return fail('missing');
      if (node.denied) return fail('denied');
      const child = node.children.get(name);
      if (!child) return fail('missing');
      if (child.link !== null && (followLast || pending.length > 0)) {
        if (++links > LONGEST_LINK_CHAIN) return fail('io');
        pending.push(...parts(resolvePath(`/${names.join('/')}`, child.link)).reverse());
        node = root;
        names = [];
      } else {
        node = child;
        names.push(name);
      }
    }
  };

  return {
    lstat: (path) => map(find(path, false), ({ node }) => ok(node.stat)),
    readDirectory: (path) => map(find(path, true), ({ node }) => listing(node)),
    readFile: (path, limit = Number.POSITIVE_INFINITY) =>
      map(find(path, true), ({ node }) => {
        if (node.denied) return fail('denied');
        if (!node.content) return fail('not-a-file');
        return node.content.length > limit ? fail('too-large') : ok(node.content);
      }),
    readLink: (path) => map(find(path, false), ({ node }) => (node.link === null ? fail('io') : ok(node.link))),
    realPath: (path) => map(find(path, true), (found) => ok(found.path)),
  };
}

function insert(root: MemoryNode, path: string, isDirectory: boolean, entry: MemoryEntry, executable: boolean): void {
  let node = root;
  for (const name of parts(parentOf(path))) {
    const child = node.children?.get(name) ?? directoryNode(false);
    node.children?.set(name, child);
    node = child;
  }
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === '') return;
  node.children?.set(name, isDirectory ? directoryNode(isDenied(entry)) : leafNode(entry, executable));
}

function isDenied(entry: MemoryEntry): boolean {
  return typeof entry === 'object' && 'denied' in entry;
}

function directoryNode(denied: boolean): MemoryNode {
  return {
    stat: { kind: 'directory', size: 0, executable: false },
    content: null,
    link: null,
    denied,
    children: new Map(),
  };
}

function leafNode(entry: MemoryEntry, executable: boolean): MemoryNode {
  const none = { content: null, link: null, denied: false, children: null };
  if (typeof entry === 'object' && 'link' in entry) {
    return { ...none, stat: { kind: 'link', size: entry.link.length, executable: false }, link: entry.link };
  }
  if (typeof entry === 'object' && 'denied' in entry) {
    return { ...none, stat: { kind: 'file', size: 0, executable }, denied: true };
  }
  const content = typeof entry === 'string' ? new TextEncoder().encode(entry) : entry;
  return { ...none, stat: { kind: 'file', size: content.length, executable }, content };
}

function listing(node: MemoryNode): FsResult<readonly DirectoryEntry[]> {
  if (!node.children) return fail('missing');
  if (node.denied) return fail('denied');
  const entries = [...node.children].map(([name, child]) => ({ name, kind: child.stat.kind }));
  return ok(entries.sort((a, b) => (a.name < b.name ? -1 : 1)));
}

function parts(path: string): string[] {
  return cleanPath(path).split('/').filter(Boolean);
}

function ok<T>(value: T): FsResult<T> {
  return { ok: true, value };
}

function fail(reason: FsFailure): { readonly ok: false; readonly reason: FsFailure } {
  return { ok: false, reason };
}

function map<T, U>(result: FsResult<T>, next: (value: T) => FsResult<U>): FsResult<U> {
  return result.ok ? next(result.value) : result;
}
