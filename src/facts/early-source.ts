import { baseName, isWithin, joinPath } from '../context/paths.js';
import type { Word } from '../dockerfile/ast.js';
import { broughtBy } from './copies.js';
import { type Ecosystem, inputRole, matchesName } from './ecosystems.js';
import { copiesBefore, lineage } from './node.js';
import { broadSources } from './sent-files.js';
import { namedManifest, sourceDirectory } from './source-directory.js';
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
  /** True where another COPY brings the manifest. */
  readonly apart: boolean;
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
    const found =
      bringsSource(copy, work, ecosystem, directory, facts) ?? bringsDirectory(copy, copies, work, directory, facts);
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
    return source ? { copy, word: source.word, work, manifest: null, others: null, apart: false } : null;
  }
  for (const { word, files } of broadSources(facts, copy)) {
    const manifest = files.find(
      (file) =>
        inputRole(file, [ecosystem]) === 'manifest' &&
        (broughtBy(copy, joinPath(directory, baseName(file)), context) === file ||
          namedBy(work, directory).some(
            (path) => baseName(path) === baseName(file) && broughtBy(copy, path, context) === file,
          )),
    );
    if (manifest === undefined || !files.some((file) => ecosystem.sources.test(file) && !isInput(file, ecosystem)))
      continue;
    return { copy, word, work, manifest, others: files.filter((file) => !isInput(file, ecosystem)), apart: false };
  }
  return null;
}

/** Where the command itself says that a manifest is: `dotnet restore src/Api/Api.csproj`, `-r requirements/web.txt`. */
function namedBy({ use, ecosystem }: Work, directory: string): readonly string[] {
  if (!ecosystem || !/^(?:dotnet|pip|uv)$/.test(ecosystem.id)) return [];
  const { operands, flags } = use.command;
  const values = [...operands, ...flags].flatMap(({ value, literal }) => (literal && value !== null ? [value] : []));
  return values
    .filter((value) => /\.\w+$/.test(value))
    .map((value) => (value.startsWith('/') ? value : joinPath(directory, value)));
}

/** cargo fetches nothing without a source; a Gemfile and a mix.exs are programs, which may read others. */
const READS_SOURCE = /^(?:cargo|bundler|mix)$/;

/** `COPY pom.xml .` and `COPY src ./src`, with the work only after both. */
function bringsDirectory(
  copy: CopyFacts,
  copies: readonly CopyFacts[],
  work: Work,
  directory: string,
  facts: Facts,
): EarlySource | null {
  const { ecosystem } = work;
  if (!facts.context || !ecosystem || READS_SOURCE.test(ecosystem.id)) return null;
  const found = sourceDirectory(copy, directory, facts, {
    isSource: (path) => ecosystem.sources.test(path),
    isInput: (path) => isInput(path, ecosystem),
  });
  if (!found) return null;
  const isManifest = (name: string) => ecosystem.manifests.some((pattern) => matchesName(pattern, name));
  const manifest = namedManifest(copies, directory, facts, isManifest);
  return manifest === null ? null : { copy, word: found.word, work, manifest, others: found.files, apart: true };
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
      if (instruction.keyword !== 'RUN' || !isBefore) continue;
      if (workOf(instruction, facts).some(isAlike)) return true;
      // Nearly every goal of Maven fetches what it needs, be it one of a plugin.
      const isMaven = work.ecosystem?.id === 'maven' && work.kind === 'compile';
      if (isMaven && facts.commandsOf(instruction).some(({ command }) => /^mvnw?$/.test(command.name))) return true;
    }
  }
  return false;
}
