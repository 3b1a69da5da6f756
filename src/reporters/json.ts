import type { Edit, Finding, Place } from '../model/finding.js';
import { type Report, summarise } from '../model/report.js';
import { locate } from '../model/source.js';
import { safeJson } from './visible.js';

/** The project's own format, version 1; docs/json.md describes it. Findings that a comment silences are left out. */
export function json(report: Report): string {
  return safeJson({
    version: 1,
    tool: { name: report.tool.name, version: report.tool.version },
    files: report.files.map((file) => ({
      path: file.source.path,
      context: file.context,
      findings: file.findings.filter((finding) => !finding.suppressed).map((finding) => entryOf(finding, report)),
    })),
    failures: report.failures.map(({ path, message }) => ({ path, message })),
    summary: summarise(report),
  });
}

function entryOf(finding: Finding, report: Report) {
  const rule = report.rules.get(finding.rule);
  return {
    rule: finding.rule,
    aliases: rule?.aliases ?? [],
    severity: finding.severity,
    message: finding.message,
    ...placeOf(finding.at),
    url: rule?.url ?? null,
    fix: finding.fix
      ? { kind: finding.fix.kind, title: finding.fix.title, edits: finding.fix.edits.map(editOf) }
      : null,
    related: finding.related.map((place) => ({ message: place.message, ...placeOf(place) })),
  };
}

function placeOf({ file, span }: Place) {
  const start = locate(file, span.start);
  const end = locate(file, span.end);
  return { path: file.path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

function editOf({ file, span, text }: Edit) {
  return { path: file.path, start: locate(file, span.start), end: locate(file, span.end), text };
}
