import type { BuildContext } from '../context/types.js';
import type { AnalysisOptions } from '../facts/types.js';
import type { Finding, Severity } from '../model/finding.js';
import type { SourceFile } from '../model/source.js';

/** How one enabled rule runs on one file. */
export interface RuleSetting {
  readonly severity: Severity;
  /** True where the user chose the severity, which then holds for every finding of the rule. */
  readonly explicit: boolean;
  /** One validated value for each option of the rule. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Rule id to its setting; a rule that is off is not in it. */
export type RuleSettings = ReadonlyMap<string, RuleSetting>;

export interface LintInput {
  readonly source: SourceFile;
  readonly settings: RuleSettings;
  /** Null: context rules stay silent. */
  readonly context: BuildContext | null;
  readonly options: AnalysisOptions;
  /** False: comments that silence findings are not obeyed. */
  readonly suppressions?: boolean;
}

export interface LintResult {
  /** Sorted by place, suppressed ones among them. */
  readonly findings: readonly Finding[];
  /** Rules that threw; each has an `internal` finding too. */
  readonly crashed: readonly { readonly rule: string; readonly error: unknown }[];
}
