import { createCachedFs } from '../context/cached-fs.js';
import type { LocateReason } from '../context/locate-context.js';
import { displayFrom, joinPath, resolvePath } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import type { Document } from '../dockerfile/ast.js';
import { decode } from '../dockerfile/decode.js';
import { readDocument } from '../dockerfile/read-document.js';
import { contextAt, placeOf } from '../engine/context-of.js';
import { didYouMean, nearest } from '../engine/rule-names.js';
import { analyse } from '../facts/analyse.js';
import type { Facts } from '../facts/types.js';
import { UsageError } from '../model/errors.js';
import { listing } from '../model/listing.js';
import { buildArgsOf, contextRootOf } from './build-values.js';
import type { BuildArgs } from './command.js';
import { isDockerfileName } from './file-names.js';
import type { Io } from './io.js';
import { failureMessage } from './targets.js';

/** One Dockerfile, for the commands that show what is in its build. */
export interface OpenedDockerfile {
  /** Absolute; null for standard input. */
  readonly path: string | null;
  /** As shown. */
  readonly display: string;
  readonly document: Document;
  /** Why the context is where it is; null where there is none. */
  readonly reason: LocateReason | null;
  /** Null only for standard input without `--context`. */
  readonly context: BuildContext | null;
  readonly facts: Facts;
}

/** In bytes. Larger files are no Dockerfiles. */
const LARGEST = 64_000_000;

/**
 * Finds, reads and analyses the Dockerfile that a command line names.
 *
 * @throws UsageError where there is none or there are several, and where it cannot be read, is no text, or lacks the stage
 *   of `--target`.
 */
export function openDockerfile(args: BuildArgs, io: Io): OpenedDockerfile {
  const fs = createCachedFs(io.fs);
  const root = contextRootOf(args, io);
  const options = { target: args.target, buildArgs: buildArgsOf(args, io), now: new Date() };
  const path = args.dockerfile === '-' ? null : pathOf(args.dockerfile, io);
  const display = path === null ? '<stdin>' : displayFrom(io.cwd, path);
  const decoded = decode(bytesOf(path, display, io), display);
  if (!decoded.isText) throw new UsageError(`${display}: ${decoded.problem?.message ?? 'no text'}`);
  const document = readDocument(decoded);
  if (document.stages.length === 0) throw new UsageError(`${display}: no Dockerfile: there is no FROM in it`);
  const names = document.stages.flatMap((stage) => [stage.name ?? [], String(stage.index)].flat());
  if (args.target !== null && !names.includes(args.target.toLowerCase())) {
    const named = document.stages.flatMap((stage) => stage.name ?? []);
    throw new UsageError(`${display}: there is no stage "${args.target}"${didYouMean(nearest(args.target, named))}`);
  }
  const run = { fs, cwd: io.cwd, context: root };
  const place = placeOf(run, path, document);
  const context = place && contextAt(run, place, path);
  return {
    path,
    display,
    document,
    reason: place?.reason ?? null,
    context,
    facts: analyse({ document, context, options }),
  };
}

/** The one that is typed, or the one that `docker build` would take. */
function pathOf(typed: string | null, io: Io): string {
  const path = resolvePath(io.cwd, io.isWindows ? (typed ?? '.').replaceAll('\\', '/') : (typed ?? '.'));
  const listing = io.fs.readDirectory(path);
  if (!listing.ok) {
    if (typed === null) throw new UsageError(`the working directory: ${failureMessage(listing.reason)}`);
    return path;
  }
  const names = listing.value.filter(({ kind }) => kind !== 'directory').map(({ name }) => name);
  const usual = names.filter((name) => name === 'Dockerfile' || name === 'Containerfile');
  const [only, second] = usual;
  if (only !== undefined && second === undefined) return joinPath(path, only);
  const where = typed === null ? 'here' : `in ${displayFrom(io.cwd, path)}`;
  if (only !== undefined) throw new UsageError(`there are several Dockerfiles ${where}: name ${orList(usual)}`);
  const others = names.filter(isDockerfileName);
  const advice = others.length === 0 ? 'name one' : `name ${orList(others)}`;
  throw new UsageError(`there is no Dockerfile ${where}: ${advice}`);
}

/** `a`, `a or b`, `a, b or c`; a long list is cut. */
function orList(names: readonly string[]): string {
  return listing(names.length > 5 ? [...names.slice(0, 5), 'another'] : names, 'or');
}

function bytesOf(path: string | null, display: string, io: Io): Uint8Array {
  if (path === null) {
    try {
      return io.readStdin();
    } catch {
      throw new UsageError('standard input cannot be read');
    }
  }
  const read = io.fs.readFile(path, LARGEST);
  if (read.ok) return read.value;
  throw new UsageError(`${display}: ${failureMessage(read.reason)}`);
}
