import { NODE_LOCKFILES } from '../context/lockfiles.js';
import { baseName, isWithin, joinPath } from '../context/paths.js';
import type { Instruction, Word } from '../dockerfile/ast.js';
import { hasFlag } from '../shell/types.js';
import { broughtBy } from './copies.js';
import { hasDependencies, installFiles, otherInputs, runsProjectScript } from './install-inputs.js';
import { memoise } from './lazy.js';
import { hasBoundFiles } from './mounts.js';
import { copiesBefore, lineage } from './node.js';
import { broadSources } from './sent-files.js';
import { namedManifest, sourceDirectory } from './source-directory.js';
import type { CommandUse, CopyFacts, Facts, NodeInstall, StageFacts } from './types.js';

/** A COPY that brings the source before the dependencies are installed. */
export interface SourceCopy {
  readonly copy: CopyFacts;
  /** The source of the COPY that does it. */
  readonly word: Word;
  readonly install: NodeInstall;
  /** Files that it brings beside package.json and the lockfiles; null: not known. */
  readonly others: readonly string[] | null;
  /** True where an earlier COPY has brought by itself all that the install needs. */
  readonly ready: boolean;
  /** True where another COPY brings the manifest. */
  readonly apart: boolean;
}

/**
 * For each install the first COPY from the build context that puts the source of the project beside its manifest, so that
 * any edit of it makes the install run again. Without a context only `COPY .` is known to do so.
 */
export function sourceCopies(facts: Facts): readonly SourceCopy[] {
  const found: SourceCopy[] = [];
  for (const install of facts.node.installs) {
    if (!isJudged(install, facts)) continue;
    const { directory } = install;
    if (directory === null) continue;
    const copies = copiesBefore(install.stage, install.instruction).toReversed();
    if (copies.some((copy) => bringsModules(copy, directory))) continue;
    const first = copies
      .filter((copy) => copy.origin === 'context')
      .map((copy) => bringsSource(copy, install, directory, facts) ?? bringsDirectory(copy, copies, install, facts))
      .find((one) => one !== null);
    if (first && !found.some((one) => one.copy === first.copy)) found.push(first);
  }
  return found;
}

/** Not judged: what is not shipped, an install that is not the first one, and one that has to see the source. */
function isJudged(install: NodeInstall, facts: Facts): boolean {
  const { stage, instruction, use, project } = install;
  if (instruction.onbuild || stage.role === 'unreachable' || stage.isDevelopment) return false;
  if (hasFlag(use.command, '--offline') || hasBoundFiles(install.instruction)) return false;
  if (facts.context && (!project || !hasDependencies(project))) return false;
  // A RUN with several installs is moved as a whole.
  if (facts.context && installsByRun(facts).get(instruction)?.some(runsProjectScript)) return false;
  return !isInstalledBefore(install, facts);
}

const installsByRun = memoise((facts: Facts): ReadonlyMap<Instruction, readonly NodeInstall[]> => {
  const found = new Map<Instruction, NodeInstall[]>();
  for (const install of facts.node.installs) {
    const others = found.get(install.instruction);
    if (others) others.push(install);
    else found.set(install.instruction, [install]);
  }
  return found;
});

/** True where the stage, or one that it is built on, has the dependencies from an earlier command. */
function isInstalledBefore(install: NodeInstall, facts: Facts): boolean {
  const byStage = managersByStage(facts);
  for (const stage of lineage(install.stage)) {
    for (const { use, other } of byStage.get(stage) ?? []) {
      if (use.command.span.start >= install.use.command.span.start) break;
      if (other === null ? use.command.subcommand === 'fetch' : isSamePlace(other, install)) return true;
    }
  }
  return false;
}

function isSamePlace(a: NodeInstall, b: NodeInstall): boolean {
  return a.directory === null || a.directory === b.directory;
}

