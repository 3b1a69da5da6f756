import { ECOSYSTEMS, type Ecosystem, inputRole } from './ecosystems.js';
import { layersOf } from './layers.js';
import type { Edit } from './replay.js';
import { contextSources, neededCopies, sentFiles } from './sent-files.js';
import { dockerfilePath } from './taken-paths.js';
import type { CopyFacts, Facts } from './types.js';
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
  const files = broughtFiles(facts);
  for (const group of groupsOf(usedEcosystems(facts))) {
    const role = (wanted: 'manifest' | 'lockfile') =>
      shallowest(files.filter((path) => inputRole(path, group) === wanted));
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

/** Ecosystems whose files differ; npm and yarn, pip and poetry read the same ones. All of them where none is used. */
function groupsOf(used: readonly Ecosystem[]): readonly (readonly Ecosystem[])[] {
  const groups = new Map<string, Ecosystem[]>();
  for (const ecosystem of used) {
    const key = ecosystem.sources.source;
    groups.set(key, [...(groups.get(key) ?? []), ecosystem]);
  }
  return used.length === 0 ? [ECOSYSTEMS] : [...groups.values()].slice(0, MOST_GROUPS);
}

/** Files that some COPY or bind mount of the build takes, those of sources that name a file first. */
function broughtFiles(facts: Facts): readonly string[] {
  const copies = neededCopies(facts);
  const named = copies.flatMap((copy) =>
    contextSources(copy).flatMap(({ match }) =>
      match.matches.flatMap(({ path, kind }) => (kind === 'file' ? path : [])),
    ),
  );
  const files = new Set([...named, ...byBreadth(copies).flatMap((copy) => sentFiles(facts, copy))]);
  for (const { inputs, stage } of layersOf(facts).all) {
    if (stage.role === 'unreachable') continue;
    for (const { by, from, source } of inputs.files) {
      if (by === 'mount' && from === 'context' && source !== null)
        for (const path of below(source, facts)) files.add(path);
    }
  }
  return [...files];
}

function below(source: string, { context }: Facts): readonly string[] {
  if (!context) return [];
  const kind = context.kindOf(source);
  if (kind === 'file') return [source.replace(/^\.?\//, '')];
  return kind === 'directory' ? [...context.walk(source, MOST_FILES)].map(({ path }) => path) : [];
}

function byBreadth(copies: readonly CopyFacts[]): readonly CopyFacts[] {
  return copies.toSorted((a, b) => Number(b.broad) - Number(a.broad));
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
