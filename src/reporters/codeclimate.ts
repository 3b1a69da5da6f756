import type { Finding, Place, Severity } from '../model/finding.js';
import type { Failure, Report } from '../model/report.js';
import { locate } from '../model/source.js';
import { fingerprint, fingerprintOf } from './fingerprint.js';
import { NOT_LINTED, shownFindings } from './shown.js';
import { safeJson, visible, wellFormed } from './visible.js';

/** Code Climate's names, which GitLab has too. */
export const CODE_CLIMATE_SEVERITIES = {
  error: 'critical',
  warning: 'major',
  info: 'minor',
  style: 'info',
} satisfies Record<Severity, string>;

/** Our categories in Code Climate's words; it has none for what an image weighs or whether it can be built again. */
const CATEGORIES: Readonly<Record<string, string>> = {
  security: 'Security',
  style: 'Style',
  cache: 'Performance',
  size: 'Performance',
};

/** What Code Climate counts for the smallest change. */
const SMALL_CHANGE = 50_000;

/**
 * An array of Code Climate issues:
 * https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md#issues
 */
export function codeclimate(report: Report): string {
  const seen = new Map<string, number>();
  return safeJson([
    ...shownFindings(report).map((finding) => issueOf(finding, report, seen)),
    ...report.failures.map((failure) => failureIssueOf(failure, seen)),
  ]);
}

function issueOf(finding: Finding, report: Report, seen: Map<string, number>) {
  const rule = report.rules.get(finding.rule);
  const body = [finding.help === null ? '' : visible(finding.help), rule?.url ?? ''].filter((part) => part !== '');
  return {
    type: 'issue',
    check_name: finding.rule,
    description: visible(finding.message),
    ...(body.length === 0 ? {} : { content: { body: body.join('\n\n') } }),
    categories: [CATEGORIES[rule?.category ?? ''] ?? 'Bug Risk'],
    location: locationOf(finding.at),
    ...(finding.related.length === 0 ? {} : { trace: { locations: finding.related.map(locationOf) } }),
    ...(finding.fix ? { remediation_points: SMALL_CHANGE } : {}),
    severity: CODE_CLIMATE_SEVERITIES[finding.severity],
    fingerprint: fingerprintOf(finding, seen),
  };
}

function failureIssueOf({ path, message }: Failure, seen: Map<string, number>) {
  return {
    type: 'issue',
    check_name: NOT_LINTED,
    description: visible(message),
    categories: ['Bug Risk'],
    location: { path: wellFormed(path), lines: { begin: 1, end: 1 } },
    severity: 'blocker',
    fingerprint: fingerprint([NOT_LINTED, path, message], seen),
  };
}

function locationOf({ file, span }: Place) {
  return {
    path: wellFormed(file.path),
    positions: { begin: locate(file, span.start), end: locate(file, span.end) },
  };
}
