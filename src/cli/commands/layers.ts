import { cleanPath, displayFrom, isWithin, joinPath, relativePath, resolvePath } from '../../context/paths.js';
import type { BuildContext } from '../../context/types.js';
import { decode } from '../../dockerfile/decode.js';
import { readDocument } from '../../dockerfile/read-document.js';
import { changedLines } from '../../facts/changed-lines.js';
import { layersOf } from '../../facts/layers.js';
import type { Edit } from '../../facts/replay.js';
import { UsageError } from '../../model/errors.js';
import { visible } from '../../reporters/visible.js';
import type { LayersArgs } from '../command.js';
import { changedSince, fileAt, fileFromTop, type Git, missingRevision, renamedFrom } from '../git.js';
import type { Io } from '../io.js';
import { type LayerPlan, planChange, planLikely } from '../layers/plan.js';
import { type OpenedDockerfile, openDockerfile } from '../one-dockerfile.js';
import { renderEnv } from '../render-env.js';

/** `plimsoll layers [DOCKERFILE]`. */
export async function layersCommand(args: LayersArgs, io: Io): Promise<number> {
  const opened = openDockerfile(args, io);
  const { facts } = opened;
  const notes: string[] = [];
  const plan = isChange(args) ? await planChanged(args, opened, io, notes) : planLikely(facts);
  if (layersOf(facts).all.length === 0) throw new UsageError(`${opened.display}: there is no step in it`);
  io.stdout.write(await render(plan, args, io));
  if (!opened.context && !isChange(args)) notes.push('no build context was read, so that no file is shown');
  if (opened.document.problems.some(({ fatal, uncertain }) => fatal && !uncertain)) {
    notes.push(`${opened.display} has errors that end the build: \`plimsoll ${opened.display}\` shows them`);
  }
  for (const note of notes) io.stderr.write(`plimsoll: ${visible(note)}\n`);
  return 0;
}

function isChange({ changed, since }: LayersArgs): boolean {
  return changed.length > 0 || since !== null;
}

async function render(plan: LayerPlan, { format, color }: LayersArgs, io: Io): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('../layers/json.js')).layersJson(plan);
    case 'mermaid':
      return (await import('../layers/mermaid.js')).layersMermaid(plan);
    case 'text': {
      const { layersText } = await import('../layers/text.js');
      return layersText(plan, await renderEnv({ color, quiet: false }, io));
    }
  }
}

/** What the files of `--changed` or `--since` make again; says in `notes` which of them have no part in the build. */
async function planChanged(args: LayersArgs, opened: OpenedDockerfile, io: Io, notes: string[]): Promise<LayerPlan> {
  const { context, facts } = opened;
  if (!context)
    throw new UsageError('standard input has no build context whose files could change; name one with --context');
  const edits: Edit[] = [];
  let paths: readonly string[];
  let name: string;
  if (args.since !== null) {
    const git = await io.openGit();
    const changed = changedSince(args.since, context.root, git);
    if (changed === null) throw noRevision(args.since, context, git);
    paths = changed;
    name = `${countOf(paths.length)} changed since ${args.since}`;
    edits.push(...linesSince(args.since, opened, git, notes));
  } else {
    paths = args.changed.flatMap((typed) => inContext(typed, context.root, io, notes) ?? []);
    name = paths.length === 1 ? (paths[0] ?? '') : countOf(paths.length);
    if (opened.path !== null && paths.includes(relativePath(context.root, opened.path)))
      notes.push('the lines of the Dockerfile are not compared; --since does that');
  }
  edits.push({ kind: 'files', paths });
  for (const path of paths.slice(0, 20)) {
    const { ignored, by } = context.decide(path);
    if (ignored && by && args.since === null)
      notes.push(`${path} is not sent to the build: ${context.ignoreFile?.source.path}:${by.line} \`${by.text}\``);
  }
  return planChange(edits, name, facts);
}

function noRevision(revision: string, { root, displayRoot }: BuildContext, git: Git): UsageError {
  const why = missingRevision(root, git);
  if (why === 'no-repository') return new UsageError(`--since: ${displayRoot} is in no git repository`);
  const hint = why === 'shallow' ? '; the clone is shallow, `git fetch --deepen=100` brings more of it' : '';
  return new UsageError(`--since: git knows no revision "${revision}" in ${displayRoot}${hint}`);
}

function countOf(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}

/** A path as typed, relative to the context; null where it is outside. */
function inContext(typed: string, root: string, io: Io, notes: string[]): string | null {
  const path = resolvePath(io.cwd, io.isWindows ? typed.replaceAll('\\', '/') : typed);
  if (isWithin(root, path)) {
    const inside = relativePath(root, path);
    // A directory stands for whatever is in it: one name below it does.
    return io.fs.readDirectory(path).ok ? joinPath(inside, 'x').replace(/^\.\//, '') : inside;
  }
  notes.push(`${displayFrom(io.cwd, path)} is outside the build context, so that no step takes it`);
  return null;
}

/** The instructions that are not as the revision has them. */
function linesSince(
  revision: string,
  { path, display, document, context }: OpenedDockerfile,
  git: Git,
  notes: string[],
): readonly Edit[] {
  if (path === null || !context) return [];
  const directory = cleanPath(joinPath(path, '..'));
  const name = path.slice(directory.length + (directory === '/' ? 0 : 1));
  let before = fileAt(revision, name, directory, git);
  if (before === null) {
    const old = renamedFrom(revision, name, directory, git);
    before = old === null ? null : fileFromTop(revision, old, directory, git);
  }
  if (before === null) {
    notes.push(`${display} is not in ${revision}: its lines count as new`);
    return document.stages.map((stage) => ({ kind: 'line', instruction: stage.from }));
  }
  return changedLines(readDocument(decode(new TextEncoder().encode(before), display)), document);
}
