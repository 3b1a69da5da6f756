import type { Finding } from '../model/finding.js';
import type { Report } from '../model/report.js';

/** The name under which formats without a place for failures list a file that could not be linted. */
export const NOT_LINTED = 'not-linted';

/** All findings but those that a comment silences. */
export function shownFindings(report: Report): readonly Finding[] {
  return report.files.flatMap(({ findings }) => findings.filter(({ suppressed }) => !suppressed));
}

/** Findings by the path of the file that they stand in; a file that was linted is there even without any. */
export function findingsByPath(report: Report): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  const groupOf = (path: string) => {
    const known = groups.get(path);
    if (known) return known;
    const group: Finding[] = [];
    groups.set(path, group);
    return group;
  };
  for (const { source, findings } of report.files) {
    groupOf(source.path);
    for (const finding of findings) if (!finding.suppressed) groupOf(finding.at.file.path).push(finding);
  }
  return groups;
}
