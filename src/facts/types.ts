import type { BuildContext, CopySourceMatch, NodeProject } from '../context/types.js';
import type {
  AddInstruction,
  CmdInstruction,
  CopyInstruction,
  Document,
  EntrypointInstruction,
  HealthcheckInstruction,
  Instruction,
  InstructionOf,
  RunInstruction,
  SimpleInstruction,
  Stage,
  Word,
} from '../dockerfile/ast.js';
import type { ExpandResult } from '../dockerfile/expand.js';
import type { ImageReference } from '../dockerfile/image-reference.js';
import type { Place } from '../model/finding.js';
import type { Command, Dialect, ForeignShell, Script } from '../shell/types.js';
import type { Holder } from './lazy.js';

/** What the caller fixed for this run; the same for all files. */
export interface AnalysisOptions {
  /** `--target`; null: the last stage. */
  readonly target: string | null;
  readonly buildArgs: ReadonlyMap<string, string>;
  /** The day that end-of-life dates are judged by. */
  readonly now: Date;
  /** What a registry has of an image; left out where none was asked, null where it did not answer. */
  readonly published?: (reference: ImageReference) => PublishedPlatforms | null;
}

export interface PublishedPlatforms {
  /** `linux/arm64/v8` */
  readonly platforms: readonly string[];
  /** False where there is one image for all, whatever platform is asked for. */
  readonly isIndex: boolean;
}

/** All shared knowledge of one Dockerfile; every member is computed when first asked for, and once. */
export interface Facts extends Holder {
  readonly document: Document;
  /** Null where there is none (standard input): context rules stay silent. */
  readonly context: BuildContext | null;
  readonly options: AnalysisOptions;
  readonly stages: readonly StageFacts[];
  /** The stage that is shipped; null in a file without a stage or where `--target` names none. */
  readonly target: StageFacts | null;
  /** Every instruction with one of the keywords, triggers of ONBUILD among them, in order of the file. */
  instructions<K extends Instruction['keyword']>(...keywords: readonly K[]): readonly InstructionOf<K>[];
  /**
   * Commands of every RUN (ONBUILD RUN too) with one of the names ({@link Command.name}) or, failing that, of the tools
   * ({@link Command.tool}), in order of the file; all commands without names.
   */
  commands(...names: readonly string[]): readonly CommandUse[];
  /** The stage that holds an instruction; null before the first FROM. */
  stageOf(instruction: Instruction): StageFacts | null;
  /** State just before an instruction. */
  stateAt(instruction: Instruction): StageState;
  /** Expands a word of an instruction as BuildKit would, with build arguments and defaults. */
  expand(word: Word, instruction: Instruction): ExpandResult;
  /** Scripts of an instruction: the shell form and heredoc bodies of RUN; the shell form of CMD, ENTRYPOINT, HEALTHCHECK. */
  scriptsOf(instruction: Instruction): readonly ScriptUse[];
  /** The commands that an instruction runs, exec form included. */
  commandsOf(instruction: Instruction): readonly CommandUse[];
  readonly node: NodeFacts;
  /** Ports that the shipped command is certain to listen on; empty where that cannot be seen. */
  readonly ports: readonly SeenPort[];
}

export interface CommandUse {
  readonly command: Command;
  /** Null for an exec form. */
  readonly script: Script | null;
  /** RUN, CMD, ENTRYPOINT or HEALTHCHECK; the inner instruction for an ONBUILD trigger. */
  readonly instruction: Instruction;
  readonly stage: StageFacts | null;
}

export interface ScriptUse {
  readonly script: Script;
  readonly shell: ShellFacts;
  /** Whether it is the text of the instruction or the body of one of its heredocs. */
  readonly from: 'instruction' | 'heredoc';
}

/** What runs the shell forms of an instruction. */
export interface ShellFacts {
  /** Null where it is not known. */
  readonly dialect: Dialect | null;
  readonly foreign: ForeignShell | null;
  /** True where it is named by SHELL or a `#!` line rather than assumed for the base image. */
  readonly explicit: boolean;
  /** `pipefail` or `errexit` in the flags of SHELL. */
  readonly options: ReadonlySet<string>;
}

/**
 * `target` is shipped. `build` is copied from or built on. `unreachable`: the target does not need it; a stage for tests
 * or development that another `--target` picks.
 */
export type StageRole = 'target' | 'build' | 'unreachable';

