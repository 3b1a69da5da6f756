import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';

/** Why a path could not be read. */
export type FsFailure = 'missing' | 'denied' | 'not-a-file' | 'too-large' | 'io';

export type FsResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: FsFailure };

export type EntryKind = 'file' | 'directory' | 'link' | 'other';

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

export interface FileStat {
  readonly kind: EntryKind;
  /** In bytes; 0 for a directory. */
  readonly size: number;
  /** Any execute bit, as the build would be sent it. */
  readonly executable: boolean;
}

/**
 * All that plimsoll reads of a disk, synchronous; the only other place that touches one is the command line. Paths are
 * absolute with forward slashes. Nothing throws.
 */
export interface Fs {
  /** Does not follow a link at the last part. */
  lstat(path: string): FsResult<FileStat>;
  /** Sorted by name in UTF-16 order. */
  readDirectory(path: string): FsResult<readonly DirectoryEntry[]>;
  /** `limit` in bytes: a larger file is `too-large`. */
  readFile(path: string, limit?: number): FsResult<Uint8Array>;
  /** Target of a link as written. */
  readLink(path: string): FsResult<string>;
  /** The real absolute path, all links followed. */
  realPath(path: string): FsResult<string>;
}

/** One line of an ignore file. */
export interface IgnorePattern {
  /** As written on its line, trimmed. */
  readonly text: string;
  /** As compared: cleaned, without `!` and the leading `/`. */
  readonly pattern: string;
  readonly negated: boolean;
  /** From 1. */
  readonly line: number;
  /** In the ignore file. */
  readonly span: Span;
}

export interface IgnoreFile {
  readonly source: SourceFile;
  /** Which of the three names it has: `<Dockerfile>.dockerignore`, `.dockerignore`, `.containerignore`. */
  readonly kind: 'dockerfile-specific' | 'dockerignore' | 'containerignore';
  readonly patterns: readonly IgnorePattern[];
  /** Patterns that BuildKit refuses (`!` alone, a bad glob); the build fails on them. */
  readonly problems: readonly { readonly message: string; readonly span: Span }[];
}

/** An ignore file that holds, and of which nothing is known: a directory, no permission, too large. */
export interface UnreadIgnoreFile {
  /** As shown. */
  readonly path: string;
  readonly reason: FsFailure;
}

export interface IgnoreDecision {
  readonly ignored: boolean;
  /** The last pattern that matched the path or a parent of it; null where none did. */
  readonly by: IgnorePattern | null;
}

/** A file, directory or link that the build would be sent. */
export interface ContextEntry {
  /** Relative to the context, forward slashes, no leading `./`; `.` for the context itself. */
  readonly path: string;
  readonly kind: EntryKind;
}

/** What stands in the context, sent or not. */
export interface SurveyedEntry extends ContextEntry, IgnoreDecision {
  /** For a directory: false where it cannot be read, or is left out with all that is in it. */
  readonly entered: boolean;
}

/** A file or link that the build would be sent, and how large it is. */
export interface SentFile {
  /** Relative to the context. */
  readonly path: string;
  /** In bytes; that of its target's name for a link, which is sent as a link. */
  readonly size: number;
}

/** How sure we are of the directory. Only `given` and `known` may prove that something is missing. */
export type ContextCertainty = 'given' | 'known' | 'guessed';

/** What COPY or ADD names, after expansion of variables. */
export interface CopyRequest {
  /** Sources as BuildKit resolves them in the context; URLs, git references and heredocs left out by the caller. */
  readonly sources: readonly string[];
  readonly exclude: readonly string[];
  readonly parents: boolean;
}

/** What one source of a COPY brings. */
export interface CopySourceMatch {
  readonly source: string;
  /** The source has wildcards. BuildKit lets such a source bring nothing without a word; a plain one stops the build. */
  readonly glob: boolean;
  readonly status: CopyStatus;
  /** The paths that the source or its glob names and that pass the ignore file; directories not expanded. */
  readonly matches: readonly ContextEntry[];
  /** For `ignored`: a path that is there but left out, and the pattern that does it. */
  readonly ignored: { readonly path: string; readonly by: IgnorePattern } | null;
  /** For `missing` and `wrong-case`: the nearest existing path; null where nothing is near. */
  readonly didYouMean: string | null;
}

