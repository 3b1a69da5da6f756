import type { Finding, Fix, Place, Severity } from '../model/finding.js';
import type { Failure, FileReport, Report, RuleInfo } from '../model/report.js';
import { locate, type SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';
import { fingerprintOf } from './fingerprint.js';
import { sentenceOf } from './sentence.js';
import { safeJson, wellFormed } from './visible.js';

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
      message: { text: sentenceOf(finding) },
      locations: [{ physicalLocation: physicalOf(finding.at) }],
      partialFingerprints: { primaryLocationLineHash: fingerprintOf(finding, seen) },
      ...(finding.related.length === 0 ? {} : { relatedLocations: finding.related.map(relatedOf) }),
      // Where one result of a run tells whether it is suppressed, each must: section 3.27.23.
      suppressions: finding.suppressed ? [suppressionOf(finding.suppressed)] : [],
      ...(finding.fix ? { fixes: [fixOf(finding.fix)] } : {}),
    };
  });
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
  const uri = wellFormed(path).split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${path.slice(0, 2)}${uri.slice(uri.indexOf('/'))}` };
  return { uri, uriBaseId: '%SRCROOT%' };
}
