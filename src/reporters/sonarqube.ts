import { type Finding, isAtLeast, type Place, type Severity } from '../model/finding.js';
import type { Report } from '../model/report.js';
import { lineIndexAt, lineSpan, locate, type SourceFile } from '../model/source.js';
import { sentenceOf } from './sentence.js';
import { NOT_LINTED, shownFindings } from './shown.js';
import { safeJson, visible, wellFormed } from './visible.js';

const ENGINE = 'plimsoll';

/** Severities of an impact that every version with impacts knows. */
const IMPACTS = { error: 'HIGH', warning: 'MEDIUM', info: 'LOW', style: 'LOW' } satisfies Record<Severity, string>;

/** For servers that show types and severities in place of impacts. */
const SEVERITIES = { error: 'CRITICAL', warning: 'MAJOR', info: 'MINOR', style: 'INFO' } satisfies Record<
  Severity,
  string
>;

interface Kind {
  readonly cleanCodeAttribute: string;
  readonly type: string;
  readonly softwareQuality: string;
}

const MAINTAINABILITY = { type: 'CODE_SMELL', softwareQuality: 'MAINTAINABILITY' };
const RELIABILITY = { type: 'BUG', softwareQuality: 'RELIABILITY' };

/** Our categories in SonarQube's words. */
const KINDS: Readonly<Record<string, Kind>> = {
  security: { cleanCodeAttribute: 'TRUSTWORTHY', type: 'VULNERABILITY', softwareQuality: 'SECURITY' },
  correctness: { cleanCodeAttribute: 'LOGICAL', ...RELIABILITY },
  runtime: { cleanCodeAttribute: 'COMPLETE', ...RELIABILITY },
  reproducibility: { cleanCodeAttribute: 'COMPLETE', ...MAINTAINABILITY },
  cache: { cleanCodeAttribute: 'EFFICIENT', ...MAINTAINABILITY },
  size: { cleanCodeAttribute: 'EFFICIENT', ...MAINTAINABILITY },
};

/** Of a style, of a rule that nothing is known of, and of a failure. */
const OTHER: Kind = { cleanCodeAttribute: 'CONVENTIONAL', ...MAINTAINABILITY };

/**
 * Generic issues of SonarQube, as it reads them since 10.3:
 * https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/importing-external-issues/generic-issue-import-format
 *
 * It refuses a whole report for an issue whose rule is not listed, or for a place that its file does not have.
 */
export function sonarqube(report: Report): string {
  const findings = shownFindings(report);
  const worst = new Map<string, Severity>();
  for (const { rule, severity } of findings) {
    const known = worst.get(rule);
    if (known === undefined || isAtLeast(severity, known)) worst.set(rule, severity);
  }
  const rangeOf = createRanges();
  return safeJson({
    rules: [
      ...[...worst].map(([id, severity]) => ruleOf(id, severity, report)),
      ...(report.failures.length > 0 && !worst.has(NOT_LINTED) ? [ruleOf(NOT_LINTED, 'error', report)] : []),
    ],
    issues: [
      ...findings.map((finding) => issueOf(finding, rangeOf)),
      ...report.failures.map(({ path, message }) => ({
        engineId: ENGINE,
        ruleId: NOT_LINTED,
        primaryLocation: { message: visible(message), filePath: wellFormed(path) },
      })),
    ],
  });
}

/** SonarQube has one severity for a rule: the worst that one of its findings has. */
function ruleOf(id: string, severity: Severity, report: Report) {
  const rule = report.rules.get(id);
  const { cleanCodeAttribute, type, softwareQuality } = KINDS[rule?.category ?? ''] ?? OTHER;
  const name = rule?.summary ?? (id === NOT_LINTED ? 'A file could not be linted' : id);
  return {
    id,
    name,
    description: rule ? `${name}. Reasons and examples: ${rule.url}` : name,
    engineId: ENGINE,
    cleanCodeAttribute,
    type,
    severity: SEVERITIES[severity],
    impacts: [{ softwareQuality, severity: IMPACTS[severity] }],
  };
}

type RangeOf = (place: Place) => object;

function issueOf(finding: Finding, rangeOf: RangeOf) {
  const location = (place: Place, message: string) => ({
    message: visible(message),
    filePath: wellFormed(place.file.path),
    textRange: rangeOf(place),
  });
  return {
    engineId: ENGINE,
    ruleId: finding.rule,
    primaryLocation: location(finding.at, sentenceOf(finding)),
    ...(finding.related.length === 0
      ? {}
      : { secondaryLocations: finding.related.map((place) => location(place, place.message)) }),
  };
}

/**
 * Columns count from 0. There are none for an empty range, which SonarQube refuses, nor in a file in which a carriage
 * return stands alone: there it counts one line more.
 */
function createRanges(): RangeOf {
  const strange = new Map<SourceFile, boolean>();
  return ({ file, span }) => {
    const isStrange = strange.get(file) ?? /\r(?!\n)/.test(file.text);
    strange.set(file, isStrange);
    const start = insideLine(file, span.start);
    const end = insideLine(file, span.end);
    const { line, column } = locate(file, start);
    if (isStrange || end <= start) return { startLine: line };
    const last = locate(file, end);
    return { startLine: line, endLine: last.line, startColumn: column - 1, endColumn: last.column - 1 };
  };
}

/** Moves an offset off the line end that it stands in or behind. */
function insideLine(file: SourceFile, offset: number): number {
  return Math.min(offset, lineSpan(file, lineIndexAt(file, offset)).end);
}