interface ManagerUse {
  readonly use: CommandUse;
  /** The install that the command is; null: it does something else. */
  readonly other: NodeInstall | null;
}

const managersByStage = memoise((facts: Facts): ReadonlyMap<StageFacts, readonly ManagerUse[]> => {
  const installs = new Map(facts.node.installs.map((install) => [install.use, install]));
  const found = new Map<StageFacts, ManagerUse[]>();
  for (const use of facts.commands('npm', 'yarn', 'pnpm', 'bun')) {
    if (!use.stage || use.instruction.onbuild) continue;
    const uses = found.get(use.stage) ?? [];
    uses.push({ use, other: installs.get(use) ?? null });
    found.set(use.stage, uses);
  }
  return found;
});

/** `COPY --from=deps /app/node_modules ./node_modules`: the dependencies are there already. */
function bringsModules(copy: CopyFacts, directory: string): boolean {
  return copy.origin !== 'context' && copy.destination === joinPath(directory, 'node_modules');
}

function bringsSource(copy: CopyFacts, install: NodeInstall, directory: string, facts: Facts): SourceCopy | null {
  if (!facts.context) {
    const source = copy.sources.find(({ path }) => path !== null && /^\.?\/?$/.test(path) && path !== '');
    const covers = copy.destination !== null && isWithin(copy.destination, directory);
    return source && covers ? { copy, word: source.word, install, others: null, ready: false, apart: false } : null;
  }
  const manifest = broughtBy(copy, joinPath(directory, 'package.json'), facts.context);
  if (manifest === null) return null;
  for (const { word, files, covers } of broadSources(facts, copy)) {
    if (!covers(manifest) || !files.some(isSource)) continue;
    return {
      copy,
      word,
      install,
      others: files.filter((file) => !isInput(file)),
      ready: isReady(copy, install, facts),
      apart: false,
    };
  }
  return null;
}

/** `COPY package.json ./` and `COPY src ./src`, with the install only after both. */
function bringsDirectory(
  copy: CopyFacts,
  copies: readonly CopyFacts[],
  install: NodeInstall,
  facts: Facts,
): SourceCopy | null {
  const { directory, project } = install;
  if (!facts.context || !project || directory === null || otherInputs(project).length > 0) return null;
  const found = sourceDirectory(copy, directory, facts, {
    isSource: (path) => /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(path),
    isInput,
  });
  if (!found || namedManifest(copies, directory, facts, (name) => name === 'package.json') === null) return null;
  return { copy, word: found.word, install, others: found.files, ready: isReady(copy, install, facts), apart: true };
}

function isReady(copy: CopyFacts, install: NodeInstall, facts: Facts): boolean {
  const { context } = facts;
  const { directory, project } = install;
  if (!context || !project || directory === null || otherInputs(project).length > 0) return false;
  const earlier = copiesBefore(copy.stage, copy.instruction);
  return installFiles(install, context).every((path) =>
    earlier.some((one) => broughtBy(one, joinPath(directory, baseName(path)), context) !== null),
  );
}

/** The manifest, and what an install of it writes. */
function isInput(path: string): boolean {
  const name = baseName(path);
  return name === 'package.json' || NODE_LOCKFILES.has(name);
}

/** What is edited day by day: no manifest, no settings, nothing that is about the build, no prose. */
function isSource(path: string): boolean {
  if (/(?:^|\/)(?:\.|patches\/|docs?\/)/.test(path)) return false;
  const name = baseName(path);
  return !(
    isInput(path) ||
    /^(?:Dockerfile|Containerfile|(?:docker-)?compose\b|Makefile|Procfile|Jenkinsfile|LICEN[CS]E|README|CHANGELOG|tsconfig\b|(?:lerna|nx|turbo|nest-cli|angular)\.json$)/i.test(
      name,
    ) ||
    /\.(?:md|ya?ml|dockerfile|toml|txt)$|\.config\.[cm]?[jt]s$/i.test(name)
  );
}
