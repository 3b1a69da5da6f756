import type { Threshold } from '../config/types.js';
import { isAtLeast } from '../model/finding.js';
import type { FileReport } from '../model/report.js';

export interface Outcome {
  readonly file: FileReport;
  /** What holds for this file. */
  readonly threshold: Threshold;
  /** True where a rule threw. */
  readonly hasCrashed: boolean;
}

/**
 * 2: something could not be linted, or a rule failed; 1: a finding at or above the threshold of its file; 0: neither.
 * Does not depend on the format.
 */
export function exitCode(outcomes: readonly Outcome[], failures: number): 0 | 1 | 2 {
  if (failures > 0 || outcomes.some((outcome) => outcome.hasCrashed)) return 2;
  return outcomes.some(reachesThreshold) ? 1 : 0;
}

function reachesThreshold({ file, threshold }: Outcome): boolean {
  if (threshold === 'none') return false;
  return file.findings.some((finding) => !finding.suppressed && isAtLeast(finding.severity, threshold));
}
