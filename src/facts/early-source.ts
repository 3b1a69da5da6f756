import { baseName, isWithin, joinPath } from '../context/paths.js';
import type { Word } from '../dockerfile/ast.js';
import { broughtBy } from './copies.js';
import { type Ecosystem, inputRole, matchesName } from './ecosystems.js';
import { copiesBefore, lineage } from './node.js';
import { broadSources } from './sent-files.js';
import type { CopyFacts, Facts, StageFacts } from './types.js';
import { type Work, workOf } from './work.js';
import { directoryOf } from './working-directory.js';

/** A COPY of the source that stands before costly work, so that every edit of the source makes the work run again. */
export interface EarlySource {
  readonly copy: CopyFacts;
  /** The source of the COPY that does it. */
  readonly word: Word;
  readonly work: Work;
  /** The manifest that it brings, relative to the context; null: not known. */
  readonly manifest: string | null;
  /** Files that it brings and that the work does not read; null: not known. */
  readonly others: readonly string[] | null;
}

/**
 * The first COPY from the build context that puts the source of a project beside the manifests that the work reads. Null where
 * there is none, where the dependencies were there before, and where that is not known. Without a context only `COPY .` is
 * known to do so.
 */
export function sourceBefore(work: Work, stage: StageFacts, facts: Facts): EarlySource | null {
  const { ecosystem, use } = work;
  if (!ecosystem) return null;
  const directory = directoryOf(use, facts);
  if (directory === null) return null;
  const copies = copiesBefore(stage, use.instruction).toReversed();
  for (const copy of copies) {
    if (copy.origin !== 'context') continue;
    const found = bringsSource(copy, work, ecosystem, directory, facts);
    if (found) return wasDoneBefore(work, copy, stage, facts) ? null : found;
  }
  return null;
}

function bringsSource(
  copy: CopyFacts,
  work: Work,
  ecosystem: Ecosystem,
  directory: string,
  facts: Facts,
): EarlySource | null {
  const { context } = facts;
  if (copy.destination === null || !isWithin(copy.destination, directory)) return null;
  if (!context) {
    const source = copy.sources.find(({ path }) => path !== null && /^\.\/?$/.test(path));
    return source ? { copy, word: source.word, work, manifest: null, others: null } : null;
  }
  for (const { word, files } of broadSources(facts, copy)) {
    const manifest = files.find(
      (file) =>
        ecosystem.manifests.some((pattern) => matchesName(pattern, baseName(file))) &&
        broughtBy(copy, joinPath(directory, baseName(file)), context) === file,
    );
    if (manifest === undefined || !files.some((file) => ecosystem.sources.test(file) && !isInput(file, ecosystem)))
      continue;
    return { copy, word, work, manifest, others: files.filter((file) => !isInput(file, ecosystem)) };
  }
  return null;
}

function isInput(path: string, ecosystem: Ecosystem): boolean {
  return inputRole(path, [ecosystem]) !== null;
}

/** True where the same tool, or one of its kind, has installed before the COPY: what comes after it only adds to that. */
function wasDoneBefore(work: Work, copy: CopyFacts, stage: StageFacts, facts: Facts): boolean {
  const isAlike = (other: Work): boolean =>
    other.kind === 'dependencies' && other.ecosystem?.sources === work.ecosystem?.sources;
  for (const one of lineage(stage)) {
    for (const instruction of one.stage.instructions) {
      if (instruction.span.start >= work.use.instruction.span.start && one === stage) break;
      const isBefore = one !== copy.stage || instruction.span.start < copy.instruction.span.start;
      if (instruction.keyword === 'RUN' && isBefore && workOf(instruction, facts).some(isAlike)) return true;
    }
  }
  return false;
}