export interface StageFacts {
  readonly stage: Stage;
  readonly index: number;
  readonly name: string | null;
  readonly role: StageRole;
  /** Its layers are part of the shipped image: the target, and what it is built on. */
  readonly isShipped: boolean;
  /** True where its name, or that of the file, says test, lint, dev or the like. */
  readonly isDevelopment: boolean;
  /** The stage that FROM names; null for an image. */
  readonly parent: StageFacts | null;
  /** The image at the root of its chain of parents. */
  readonly image: ImageFacts;
  /** Stages that it copies or mounts from. */
  readonly copiesFrom: readonly StageFacts[];
  /** Its own instructions with ONBUILD left out, after those of its parents, in order of execution. */
  readonly history: readonly Instruction[];
  /** State after its last instruction. */
  readonly final: StageState;
  /** COPY and ADD of its own, in order. */
  readonly copies: readonly CopyFacts[];
  /** The CMD, ENTRYPOINT and HEALTHCHECK that hold at the end, parents considered; null: those of the image. */
  readonly cmd: CmdInstruction | null;
  readonly entrypoint: EntrypointInstruction | null;
  readonly healthcheck: HealthcheckInstruction | null;
  readonly exposes: readonly SimpleInstruction[];
}

export type Distribution =
  | 'debian'
  | 'ubuntu'
  | 'alpine'
  | 'rhel'
  | 'suse'
  | 'arch'
  | 'wolfi'
  | 'windows'
  | 'busybox'
  | 'distroless'
  | 'scratch';

/** What the table of base images says of each image, where it was read. */
export type ImageTool =
  | 'curl'
  | 'wget'
  | 'bash'
  | 'git'
  | 'python3'
  | 'make'
  | 'gcc'
  | 'tini'
  | 'npm'
  | 'yarn'
  | 'corepack'
  | 'ca-certificates';

export type ImagePackageManager = 'apt' | 'apk' | 'dnf' | 'microdnf' | 'yum' | 'pacman' | 'none';

export interface ImageFacts {
  /** The word of FROM. */
  readonly word: Word | null;
  /** After expansion; null where a variable has no known value. */
  readonly text: string | null;
  /** Null for `scratch`, where it is not known, and where it is not a reference. */
  readonly reference: ImageReference | null;
  readonly scratch: boolean;
  /** Canonical name without tag: `docker.io/library/node`; null as above. */
  readonly name: string | null;
  readonly tag: string | null;
  readonly distribution: Distribution | null;
  /** What the official images of that name ship. */
  readonly family: 'node' | 'bun' | 'deno' | 'python' | 'go' | 'nginx' | null;
  /** Default user as far as known; null: not known. */
  readonly user: string | null;
  /** Users that it has for people to be, `name:uid`; null: not known. Others may be there too. */
  readonly users: readonly string[] | null;
  /** Ports that the image exposes; null: not known. */
  readonly exposes: readonly string[] | null;
  readonly volumes: readonly string[] | null;
  /** `SIGQUIT`; `none` where it names none; null: not known. */
  readonly stopSignal: string | null;
  /** Whether it brings a HEALTHCHECK; null: not known. */
  readonly healthcheck: boolean | null;
  /** `none` for what needs no C library; null: not known. */
  readonly libc: 'glibc' | 'musl' | 'uclibc' | 'none' | null;
  /** `none`: it has none of these; null: not known. */
  readonly packageManager: ImagePackageManager | null;
  readonly dialect: Dialect | null;
  /** Whether its `/bin/sh` knows `set -o pipefail`; null: not known. */
  readonly pipefail: boolean | null;
  /** The SHELL instruction that it brings; null: none, or not known. */
  readonly shell: readonly string[] | null;
  /** Where its commands run without a WORKDIR; null: not known. */
  readonly workdir: string | null;
  /** Words of its ENTRYPOINT; empty: it has none; null: not known. */
  readonly entrypoint: readonly string[] | null;
  /** Words of its CMD; empty: it has none; null: not known. */
  readonly cmd: readonly string[] | null;
  /** The variables that it sets, a value null where it depends on the version; null: not known. */
  readonly env: ReadonlyMap<string, string | null> | null;
  /** True where there is no `/bin/sh`; null: not known. */
  readonly shellless: boolean | null;
  readonly windows: boolean;
  /** True where the table of base images has it; else every null above says nothing. */
  readonly known: boolean;
  /** Whether a tool is inside; null: not known. Of the stage that is built on it, ask `toolAt` of `tools-inside.ts`. */
  has(tool: ImageTool): boolean | null;
}

/** A value with the instruction that set it; `by` null where the image brought it. */
export interface Setting<T> {
  readonly value: T;
  readonly by: Instruction | null;
}

/** What holds at a place of a stage. */
export interface StageState {
  /** As written in the last USER, expanded; `value` null where a variable is unknown. Null: the image's. */
  readonly user: Setting<string | null> | null;
  /** Absolute; null where it is not known (a relative WORKDIR on an unknown image, a variable). */
  readonly workdir: Setting<string | null> | null;
  readonly shell: Setting<readonly string[]> | null;
  /** ENV in scope, expanded; value null where not known. The image's own variables are not among them. */
  readonly env: Scope;
  /** ARG in scope, expanded; value null where it is declared without a known value. */
  readonly args: Scope;
}

