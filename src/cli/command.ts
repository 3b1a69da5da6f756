import type { ConfigOverrides } from '../config/types.js';
import type { FixMode } from '../engine/fix.js';
import type { FormatName } from '../reporters/index.js';

/** What a command line asks for. */
export type Command =
  | { readonly kind: 'lint'; readonly args: LintArgs }
  | { readonly kind: 'print-config'; readonly file: string; readonly args: LintArgs }
  | { readonly kind: 'rules'; readonly json: boolean }
  | { readonly kind: 'explain'; readonly rule: string }
  | { readonly kind: 'init' }
  /** Text that is ready to print: help, the script for completion. */
  | { readonly kind: 'text'; readonly text: string };

export interface LintArgs {
  /** As typed; never empty. */
  readonly paths: readonly string[];
  readonly stdinFilename: string | null;
  readonly context: string | null;
  readonly target: string | null;
  /** `NAME=VALUE` or `NAME`. */
  readonly buildArgs: readonly string[];
  /** Whether registries may be asked. */
  readonly registry: boolean;
  readonly format: FormatName;
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
  /** The day that end-of-life dates are judged by; null: today. */
  readonly now: Date | null;
}

export const COMMAND_NAMES = ['lint', 'rules', 'explain', 'init', 'completion'] as const;
