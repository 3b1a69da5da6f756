import type { Finding, Severity } from './finding.js';
import type { SourceFile } from './source.js';

/** What a reporter and a person need to know of a rule; everything here is derived from the rule's own file. */
export interface RuleInfo {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly category: string;
  readonly severity: Severity;
  /** Page with the reasons, an absolute URL. */
  readonly url: string;
}

/** All that was found for one Dockerfile. */
export interface FileReport {
  readonly source: SourceFile;
  /** Directory of the build context relative to the working directory, with forward slashes; null: none was read. */
  readonly context: string | null;
  /** Sorted by place; suppressed ones included. Some may stand in other files than `source`. */
  readonly findings: readonly Finding[];
}

/** What could not be linted at all: a missing file, no permission. */
export interface Failure {
  readonly path: string;
  readonly message: string;
}

export interface Report {
  readonly tool: { readonly name: 'plimsoll'; readonly version: string };
  readonly files: readonly FileReport[];
  readonly failures: readonly Failure[];
  /** Every rule that a finding names, by id. */
  readonly rules: ReadonlyMap<string, RuleInfo>;
}

export interface Summary {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly styles: number;
  readonly fixable: number;
}

/** Counts findings that are not suppressed. */
export function summarise(report: Report): Summary {
  const counts = { error: 0, warning: 0, info: 0, style: 0 };
  let fixable = 0;
  for (const file of report.files) {
    for (const finding of file.findings) {
      if (finding.suppressed) continue;
      counts[finding.severity]++;
      if (finding.fix) fixable++;
    }
  }
  return {
    files: report.files.length,
    errors: counts.error,
    warnings: counts.warning,
    infos: counts.info,
    styles: counts.style,
    fixable,
  };
}