/**
 * `ok`: something is there. `missing`: nothing. `ignored`: there, but the ignore file leaves it out. `wrong-case`: there
 * under another case. `outside`: leaves the context (`..` is clamped by BuildKit, so `../x` means `x`). `unknown`: a
 * variable, a link out of the context, an unreadable directory.
 */
export type CopyStatus = 'ok' | 'missing' | 'ignored' | 'wrong-case' | 'outside' | 'unknown';

/** What a service of a compose file says of the image that it is built with. */
export interface ComposeService {
  /** Its file is named for work on the project: `compose.dev.yaml`. */
  readonly isDevelopment: boolean;
  /** The stage that it picks; null: none. */
  readonly target: string | null;
  /** Values of `environment`; null for one that the environment of whoever starts it gives. */
  readonly environment: ReadonlyMap<string, string | null>;
  /** Its variables are not all known: it has an `env_file`, or takes settings from another service. */
  readonly hasMoreVariables: boolean;
  /** Ports of the container that are published. */
  readonly ports: readonly number[];
  /** A directory of the host stands in the place of what the image holds, or `develop:` keeps the two alike. */
  readonly mountsSource: boolean;
  /** It starts another command than the image does. */
  readonly overridesCommand: boolean;
  /** It shares the network of the host, or of another container. */
  readonly sharesNetwork: boolean;
}

export interface BuildContext {
  /** Absolute, forward slashes. */
  readonly root: string;
  /** Relative to the working directory, as shown. */
  readonly displayRoot: string;
  readonly certainty: ContextCertainty;
  /** The file that holds for this Dockerfile; null where there is none. */
  readonly ignoreFile: IgnoreFile | null;
  /** One that holds and cannot be read; then `ignoreFile` is null and the certainty `guessed`, as anything may be left out. */
  readonly unreadIgnoreFile: UnreadIgnoreFile | null;
  /** Names of further contexts, as compose files give them: what FROM and `--from` call by such a name is no image. */
  readonly namedContexts: ReadonlySet<string>;
  /** Names of build arguments that compose files, or bake files beside the Dockerfile, give a value. */
  readonly suppliedArgs: ReadonlySet<string>;
  /** The services of compose files that are built with this Dockerfile. */
  readonly services: readonly ComposeService[];
  /** Paths of the container over which compose files, here and a little above, lay directories when it runs. */
  readonly mountedPaths: ReadonlySet<string>;
  /** Which pattern decides over a path relative to the context, parents considered, exactly as patternmatcher does. */
  decide(path: string): IgnoreDecision;
  /** What stands at the path on disk, ignored or not; null: nothing, or it cannot be read. Does not leave the context. */
  kindOf(path: string): EntryKind | null;
  /** Stat of a path on disk, ignored or not. */
  stat(path: string): FileStat | null;
  /** True where the file is there and the build is sent it. */
  isSent(path: string): boolean;
  /**
   * Files (not directories) below `under` that the build is sent, depth first by name, lazily. An ignored directory is
   * entered only where a later `!` pattern could re-include something below it. Stops after `limit` files. Directories
   * for which `enter` says no are passed over.
   */
  walk(under?: string, limit?: number, enter?: (directory: string) => boolean): Iterable<ContextEntry>;
  /**
   * What {@link walk} finds below `under`, `.git` and `node_modules` included, with sizes; cut off after 100,000 files. Read
   * on the first call and kept, and each file is asked for its size once, whoever asks: a stat for each file is most of what
   * this costs, so that a rule asks last, and not where {@link stat} of a few paths would do.
   */
  sizes(under?: string): readonly SentFile[];
  /**
   * Every entry of the context, what is left out too; a directory that is left out with all that is in it is not entered.
   * Those of a directory stand together, by name. For people who want to see it; rules {@link walk}.
   */
  survey(): Iterable<SurveyedEntry>;
  /** True where a .gitignore of the context or of the repository around it names the path, be it there or not. */
  isGitIgnored(path: string): boolean;
  resolveCopy(request: CopyRequest): readonly CopySourceMatch[];
  /** Text of a file on disk (ignored or not), at most 5 MB, read once; null where it cannot be read as UTF-8 text. */
  read(path: string): SourceFile | null;
  /** The Node.js project in a directory of the context; null where there is no package.json. Read once. */
  node(directory?: string): NodeProject | null;
}

