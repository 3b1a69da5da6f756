import { parseIgnoreFile } from '../../context/dockerignore.js';
import type { LocateReason } from '../../context/locate-context.js';
import type { BuildContext, ContextCertainty, CopyStatus, SentFile, UnreadIgnoreFile } from '../../context/types.js';
import { lineIndexAt } from '../../model/source.js';
import type { OpenedDockerfile } from '../one-dockerfile.js';
import { type Bringing, type BroughtSource, bringingsOf } from './bringings.js';
import { type LeftOut, leftOut } from './left-out.js';

/** What `plimsoll context --json` prints, behind `version` and `tool`; docs/context.md explains it. */
export interface ContextReport {
  readonly dockerfile: string;
  readonly context: {
    /** Relative to the working directory. */
    readonly path: string;
    readonly certainty: ContextCertainty;
    readonly reason: LocateReason;
  };
  readonly ignoreFile: ReadIgnoreFile | null;
  /** The ignore file that holds and cannot be read: what it leaves out is not known. */
  readonly unreadableIgnoreFile: UnreadIgnoreFile | null;
  /** Ignore files that are there and that BuildKit does not read. */
  readonly unreadIgnoreFiles: readonly string[];
  /** All that is not ignored. */
  readonly notIgnored: Amount;
  /** What BuildKit asks for: what the stages that are built name. */
  readonly sent: Amount & {
    /** False where a source cannot be told, so that it may be more. */ readonly known: boolean;
  };
  readonly copies: readonly CopyReport[];
  /** The largest files that are sent. */
  readonly largest: readonly SizedPath[];
  readonly ignored: readonly LeftOut[];
  /** Lines of the ignore file that decide over nothing. */
  readonly idlePatterns: readonly { readonly line: number; readonly pattern: string }[];
  /** What is not ignored, and is not sent: directories as a whole where nothing in them is. */
  readonly unused: Amount & { readonly paths: readonly (Amount & { readonly path: string })[] };
  /** Directories that cannot be read, and files whose size cannot be told. */
  readonly unreadable: readonly string[];
}

export interface ReadIgnoreFile {
  readonly path: string;
  readonly kind: 'dockerfile-specific' | 'dockerignore' | 'containerignore';
  readonly patterns: number;
  /** Lines that stop the build. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

export interface SizedPath {
  readonly path: string;
  readonly bytes: number;
}

export interface CopyReport extends Amount {
  readonly instruction: 'COPY' | 'ADD' | 'RUN';
  readonly line: number;
  /** Name or number of its stage. */
  readonly stage: string;
  /** False in a stage that the target does not need. */
  readonly built: boolean;
  readonly sources: readonly SourceReport[];
  /** Absolute path in the image; null where it is not known. */
  readonly destination: string | null;
}

export interface SourceReport extends Amount {
  readonly source: string;
  readonly status: CopyStatus;
  readonly didYouMean: string | null;
  /** The line of the ignore file that leaves it out. */
  readonly ignoredBy: { readonly path: string; readonly line: number; readonly pattern: string } | null;
}

const MOST_LARGEST = 10;
const MOST_UNUSED = 100;

