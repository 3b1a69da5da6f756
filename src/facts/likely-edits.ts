import { baseName } from '../context/paths.js';
import { ECOSYSTEMS, type Ecosystem, inputRole, matchesName } from './ecosystems.js';
import { layersOf } from './layers.js';
import type { Edit } from './replay.js';
import { contextSources, neededCopies, sentFiles } from './sent-files.js';
import { dockerfilePath } from './taken-paths.js';
import type { Facts } from './types.js';
import { PLATFORM_ARGS } from './variables.js';

/** An edit that people make all the time, for a table of what each makes again. */
export interface LikelyEdit {
  readonly kind: 'source' | 'manifest' | 'lockfile' | 'readme' | 'git' | 'dockerfile' | 'argument';
  /** What a person calls it: "source file". */
  readonly title: string;
  /** The file, or the name of the argument. */
  readonly name: string;
  readonly edit: Edit;
}

/** Build arguments beyond these are left out of a table. */
const MOST_ARGUMENTS = 6;
/** Languages beyond these are left out. */
const MOST_GROUPS = 3;
/** So many files are looked at to find one of each kind. */
const MOST_FILES = 20_000;

/** One edit of each kind that the Dockerfile and its context have, in the order of how often people make them. */
export function likelyEdits(facts: Facts): readonly LikelyEdit[] {
  return [...fileEdits(facts), ...dockerfileEdit(facts), ...argumentEdits(facts)];
}

function fileEdits(facts: Facts): readonly LikelyEdit[] {
  const { context } = facts;
  if (!context) return [];
  const edits: LikelyEdit[] = [];
  const add = (kind: LikelyEdit['kind'], title: string, path: string | null): void => {
    if (path !== null && !edits.some(({ name }) => name === path))
      edits.push({ kind, title, name: path, edit: { kind: 'files', paths: [path] } });
  };
  const ranks = broughtFiles(facts);
  const files = [...ranks.keys()];
  const named = files.filter((path) => ranks.get(path) === 0);
  for (const group of groupsOf(usedEcosystems(facts), named)) {
    const role = (wanted: 'manifest' | 'lockfile') =>
      likeliest(
        files.filter((path) => inputRole(path, group) === wanted),
        ranks,
        group,
      );
    add('source', 'source file', sourceOf(files, group));
    add('manifest', 'manifest', role('manifest'));
    add('lockfile', 'lockfile', role('lockfile'));
  }
  const readme = [...context.walk('.', MOST_FILES, (directory) => directory === '.')].find(({ path }) =>
    /^readme(?:\.\w+)?$/i.test(path),
  );
  add('readme', 'README', readme?.path ?? (context.kindOf('README.md') === null ? null : 'README.md'));
  add('git', 'commit', context.kindOf('.git') === 'directory' ? '.git/HEAD' : null);
  return edits;
}

/** Ecosystems whose tools a RUN uses. */
function usedEcosystems(facts: Facts): readonly Ecosystem[] {
  const found = new Set<Ecosystem>();
  for (const { work, stage } of layersOf(facts).all) {
    if (stage.role !== 'unreachable') for (const { ecosystem } of work) if (ecosystem) found.add(ecosystem);
  }
  return [...found];
}

/**
 * Ecosystems whose files differ; npm and yarn, pip and poetry read the same ones. Those count too that no RUN is seen to use, as
 * a script does it, but whose manifest some COPY names. All of them where there is none.
 */
function groupsOf(used: readonly Ecosystem[], named: readonly string[]): readonly (readonly Ecosystem[])[] {
  const groups = new Map<string, Ecosystem[]>();
  const add = (ecosystem: Ecosystem): void => {
    const key = ecosystem.sources.source;
    groups.set(key, [...(groups.get(key) ?? []), ecosystem]);
  };
  for (const ecosystem of used) add(ecosystem);
  const others = ECOSYSTEMS.filter(({ sources }) => !groups.has(sources.source));
  for (const ecosystem of others) if (named.some((path) => inputRole(path, [ecosystem]) === 'manifest')) add(ecosystem);
  return groups.size === 0 ? [ECOSYSTEMS] : [...groups.values()].slice(0, MOST_GROUPS);
}

/**
 * Files that some COPY or bind mount of the build takes: 0 where a source names the file, 1 where it names a directory, 2 where
 * it is the whole context.
 */
