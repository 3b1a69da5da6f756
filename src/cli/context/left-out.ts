import type { BuildContext, IgnorePattern } from '../../context/types.js';

/** What one line of the ignore file decides over. */
export interface LeftOut {
  readonly line: number;
  /** As written. */
  readonly pattern: string;
  /** True for a line that lets in again what an earlier one left out. */
  readonly lets: boolean;
  readonly files: number;
  /** Directories that are left out with all that is in them; nobody looked into them. */
  readonly directories: number;
  /** The first of both, a slash behind a directory. */
  readonly paths: readonly string[];
}

export interface Survey {
  /** Files and links that are not ignored. */
  readonly files: readonly string[];
  /** By line. */
  readonly ignored: readonly LeftOut[];
  readonly deciding: ReadonlySet<IgnorePattern>;
  readonly unreadable: readonly string[];
}

const MOST_PATHS = 100;

interface Group {
  files: number;
  directories: number;
  readonly paths: string[];
}

/** Looks at all of the context but the directories that are left out as a whole. */
export function leftOut(context: BuildContext): Survey {
  const files: string[] = [];
  const unreadable: string[] = [];
  const groups = new Map<IgnorePattern, Group>();
  for (const { path, kind, ignored, by, entered } of context.survey()) {
    const isDirectory = kind === 'directory';
    if (!ignored && isDirectory && !entered) unreadable.push(path);
    // Sockets and pipes are never sent.
    if (!ignored && !isDirectory && kind !== 'other') files.push(path);
    // What is in a directory that is entered has a word of its own.
    if (!by || (isDirectory && entered)) continue;
    const group = groups.get(by) ?? { files: 0, directories: 0, paths: [] };
    groups.set(by, group);
    if (isDirectory) group.directories++;
    else group.files++;
    if (group.paths.length < MOST_PATHS) group.paths.push(isDirectory ? `${path}/` : path);
  }
  const ignored = [...groups]
    .sort(([a], [b]) => a.line - b.line)
    .map(([{ line, text, negated }, group]) => ({ line, pattern: text, lets: negated, ...group }));
  return { files, ignored, deciding: new Set(groups.keys()), unreadable };
}