export type PackageManager = 'npm' | 'yarn' | 'pnpm' | 'bun';

export interface Lockfile {
  readonly manager: PackageManager;
  /** `package-lock.json`, `npm-shrinkwrap.json`, `yarn.lock`, `pnpm-lock.yaml`, `bun.lock`, `bun.lockb`. */
  readonly name: string;
  /** Relative to the context. */
  readonly path: string;
  /** False where the ignore file leaves it out. */
  readonly sent: boolean;
}

/** A value of a manifest with its place. */
export interface Located<T> {
  readonly value: T;
  readonly span: Span;
}

export interface Manifest {
  readonly source: SourceFile;
  readonly name: string | null;
  readonly main: Located<string> | null;
  readonly scripts: ReadonlyMap<string, Located<string>>;
  readonly dependencies: ReadonlyMap<string, Located<string>>;
  readonly devDependencies: ReadonlyMap<string, Located<string>>;
  readonly optionalDependencies: ReadonlyMap<string, Located<string>>;
  readonly engines: ReadonlyMap<string, Located<string>>;
  /** `pnpm@9.1.0`, parts of it. */
  readonly packageManager: (Located<string> & { readonly manager: string; readonly version: string | null }) | null;
  /** Globs of `workspaces` (both forms). */
  readonly workspaces: readonly Located<string>[];
  /** What Yarn takes in place of dependencies. */
  readonly resolutions: ReadonlyMap<string, Located<string>>;
  /** Patches that pnpm (under `pnpm`) or Bun apply, as package to file. */
  readonly patchedDependencies: ReadonlyMap<string, Located<string>>;
  /** True where ranges may be replaced: `overrides`, `resolutions`, `pnpm.overrides`. */
  readonly replaces: boolean;
  readonly type: 'module' | 'commonjs';
  /** Names of `bin`, with their files. */
  readonly bin: ReadonlyMap<string, string>;
  /** What is wrong in the file: broken JSON, a field of the wrong type. Fields that cannot be read are empty. */
  readonly problems: readonly { readonly message: string; readonly span: Span }[];
}

export interface NodeProject {
  /** Relative to the context; `.` for its root. */
  readonly directory: string;
  /** False where the ignore file leaves package.json out. */
  readonly sent: boolean;
  readonly manifest: Manifest;
  /** Every lockfile beside package.json, ignored ones too. */
  readonly lockfiles: readonly Lockfile[];
  /** `.npmrc` as key to value; null where there is none. */
  readonly npmrc: ReadonlyMap<string, string> | null;
  /** Path of `.yarnrc.yml` where there is one, and its `yarnPath` and `nodeLinker`. */
  readonly yarnrc: {
    readonly path: string;
    readonly yarnPath: string | null;
    readonly nodeLinker: string | null;
  } | null;
  /** Content of `.nvmrc` or `.node-version`. */
  readonly nodeVersion: { readonly path: string; readonly value: string } | null;
  /** Globs of `pnpm-workspace.yaml`; null where there is none. */
  readonly pnpmWorkspace: readonly string[] | null;
  /** Patches that `pnpm-workspace.yaml` lists, as package to file; empty where there are none. */
  readonly pnpmPatches: ReadonlyMap<string, string>;
}
