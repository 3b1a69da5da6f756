import { createMatcher, parseIgnoreFile } from '../context/dockerignore.js';
import { compileName } from '../context/glob.js';
import { baseName, clampToRoot, cleanPath, isWithin, joinPath, parentOf, relativePath } from '../context/paths.js';
import type { BuildContext, ContextEntry, CopySourceMatch } from '../context/types.js';
import type { Word } from '../dockerfile/ast.js';
import { createSource } from '../model/source.js';
import { memoise, remember } from './lazy.js';
import type { CopyFacts, Facts, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';

/** A walk through what one COPY brings ends after so many files. */
const MOST_FILES = 20_000;

/** A file is followed to so many places: stages that copy from one another in very many ways multiply them. */
const MOST_PLACES = 500;

/** Not walked: what is in them is not the project's own, and there is much of it. */
const FOREIGN = /(?:^|\/)(?:node_modules|\.git|\.venv|venv|site-packages)$/;

/** A source of a COPY or ADD that is looked up in the build context. */
export interface ContextSource {
  readonly word: Word;
  /** After expansion. */
  readonly path: string;
  readonly match: CopySourceMatch;
}

/** How a path of the context comes into a stage. */
export interface Sending {
  readonly source: ContextSource;
  /** Absolute path in the image; null: not known. */
  readonly imagePath: string | null;
}

/** The sources that the build context resolves: no URLs, no `--from`, and none with a variable of unknown value. */
export function contextSources(copy: CopyFacts): readonly ContextSource[] {
  const found: ContextSource[] = [];
  for (const [index, { word, path }] of copy.sources.filter((source) => !source.remote).entries()) {
    const match = copy.matches[index];
    if (match && path !== null) found.push({ word, path, match });
  }
  return found;
}

/** The build context where its place is certain; null where there is none or it was guessed. */
export function certainContext(facts: Facts): BuildContext | null {
  return facts.context?.certainty === 'guessed' ? null : facts.context;
}

/** The path of a source that lies beside the Dockerfile instead of at the root of the context; null where it does not. */
export function besideDockerfile({ context, document }: Facts, source: string): string | null {
  if (!context) return null;
  const home = relativePath(cleanPath(`/${context.displayRoot}`), cleanPath(`/${parentOf(document.source.path)}`));
  const beside = joinPath(home, clampToRoot(source));
  return home !== '.' && !home.startsWith('..') && context.isSent(beside) ? beside : null;
}

/** COPY and ADD from the build context that the target needs, those of the stage nearest to the target first. */
export const neededCopies = memoise<Facts, readonly CopyFacts[]>((facts) => {
  const stages = new Set<StageFacts>(facts.target ? [facts.target] : []);
  // A set that grows is iterated to its new end: breadth first.
  for (const stage of stages) {
    if (stage.parent) stages.add(stage.parent);
    for (const other of stage.copiesFrom) stages.add(other);
  }
  return [...stages].flatMap((stage) => stage.copies.filter((copy) => copy.origin === 'context'));
});

/**
 * The files of the project that a COPY brings, relative to the context; the insides of `.git`, of `node_modules` and of
 * other people's code are left out, and a very large tree is cut off.
 */
export function sentFiles(facts: Facts, copy: CopyFacts): readonly string[] {
  return filesOf(facts)(copy).files;
}

/** A source of a COPY that brings whatever lies there: a directory, or what a glob matches. */
export interface BroadSource {
  readonly word: Word;
  /** Those of {@link sentFiles} that come by it. */
  readonly files: readonly string[];
  /** True where a path of the context is one that it takes in. */
  covers(path: string): boolean;
}

/** The sources of a COPY that are {@link BroadSource}. */
export function broadSources(facts: Facts, copy: CopyFacts): readonly BroadSource[] {
  return contextSources(copy).flatMap(({ word, match }) => {
    const roots = match.matches.filter(({ kind }) => match.glob || kind === 'directory').map(({ path }) => path);
    if (roots.length === 0) return [];
    const covers = (path: string): boolean => roots.some((root) => root === '.' || isWithin(root, path));
    return [{ word, files: sentFiles(facts, copy).filter(covers), covers }];
  });
}

/** The directories that {@link sentFiles} passes over and the COPY brings all the same, with what is in them. */
export function passedOver(facts: Facts, copy: CopyFacts): readonly string[] {
  return filesOf(facts)(copy).passed.filter((path) => sendingOf(facts, copy, path) !== null);
}

interface Sent {
  readonly files: readonly string[];
  readonly passed: readonly string[];
}

const filesOf = memoise((facts: Facts) =>
  remember((copy: CopyFacts): Sent => {
    const { context } = facts;
    const files = new Set<string>();
    const passed: string[] = [];
    if (!context) return { files: [], passed };
    const enter = (directory: string): boolean => {
      if (!FOREIGN.test(directory)) return true;
      passed.push(directory);
      return false;
    };
    const excludes = exclusionOf(facts)(copy);
    for (const { match } of contextSources(copy)) {
      for (const entry of match.matches) {
        if (entry.kind !== 'directory') files.add(entry.path);
        else if (!FOREIGN.test(entry.path)) {
          for (const { path } of context.walk(entry.path, MOST_FILES - files.size, enter)) {
            if (!excludes(below(entry, path) ?? path)) files.add(path);
          }
        }
      }
    }
    return { files: [...files], passed };
  }),
);

/** How a COPY would bring a path of the context, be it there or not; null where it does not. */
export function sendingOf(facts: Facts, copy: CopyFacts, path: string): Sending | null {
  if (copy.origin !== 'context' || !facts.context || facts.context.decide(path).ignored) return null;
  const excludes = exclusionOf(facts)(copy);
  for (const source of contextSources(copy)) {
    for (const entry of source.match.matches) {
      const rest = below(entry, path);
      if (rest === null || excludes(rest === '' ? baseName(path) : rest)) continue;
      return { source, imagePath: landing(copy, entry, rest) };
    }
  }
  return null;
}

/**
 * True where a file of a stage ends up in a layer of the shipped image, be it through `COPY --from`. Where only the stage's
 * own layers matter, ask `stage.isShipped`.
 *
 * @param seen what was asked before; for the function's own use
 */
export function reachesImage(
  facts: Facts,
  stage: StageFacts,
  imagePath: string | null,
  seen: Set<string> = new Set(),
): boolean {
  if (facts.target && isBuiltOn(facts.target, stage)) return true;
  if (imagePath === null) return false;
  return facts.stages.some((other) => {
    if (other.role === 'unreachable') return false;
    return other.copies.some((copy) => {
      // A stage takes nothing from itself or from a later one, whatever is written.
      if (!copy.fromStage || copy.fromStage.index >= other.index || !isBuiltOn(copy.fromStage, stage)) return false;
      const carried = carriedTo(copy, imagePath);
      const key = `${other.index} ${carried}`;
      if (carried === null || seen.has(key) || seen.size > MOST_PLACES) return false;
      seen.add(key);
      return reachesImage(facts, other, carried, seen);
    });
  });
}

function isBuiltOn(stage: StageFacts, base: StageFacts): boolean {
  for (let one: StageFacts | null = stage; one; one = one.parent) if (one === base) return true;
  return false;
}

/** Where a `COPY --from` puts a file; null where it leaves it behind. */
function carriedTo(copy: CopyFacts, imagePath: string): string | null {
  for (const { path } of copy.sources) {
    const source = path === null ? null : resolveInImage('/', path);
    if (source === null) continue;
    const parts = source.split('/');
    const wanted = imagePath.split('/').slice(0, parts.length);
    const fits = parts.every((part, index) => part === '' || compileName(part)?.(wanted[index] ?? '') === true);
    if (!fits) continue;
    const rest = source === '/' ? imagePath.slice(1) : imagePath.slice(wanted.join('/').length + 1);
    return copy.destination === null ? imagePath : joinPath(copy.destination, rest || baseName(imagePath));
  }
  return null;
}

/** The part of a path below an entry: empty for the entry itself; null where it is elsewhere. */
function below(entry: ContextEntry, path: string): string | null {
  if (entry.path === path) return '';
  if (entry.kind !== 'directory') return null;
  if (entry.path === '.') return path;
  return path.startsWith(`${entry.path}/`) ? path.slice(entry.path.length + 1) : null;
}

function landing(copy: CopyFacts, entry: ContextEntry, rest: string): string | null {
  const { destination } = copy;
  if (destination === null || copy.instruction.flags.some((flag) => flag.name === 'parents')) return null;
  const directory = destination === '/' ? '' : destination;
  if (rest !== '') return `${directory}/${rest}`;
  return entry.kind !== 'directory' && copy.intoDirectory ? `${directory}/${baseName(entry.path)}` : destination;
}

/** True where the `--exclude` of a COPY leaves out a path below what it copies; for a single file that is its name. */
export function isExcludedFrom(facts: Facts, copy: CopyFacts, path: string): boolean {
  return exclusionOf(facts)(copy)(path);
}

/** `--exclude` speaks the language of ignore files, below the directory that is copied. */
export const exclusionOf = memoise((facts: Facts) =>
  remember((copy: CopyFacts): ((path: string) => boolean) => {
    const { instruction } = copy;
    const texts = instruction.flags.flatMap((flag) => {
      if (flag.name !== 'exclude' || !flag.value) return [];
      const value = facts.expand(flag.value, instruction);
      return value.ok && value.value !== null ? [value.value] : [];
    });
    if (texts.length === 0) return () => false;
    const { patterns } = parseIgnoreFile(createSource('', texts.join('\n')), 'dockerignore');
    const matcher = createMatcher(patterns);
    return (path) => matcher.decide(path).ignored;
  }),
);
