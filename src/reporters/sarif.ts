import { createHash } from 'node:crypto';
import type { Finding, Fix, Place, Severity } from '../model/finding.js';
import type { Failure, FileReport, Report, RuleInfo } from '../model/report.js';
import { lineIndexAt, lineSpan, locate, type SourceFile, textAt } from '../model/source.js';
import type { Span } from '../model/span.js';
import { safeJson } from './visible.js';

const LEVELS = { error: 'error', warning: 'warning', info: 'note', style: 'note' } satisfies Record<Severity, string>;

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarif(report: Report): string {
  const rules = [...report.rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const ruleIndex = new Map(rules.map((rule, index) => [rule.id, index]));
  return safeJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            semanticVersion: report.tool.version,
            rules: rules.map(descriptorOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The directory that plimsoll was run in' } } },
        invocations: [
          {
            executionSuccessful: report.failures.length === 0,
            toolExecutionNotifications: report.failures.map(notificationOf),
          },
        ],
        results: report.files.flatMap((file) => resultsOf(file, ruleIndex)),
      },
    ],
  });
}

function descriptorOf(rule: RuleInfo) {
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    helpUri: rule.url,
    help: {
      text: `${rule.summary}. Reasons and examples: ${rule.url}`,
      markdown: `${rule.summary}. [Reasons and examples](${rule.url})`,
    },
    defaultConfiguration: { level: LEVELS[rule.severity] },
    properties: { tags: [rule.category], aliases: rule.aliases },
  };
}

function resultsOf(file: FileReport, ruleIndex: ReadonlyMap<string, number>) {
  const seen = new Map<string, number>();
  return file.findings.map((finding) => {
    const index = ruleIndex.get(finding.rule);
    return {
      ruleId: finding.rule,
      ...(index === undefined ? {} : { ruleIndex: index }),
      level: LEVELS[finding.severity],
      message: { text: finding.help ? `${finding.message}. ${finding.help}` : finding.message },
      locations: [{ physicalLocation: physicalOf(finding.at) }],
      partialFingerprints: { primaryLocationLineHash: fingerprintOf(finding, seen) },
      ...(finding.related.length === 0 ? {} : { relatedLocations: finding.related.map(relatedOf) }),
      // Where one result of a run tells whether it is suppressed, each must: section 3.27.23.
      suppressions: finding.suppressed ? [suppressionOf(finding.suppressed)] : [],
      ...(finding.fix ? { fixes: [fixOf(finding.fix)] } : {}),
    };
  });
}

/**
 * Rule and text of the line, blanks squeezed, with a number that tells equal ones apart: the same after lines were
 * added or removed elsewhere. GitHub reads it under this name.
 */
function fingerprintOf(finding: Finding, seen: Map<string, number>): string {
  const { file, span } = finding.at;
  const line = textAt(file, lineSpan(file, lineIndexAt(file, span.start)))
    .trim()
    .replace(/\s+/g, ' ');
  const hash = createHash('sha256')
    .update(JSON.stringify([finding.rule, file.path, line]))
    .digest('hex')
    .slice(0, 16);
  const occurrence = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, occurrence);
  return `${hash}:${occurrence}`;
}

function relatedOf(place: Place & { readonly message: string }, index: number) {
  return { id: index + 1, message: { text: place.message }, physicalLocation: physicalOf(place) };
}

function suppressionOf(suppressed: NonNullable<Finding['suppressed']>) {
  return {
    kind: 'inSource',
    ...(suppressed.reason === null ? {} : { justification: suppressed.reason }),
    location: { physicalLocation: physicalOf(suppressed.by) },
  };
}

function fixOf(fix: Fix) {
  const byFile = new Map<SourceFile, { deletedRegion: object; insertedContent: { text: string } }[]>();
  for (const { file, span, text } of fix.edits) {
    const replacement = { deletedRegion: regionOf(file, span), insertedContent: { text } };
    const replacements = byFile.get(file);
    if (replacements) replacements.push(replacement);
    else byFile.set(file, [replacement]);
  }
  return {
    description: { text: fix.title },
    artifactChanges: [...byFile].map(([file, replacements]) => ({
      artifactLocation: artifactOf(file.path),
      replacements,
    })),
  };
}

function notificationOf(failure: Failure) {
  return {
    level: 'error',
    message: { text: failure.message },
    locations: [{ physicalLocation: { artifactLocation: artifactOf(failure.path) } }],
  };
}

function physicalOf({ file, span }: Place) {
  return { artifactLocation: artifactOf(file.path), region: regionOf(file, span) };
}

function regionOf(file: SourceFile, span: Span) {
  const start = locate(file, span.start);
  const end = locate(file, span.end);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function artifactOf(path: string) {
  const uri = path.split('/').map(encodeSegment).join('/');
  if (path.startsWith('/')) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${path.slice(0, 2)}${uri.slice(uri.indexOf('/'))}` };
  return { uri, uriBaseId: '%SRCROOT%' };
}

/** A lone surrogate, which no URI can hold, becomes U+FFFD. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd'));
}