/** Variables as they stand at one place. */
export interface Scope {
  get(name: string): Setting<string | null> | undefined;
}

export interface CopyFacts {
  readonly instruction: CopyInstruction | AddInstruction;
  readonly stage: StageFacts;
  /** `context`: from the build context. `stage`: `--from` a stage. `image`: another image or a named context. */
  readonly origin: 'context' | 'stage' | 'image';
  readonly fromStage: StageFacts | null;
  /** Absolute path in the image; null where not known. */
  readonly destination: string | null;
  /** True where the destination is a directory (`/` at its end, several sources, a directory source). */
  readonly intoDirectory: boolean;
  /** Sources after expansion; null for one with an unknown variable. URLs and git references are left out. */
  readonly sources: readonly { readonly word: Word; readonly path: string | null; readonly remote: boolean }[];
  /** What they match; empty without a context or for another origin. Same order as the local sources. */
  readonly matches: readonly CopySourceMatch[];
  /** True where a source is the context itself or all of its top level (`.`, `./`, `*`). */
  readonly broad: boolean;
}

/** One install of the dependencies of a Node.js project by its manifest. */
export interface NodeInstall {
  readonly use: CommandUse;
  readonly stage: StageFacts;
  readonly instruction: RunInstruction;
  readonly manager: 'npm' | 'yarn' | 'pnpm' | 'bun';
  /** `ci`: takes the lockfile as it is and fails where it disagrees (npm ci, --frozen-lockfile, --immutable). */
  readonly frozen: boolean;
  /** True where devDependencies are left out: by flag, or by NODE_ENV at that place; null: not known. */
  readonly omitsDev: boolean | null;
  /** Where it runs; null: not known. */
  readonly directory: string | null;
  /** The context's project whose manifest it reads; null: none, or not known. */
  readonly project: NodeProject | null;
  /** COPY that brought package.json, before it; null where that is not known. */
  readonly manifestCopy: CopyFacts | null;
}

export interface NodeFacts {
  /** In order of the file. */
  readonly installs: readonly NodeInstall[];
  /** What the shipped image starts, scripts of package.json resolved as far as they are simple. */
  readonly start: NodeStart | null;
}

export interface NodeStart {
  /** The command that CMD and ENTRYPOINT come to. */
  readonly use: CommandUse;
  /** The command that does the work: that of the script where it is simple, else the same as `use`. */
  readonly command: Command;
  /** Whether {@link command} is all that the script does. False where a script is more than one command, or not known. */
  readonly simple: boolean;
  /** All commands that are run: those of the script in the end, else those of the instruction. */
  readonly commands: readonly Command[];
  /** `npm start` and the like: the manager, and the script that it runs. */
  readonly script: NodeScript | null;
  /** Where {@link command} is written: the Dockerfile, or the script of package.json. */
  readonly place: Place;
  /** The script of package.json in the end; null where there is none. */
  readonly scriptPlace: Place | null;
  /** Where the command runs, in the image; null: not known. */
  readonly directory: string | null;
  /** The JavaScript file that node runs, as a path in the image; null: not known. */
  readonly entryInImage: string | null;
  /** The same file, or the TypeScript file that it is compiled from, relative to the context; null: not there. */
  readonly entry: string | null;
  readonly project: NodeProject | null;
}

/** A script of package.json that a package manager runs. */
export interface NodeScript {
  readonly manager: string;
  readonly name: string;
  /** Null where package.json is not known or has no such script. */
  readonly text: string | null;
  /** Names of the scripts that are run in turn, where one does nothing but run the next; the first is `name`. */
  readonly chain: readonly string[];
}

/** A port that the shipped image's command is seen to listen on. */
export interface SeenPort {
  readonly port: number;
  /** What says so, for a message: "server.js", "the --port flag". */
  readonly source: string;
  readonly place: Place;
  /** Only this machine's loopback is bound, so that no published port reaches it. */
  readonly loopback: boolean;
  /** What makes it so; null where {@link loopback} is false. */
  readonly local: LocalHost | null;
  /** The environment variable that may change it when the container starts; null: none, or the image sets it. */
  readonly variable: string | null;
}

/** Why a server listens on the loopback alone. */
export interface LocalHost {
  /** `127.0.0.1`, `localhost`. */
  readonly host: string;
  /** The host as it is written; null where the server binds it by default. */
  readonly place: Place | null;
  /** What makes the server bind another one: a flag, a variable; null where that is the project's own code. */
  readonly remedy: string | null;
  /** The environment variable without which it is bound; null: none. */
  readonly variable: string | null;
  /** The environment variable of the image that says so; null: none. */
  readonly setBy: string | null;
  /** It may be bound in some cases alone, or a file that is not read may say something else. */
  readonly isConditional: boolean;
  /** Some versions of the server may be told otherwise when the container starts. */
  readonly isDoubtful: boolean;
}
