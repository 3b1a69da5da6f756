import { createSource, type SourceFile } from '../model/source.js';
import { findBakedNames } from './bake.js';
import { findComposeArgs, findComposeMounts, findComposeServices, findNamedContexts } from './compose.js';
import { resolveCopy } from './copy.js';
import { createMatcher } from './dockerignore.js';
import { createGitIgnored } from './git-ignored.js';
import { findIgnoreFile } from './ignore-file.js';
import { readNodeProject } from './node.js';
import { clampToRoot, displayPath, isWithin, joinPath, parentOf } from './paths.js';
import { createSentTree } from './sent.js';
import { createTree } from './tree.js';
import type {
  BuildContext,
  ComposeService,
  ContextCertainty,
  EntryKind,
  FileStat,
  Fs,
  NodeProject,
  SentFile,
} from './types.js';

/** {@link BuildContext.sizes} looks at no more files than this. */
const MOST_SIZES = 100_000;

/** Files above this size are not read for rules. */
const LARGEST_TEXT = 5_000_000;

export interface ContextRequest {
  /** Absolute, forward slashes. */
  readonly root: string;
  /** Relative to the working directory, as shown. */
  readonly displayRoot: string;
  /** Absolute path; null where the Dockerfile is no file (standard input). */
  readonly dockerfile: string | null;
  readonly certainty: ContextCertainty;
}

/**
 * A build context. Nothing but the ignore file is read before it is asked for, and nothing is read twice. Never throws;
 * what cannot be read is as good as absent, save for {@link BuildContext.resolveCopy}, which calls it unknown.
 */
export function openContext(fs: Fs, { root, displayRoot, dockerfile, certainty }: ContextRequest): BuildContext {
  const { file: ignoreFile, unreadable } = findIgnoreFile(fs, root, displayRoot, dockerfile);
  const matcher = createMatcher(ignoreFile?.patterns ?? []);
  const tree = createTree(fs, root);
  const sent = createSentTree(tree, matcher);
  const isGitIgnored = createGitIgnored(fs, root);
  const texts = new Map<string, SourceFile | null>();
  const projects = new Map<string, NodeProject | null>();
  const sizes = new Map<string, readonly SentFile[] | null>();
  let named: ReadonlySet<string> | null = null;
  let supplied: ReadonlySet<string> | null = null;
  let services: readonly ComposeService[] | null = null;
  let mounted: ReadonlySet<string> | null = null;

  const stat = (path: string): FileStat | null => {
    const lookup = tree.lookup(clampToRoot(path), { followLast: false });
    return lookup.found === 'entry' ? tree.stat(lookup.path) : null;
  };

  const readSizes = (under: string): readonly SentFile[] => {
    const found: SentFile[] = [];
    for (const { path } of sent.walk(under, MOST_SIZES, () => true)) {
      const size = tree.stat(path)?.size;
      // It may have gone meanwhile.
      if (size !== undefined) found.push({ path, size });
    }
    return found;
  };

  const readText = (path: string): SourceFile | null => {
    const lookup = tree.lookup(path);
    if (lookup.found !== 'entry' || lookup.kind !== 'file') return null;
    const read = fs.readFile(joinPath(root, lookup.path), LARGEST_TEXT);
    const text = read.ok ? decode(read.value) : null;
    return text === null ? null : createSource(displayPath(displayRoot, path), text);
  };

  const context: BuildContext = {
    root,
    displayRoot,
    certainty: unreadable ? 'guessed' : certainty,
    ignoreFile,
    unreadIgnoreFile: unreadable,
    get namedContexts() {
      named ??=
        dockerfile === null ? new Set() : findNamedContexts(fs, dockerfile, between(parentOf(dockerfile), root));
      return named;
    },
    get suppliedArgs() {
      if (supplied) return supplied;
      const directories = dockerfile === null ? [] : between(parentOf(dockerfile), root);
      const composed = dockerfile === null ? [] : findComposeArgs(fs, dockerfile, directories);
      supplied = new Set([...composed, ...findBakedNames(fs, directories)]);
      return supplied;
    },
    get services() {
      services ??= dockerfile === null ? [] : findComposeServices(fs, dockerfile, between(parentOf(dockerfile), root));
      return services;
    },
    get mountedPaths() {
      // People keep one compose file for several images in a directory above theirs.
      mounted ??= new Set(
        findComposeMounts(fs, [...between(dockerfile === null ? root : parentOf(dockerfile), root), ...above(root)]),
      );
      return mounted;
    },
    decide: (path) => matcher.decide(clampToRoot(path)),
    kindOf: (path): EntryKind | null => stat(path)?.kind ?? null,
    stat,
    isSent: (path) => {
      const clean = clampToRoot(path);
      const lookup = tree.lookup(clean, { followLast: false });
      return lookup.found === 'entry' && sent.isSent(lookup.path, lookup.kind);
    },
    walk: (under = '.', limit = Number.POSITIVE_INFINITY, enter = () => true) =>
      sent.walk(clampToRoot(under), limit, enter),
    survey: sent.survey,
    sizes: (under = '.') => remember(sizes, clampToRoot(under), readSizes) ?? [],
    isGitIgnored: (path) => isGitIgnored(clampToRoot(path)),
    resolveCopy: (request) => resolveCopy({ tree, sent, matcher, hasIgnoreFile: ignoreFile !== null }, request),
    read: (path) => remember(texts, clampToRoot(path), readText),
    node: (directory = '.') => remember(projects, clampToRoot(directory), (clean) => readNodeProject(context, clean)),
  };
  return context;
}

/** A directory and those above it up to another; both where neither holds the other. */
function between(directory: string, top: string): readonly string[] {
  if (!isWithin(top, directory)) return [directory, top];
  const found = [directory];
  for (let at = directory; at !== top; found.push(at)) at = parentOf(at);
  return found;
}

const MOST_ABOVE = 3;

/** The nearest directories that hold a directory. */
function above(directory: string): readonly string[] {
  const found: string[] = [];
  for (let at = parentOf(directory); found.length < MOST_ABOVE && at !== '.' && at !== '/'; at = parentOf(at))
    found.push(at);
  return found;
}

function remember<T>(memory: Map<string, T | null>, key: string, read: (key: string) => T | null): T | null {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const value = read(key);
  memory.set(key, value);
  return value;
}

/** Null for bytes that are not UTF-8 text. */
function decode(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