function broughtFiles(facts: Facts): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  const take = (path: string, rank: number): void => {
    ranks.set(path, Math.min(rank, ranks.get(path) ?? rank));
  };
  for (const copy of neededCopies(facts)) {
    for (const { match } of contextSources(copy))
      for (const { path, kind } of match.matches) if (kind === 'file') take(path, 0);
    for (const path of sentFiles(facts, copy)) take(path, copy.broad ? 2 : 1);
  }
  for (const { inputs, stage } of layersOf(facts).all) {
    if (stage.role === 'unreachable') continue;
    for (const { by, from, source } of inputs.files) {
      if (by !== 'mount' || from !== 'context' || source === null) continue;
      const paths = below(source, facts);
      for (const path of paths) take(path, paths.length === 1 ? 0 : 1);
    }
  }
  return ranks;
}

function below(source: string, { context }: Facts): readonly string[] {
  if (!context) return [];
  const kind = context.kindOf(source);
  if (kind === 'file') return [source.replace(/^\.?\//, '')];
  return kind === 'directory' ? [...context.walk(source, MOST_FILES)].map(({ path }) => path) : [];
}

const NO_SOURCE = /(?:^|\/)(?:dockerfile|containerfile|readme|license|licence|changelog|\.|(?:docker-)?compose)/i;
const ENTRY = /(?:^|\/)(?:src|app|lib|cmd|pages|server|main|index|program)(?:[/.]|$)/i;

function sourceOf(files: readonly string[], used: readonly Ecosystem[]): string | null {
  const candidates = files.filter((path) => inputRole(path) === null && !NO_SOURCE.test(path));
  const known = candidates.filter((path) => used.some(({ sources }) => sources.test(path)));
  // Where a language is known but its sources are not there, any other file would mislead.
  const best = known.length > 0 || used !== ECOSYSTEMS ? known : candidates;
  const usual = best.filter(
    (path) => ENTRY.test(path) && !/(?:^|\/)(?:tests?|__tests__|spec|docs?|examples?|config)\/|\.config\./.test(path),
  );
  return shallowest(usual.length > 0 ? usual : best);
}

/** The path with the fewest directories, the first by name. */
function shallowest(paths: readonly string[]): string | null {
  const depth = (path: string): number => path.split('/').length;
  return paths.toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))[0] ?? null;
}

/** What a COPY names rather than what comes along, then the first kind in the list of its ecosystem, then what lies highest. */
function likeliest(
  paths: readonly string[],
  ranks: ReadonlyMap<string, number>,
  group: readonly Ecosystem[],
): string | null {
  const patterns = group.flatMap(({ manifests, lockfiles }) => [...manifests, ...lockfiles]);
  const placeOf = (path: string): number => patterns.findIndex((pattern) => matchesName(pattern, baseName(path)));
  const keyOf = (path: string): readonly number[] => [
    ranks.get(path) ?? 2,
    placeOf(path),
    path.split('/').length,
    path.length,
  ];
  const compare = (a: string, b: string): number => {
    const second = keyOf(b);
    return keyOf(a).reduce((found, value, at) => found || value - (second[at] ?? 0), 0) || (a < b ? -1 : 1);
  };
  return paths.toSorted(compare)[0] ?? null;
}

/** A comment in the Dockerfile is no part of any key, but the file itself may be copied like any other. */
function dockerfileEdit(facts: Facts): readonly LikelyEdit[] {
  const path = dockerfilePath(facts);
  if (path === null || facts.context?.kindOf(path) !== 'file') return [];
  return [
    {
      kind: 'dockerfile',
      title: 'comment',
      name: path,
      edit: { kind: 'files', paths: [path] },
    },
  ];
}

function argumentEdits(facts: Facts): readonly LikelyEdit[] {
  const names = new Set<string>();
  for (const arg of facts.instructions('ARG')) {
    const stage = facts.stageOf(arg);
    if (stage?.role === 'unreachable') continue;
    for (const { key } of arg.pairs) if (!PLATFORM_ARGS.has(key.text)) names.add(key.text);
  }
  return [...names].slice(0, MOST_ARGUMENTS).map((name) => ({
    kind: 'argument',
    title: 'build argument',
    name,
    edit: { kind: 'argument', name },
  }));
}
