import type { ConfigOverrides } from '../config/types.js';
import type { FixMode } from '../engine/fix.js';
import type { FormatName } from '../reporters/index.js';
import type { ShellcheckMode } from '../shellcheck/runner.js';

/** What a command line asks for. */
export type Command =
  | { readonly kind: 'lint'; readonly args: LintArgs }
  | { readonly kind: 'print-config'; readonly file: string; readonly args: LintArgs }
  | { readonly kind: 'context'; readonly args: ContextArgs }
  | { readonly kind: 'layers'; readonly args: LayersArgs }
  | { readonly kind: 'rules'; readonly json: boolean }
  | { readonly kind: 'explain'; readonly rule: string }
  /** `hadolint`: the file to begin from; empty: the one that holds here; null: none. */
  | { readonly kind: 'init'; readonly hadolint: string | null }
  /** Text that is ready to print: help, the script for completion. */
  | { readonly kind: 'text'; readonly text: string };

export interface LintArgs {
  /** As typed; never empty. */
  readonly paths: readonly string[];
  readonly stdinFilename: string | null;
  /**
   * What hadolint's own flags come to, as its environment variables would say it; null where none is used. Who uses one means
   * the preset `hadolint`, unless a preset or a configuration of ours says otherwise.
   */
  readonly hadolint: Readonly<Record<string, string>> | null;
  readonly context: string | null;
  readonly target: string | null;
  /** `NAME=VALUE` or `NAME`. */
  readonly buildArgs: readonly string[];
  /** Whether registries may be asked. */
  readonly registry: boolean;
  /** Null: `text`, or what hadolint's configuration says. */
  readonly format: FormatName | null;
  /** Null: standard output. */
  readonly output: string | null;
  /** `--config`. */
  readonly config: string | null;
  /** False with `--no-config`. */
  readonly useConfig: boolean;
  readonly overrides: ConfigOverrides;
  readonly quiet: boolean;
  readonly color: boolean | null;
  readonly fix: FixMode | null;
  readonly shellcheck: ShellcheckMode | 'off';
  /** `--no-cache` makes it false. */
  readonly cache: boolean;
  /** Null: the user's own cache. */
  readonly cacheLocation: string | null;
  /** The day that end-of-life dates are judged by; null: today. */
  readonly now: Date | null;
}

/** What every command takes that looks at the build of one Dockerfile. */
export interface BuildArgs {
  /** As typed; null: the Dockerfile of the working directory. */
  readonly dockerfile: string | null;
  readonly context: string | null;
  readonly target: string | null;
  /** `NAME=VALUE` or `NAME`. */
  readonly buildArgs: readonly string[];
  readonly color: boolean | null;
}

export interface ContextArgs extends BuildArgs {
  readonly json: boolean;
}

export const LAYER_FORMATS = ['text', 'json', 'mermaid'] as const;

export type LayerFormat = (typeof LAYER_FORMATS)[number];

export interface LayersArgs extends BuildArgs {
  readonly format: LayerFormat;
  /** Paths as typed. Empty where `since` says what changed. */
  readonly changed: readonly string[];
  /** A revision of git; null: none. */
  readonly since: string | null;
}

export const COMMAND_NAMES = ['lint', 'context', 'layers', 'rules', 'explain', 'init', 'completion'] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];
