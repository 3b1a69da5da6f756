import type { CommentTool } from '../engine/control-comments.js';
import type { RuleSettings } from '../engine/types.js';
import type { Place, Severity } from '../model/finding.js';
import type { ShellcheckSettings } from '../shellcheck/types.js';

/** Findings at or above it make the exit code 1; `none`: no finding does. */
export type Threshold = Severity | 'none';

export const THRESHOLDS: readonly Threshold[] = ['error', 'warning', 'info', 'style', 'none'];

export const DEFAULT_THRESHOLD: Threshold = 'warning';

/** What `rules` says of a rule: `on` and its synonym `default` enable it at its own severity. */
export type Level = Severity | 'off' | 'on';

/** Where a value comes from; `--print-config` shows it. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'preset'; readonly preset: string }
  | { readonly kind: 'file'; readonly place: Place }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'command-line'; readonly flag: string };

/** A value of a configuration with its origin. */
export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** One entry of `rules`, validated; aliases are resolved. */
export interface RuleEntry {
  /** The rule's id. */
  readonly rule: string;
  /** Null where only options are set: whether the rule is on and how severe it is stays as it was. */
  readonly level: Sourced<Level> | null;
  /** Only the options that are written. */
  readonly options: ReadonlyMap<string, Sourced<unknown>>;
}

/** A glob of a configuration file, relative to the directory of that file. */
export interface PathGlob {
  readonly pattern: string;
  readonly place: Place;
  /** Takes an absolute path with forward slashes. */
  matches(path: string): boolean;
}

/** Entries that hold for all files (`files` null) or for those that a glob matches. Later layers win. */
export interface ConfigLayer {
  readonly files: readonly PathGlob[] | null;
  readonly rules: readonly RuleEntry[];
  /** Codes of ShellCheck (`SC2086`), whose findings have no rules of ours. */
  readonly codes: ReadonlyMap<string, Sourced<Level>>;
  readonly threshold: Sourced<Threshold> | null;
}

/** What hadolint's configuration says of a run rather than of a file. */
export interface HadolintRun {
  /** hadolint's name of a format. */
  readonly format: Sourced<string> | null;
  readonly noColor: Sourced<boolean> | null;
  readonly verbose: Sourced<boolean> | null;
}

/** A configuration file with all that it extends, validated. */
export interface Config {
  /** Absolute path of the file, forward slashes; null where only the environment says something. */
  readonly path: string | null;
  /** Relative to the working directory, as shown; null as above. */
  readonly displayPath: string | null;
  /** Presets named anywhere in it; empty: the default preset. */
  readonly presets: readonly Sourced<string>[];
  /** Extended files first; in each file its own `rules`, then its `overrides` in order. */
  readonly layers: readonly ConfigLayer[];
  readonly ignore: readonly PathGlob[];
  /** `rulesVersion`: rules that came later are off unless named. */
  readonly rulesVersion: Sourced<string> | null;
  /** Whose comments silence findings; null: everybody's. */
  readonly comments: Sourced<readonly CommentTool[]> | null;
  /** Null where hadolint's configuration is not in use. */
  readonly hadolint: HadolintRun | null;
  /** What is odd in it and no error, each with its place. */
  readonly warnings: readonly string[];
}

/** What the command line says, as typed; names are checked when they are resolved. */
export interface ConfigOverrides {
  /** `--preset NAME`. */
  readonly presets: readonly string[];
  /** `--rule ID=LEVEL`, whole. */
  readonly rules: readonly string[];
  /** `--only ID`. */
  readonly only: readonly string[];
  /** `--ignore ID`. */
  readonly ignore: readonly string[];
  /** `--threshold`; null where it is not given. */
  readonly threshold: Threshold | null;
}

export const NO_OVERRIDES: ConfigOverrides = { presets: [], rules: [], only: [], ignore: [], threshold: null };

/** What holds for one Dockerfile. */
export interface EffectiveConfig {
  readonly settings: RuleSettings;
  /** Null: nothing of ShellCheck is wanted. */
  readonly shellcheck: ShellcheckSettings | null;
  /** Whose comments silence findings. */
  readonly comments: ReadonlySet<CommentTool>;
  readonly threshold: Threshold;
  /** True where `ignore` of the configuration names the file. */
  readonly ignored: boolean;
}

/** One line of `--print-config`. */
export interface PrintedRule {
  readonly rule: string;
  /** Null: off. */
  readonly severity: Severity | null;
  /** Why it is on, off, or as severe as it is. */
  readonly origin: Origin;
  /** Every option of a rule that is on. */
  readonly options: readonly { readonly name: string; readonly value: unknown; readonly origin: Origin }[];
}

/** All that `--print-config FILE` shows. */
export interface PrintedConfig {
  /** As shown; null where no configuration file holds. */
  readonly config: string | null;
  readonly presets: readonly Sourced<string>[];
  readonly threshold: Sourced<Threshold>;
  readonly rulesVersion: Sourced<string> | null;
  /** The glob that leaves the file out; null: it is linted. */
  readonly ignored: PathGlob | null;
  readonly comments: Sourced<readonly CommentTool[]> | null;
  readonly hadolint: HadolintRun | null;
  /** Every rule, sorted by id. */
  readonly rules: readonly PrintedRule[];
  /** Codes of ShellCheck of which something is said, sorted. */
  readonly codes: readonly { readonly code: string; readonly level: Sourced<Level> }[];
}
