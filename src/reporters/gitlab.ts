import type { Report } from '../model/report.js';
import { locate } from '../model/source.js';
import { CODE_CLIMATE_SEVERITIES } from './codeclimate.js';
import { fingerprint, fingerprintOf } from './fingerprint.js';
import { sentenceOf } from './sentence.js';
import { NOT_LINTED, shownFindings } from './shown.js';
import { safeJson, visible, wellFormed } from './visible.js';

/**
 * A Code Quality report of GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 *
 * Of two issues with one fingerprint GitLab shows the first alone.
 */
export function gitlab(report: Report): string {
  const seen = new Map<string, number>();
  return safeJson([
    ...shownFindings(report).map((finding) => ({
      description: visible(sentenceOf(finding)),
      check_name: finding.rule,
      fingerprint: fingerprintOf(finding, seen),
      severity: CODE_CLIMATE_SEVERITIES[finding.severity],
      location: {
        path: wellFormed(finding.at.file.path),
        lines: {
          begin: locate(finding.at.file, finding.at.span.start).line,
          end: locate(finding.at.file, finding.at.span.end).line,
        },
      },
    })),
    ...report.failures.map(({ path, message }) => ({
      description: visible(message),
      check_name: NOT_LINTED,
      fingerprint: fingerprint([NOT_LINTED, path, message], seen),
      severity: 'blocker',
      location: { path: wellFormed(path), lines: { begin: 1 } },
    })),
  ]);
}
