import { baseName, isWithin, joinPath } from '../context/paths.js';
import type { Word } from '../dockerfile/ast.js';
import { broughtBy } from './copies.js';
import { contextSources, sentFiles } from './sent-files.js';
import type { CopyFacts, Facts } from './types.js';

/** A COPY of a directory of sources, such as `COPY src ./src`. */
export interface SourceDirectory {
  /** The source of the COPY that names it. */
  readonly word: Word;
  readonly files: readonly string[];
}

/** What is edited day by day, by its name. An install may well read `prisma`, `scripts`, `patches` or `packages`. */
const USUAL = /^(?:src|app|lib|pages|components|server|client|cmd|internal|pkg)$/;

/**
 * The directory of sources that a COPY puts beside a manifest which another COPY names; null where it brings none, or where a
 * manifest is among what it brings.
 */
export function sourceDirectory(
  copy: CopyFacts,
  directory: string,
  facts: Facts,
  kinds: { readonly isSource: (path: string) => boolean; readonly isInput: (path: string) => boolean },
): SourceDirectory | null {
  if (copy.destination === null || !isWithin(directory, copy.destination)) return null;
  for (const { word, match } of contextSources(copy)) {
    const [root, more] = match.matches;
    if (!root || more || root.kind !== 'directory' || !USUAL.test(baseName(root.path))) continue;
    const files = sentFiles(facts, copy).filter((file) => file.startsWith(`${root.path}/`));
    if (files.some(kinds.isSource) && !files.some(kinds.isInput)) return { word, files };
  }
  return null;
}

/** The manifest that some COPY brings to a directory by its own name; null for none. */
export function namedManifest(
  copies: readonly CopyFacts[],
  directory: string,
  facts: Facts,
  isManifest: (name: string) => boolean,
): string | null {
  const { context } = facts;
  if (!context) return null;
  for (const copy of copies) {
    if (copy.origin !== 'context') continue;
    for (const { match } of contextSources(copy)) {
      for (const { path, kind } of match.matches) {
        const name = baseName(path);
        if (kind === 'file' && isManifest(name) && broughtBy(copy, joinPath(directory, name), context) === path)
          return path;
      }
    }
  }
  return null;
}
