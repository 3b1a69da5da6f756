import type { BuildContext } from '../context/types.js';
import type { Document } from '../dockerfile/ast.js';
import type { AnalysisOptions } from '../facts/types.js';
import type { Finding, Severity } from '../model/finding.js';
import type { CheckedScript, RemarksOf, ShellcheckSettings } from '../shellcheck/types.js';
import type { CommentTool } from './control-comments.js';

/** How one enabled rule runs on one file. */
export interface RuleSetting {
  readonly severity: Severity;
  /** True where the user chose the severity. */
  readonly explicit: boolean;
  /** False where every finding of the rule has the severity above; true where a case may be milder or worse. */
  readonly varies: boolean;
  /** True where it only runs on files that ask for it with `# check=experimental=`. */
  readonly onRequest?: boolean;
  /** One validated value for each option of the rule. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Rule id to its setting; a rule that is off is not in it. */
export type RuleSettings = ReadonlyMap<string, RuleSetting>;

export interface LintInput {
  /** From `parse()`; problems of its encoding are put among its own by the caller. */
  readonly document: Document;
  readonly settings: RuleSettings;
  /** Null: context rules stay silent. */
  readonly context: BuildContext | null;
  readonly options: AnalysisOptions;
  /** True where only some rules were asked for by name, so that a suppression of another rule is not called unused. */
  readonly partial?: boolean;
  /** Whose comments silence findings; everybody's where it is not said. */
  readonly comments?: ReadonlySet<CommentTool>;
  /** What holds for ShellCheck's findings; null or not said: there are none. */
  readonly shellcheck?: ShellcheckSettings | null;
}

/** A file whose rules have run, and whose scripts ShellCheck may look at before it is settled what is said. */
export interface PendingLint {
  /** Empty where ShellCheck is off for the file. */
  readonly scripts: readonly CheckedScript[];
  /** `remarksOf` gives what ShellCheck says; null: it was not asked. Called once. */
  finish(remarksOf: RemarksOf | null): LintResult;
}

export interface LintResult {
  /** Sorted by place, suppressed ones among them. */
  readonly findings: readonly Finding[];
  /** Rules that threw; each has an `internal` finding too. */
  readonly crashed: readonly { readonly rule: string; readonly error: unknown }[];
}