/** Looks through the context of a Dockerfile once, and at the size of each file that is not ignored. */
export function contextReport(opened: OpenedDockerfile, context: BuildContext): ContextReport {
  const survey = leftOut(context);
  const sizes = new Map<string, number>();
  const unreadable = [...survey.unreadable];
  for (const path of survey.files) {
    const stat = context.stat(path);
    sizes.set(path, stat?.size ?? 0);
    // Gone meanwhile, or of a name that is not UTF-8.
    if (!stat) unreadable.push(path);
  }
  const bringings = bringingsOf(opened.facts, context, survey.files);
  const needed = bringings.filter(({ built }) => built);
  const sent = new Set(needed.flatMap(({ sources }) => sources.map(({ transferred }) => transferred)).flat());
  const amount = (paths: Iterable<string>): Amount => amountOf(paths, sizes);
  const { ignoreFile } = context;
  return {
    dockerfile: opened.display,
    context: { path: context.displayRoot, certainty: context.certainty, reason: opened.reason ?? 'given' },
    ignoreFile: ignoreFile && {
      path: ignoreFile.source.path,
      kind: ignoreFile.kind,
      patterns: ignoreFile.patterns.length,
      problems: ignoreFile.problems.map(({ message, span }) => ({
        line: lineIndexAt(ignoreFile.source, span.start) + 1,
        message,
      })),
    },
    unreadableIgnoreFile: context.unreadIgnoreFile,
    unreadIgnoreFiles: unreadIgnoreFiles(context),
    notIgnored: amount(survey.files),
    sent: {
      ...amount(sent),
      known: needed.every(({ sources }) => sources.every(({ status }) => status !== 'unknown')),
    },
    copies: bringings.map((bringing) => copyReport(bringing, amount)),
    largest: largestOf([...sent].map((path) => ({ path, size: sizes.get(path) ?? 0 }))),
    ignored: survey.ignored,
    idlePatterns: (ignoreFile?.patterns ?? [])
      .filter((pattern) => !survey.deciding.has(pattern))
      .map(({ line, text }) => ({ line, pattern: text })),
    unused: unusedOf(survey.files, sent, sizes),
    unreadable,
  };
}

function copyReport({ sources, ...about }: Bringing, amount: (paths: Iterable<string>) => Amount): CopyReport {
  return {
    ...about,
    ...amount(new Set(sources.flatMap(({ brought }) => brought))),
    sources: sources.map((source) => sourceReport(source, amount)),
  };
}

function sourceReport(
  { source, status, didYouMean, ignored, brought }: BroughtSource,
  amount: (paths: Iterable<string>) => Amount,
): SourceReport {
  const by = ignored && { path: ignored.path, line: ignored.by.line, pattern: ignored.by.text };
  return { source, status, didYouMean, ignoredBy: by, ...amount(brought) };
}

function amountOf(paths: Iterable<string>, sizes: ReadonlyMap<string, number>): Amount {
  let files = 0;
  let bytes = 0;
  for (const path of paths) {
    files++;
    bytes += sizes.get(path) ?? 0;
  }
  return { files, bytes };
}

function largestOf(files: readonly SentFile[]): readonly SizedPath[] {
  return files
    .toSorted((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1))
    .slice(0, MOST_LARGEST)
    .filter(({ size }) => size > 0)
    .map(({ path, size }) => ({ path, bytes: size }));
}

/** `.dockerignore` beside an ignore file that wins, and `.containerignore`, where they have a pattern. */
function unreadIgnoreFiles(context: BuildContext): readonly string[] {
  return ['.dockerignore', '.containerignore'].flatMap((name) => {
    const source = context.read(name);
    if (!source || source.path === context.ignoreFile?.source.path) return [];
    return parseIgnoreFile(source, 'dockerignore').patterns.length > 0 ? [source.path] : [];
  });
}

function unusedOf(
  files: readonly string[],
  sent: ReadonlySet<string>,
  sizes: ReadonlyMap<string, number>,
): ContextReport['unused'] {
  const used = new Set<string>();
  for (const path of sent) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const directory = path.slice(0, at);
      if (used.has(directory)) break;
      used.add(directory);
    }
  }
  const groups = new Map<string, string[]>();
  const unused = files.filter((path) => !sent.has(path));
  for (const path of unused) {
    const name = unusedTop(path, used);
    const group = groups.get(name);
    if (group) group.push(path);
    else groups.set(name, [path]);
  }
  const paths = [...groups]
    .map(([path, members]) => ({ path, ...amountOf(members, sizes) }))
    .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1))
    .slice(0, MOST_UNUSED);
  return { ...amountOf(unused, sizes), paths };
}

/** The highest directory of the path of which nothing is used, with a slash; the path itself where there is none. */
function unusedTop(path: string, used: ReadonlySet<string>): string {
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    if (!used.has(path.slice(0, at))) return path.slice(0, at + 1);
  }
  return path;
}
