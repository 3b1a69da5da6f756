import type { Report } from '../model/report.js';
import { locate } from '../model/source.js';
import type { RenderEnv } from './types.js';
import { visible } from './visible.js';

/** `path:line:column: severity: message [rule]`, one line each: what editors and grep read. */
export function compact(report: Report, env: RenderEnv): string {
  let out = '';
  for (const file of report.files) {
    for (const finding of file.findings) {
      if (finding.suppressed) continue;
      const { line, column } = locate(finding.at.file, finding.at.span.start);
      const path = env.paint('place', `${visible(finding.at.file.path, env.unicode)}:${line}:${column}:`);
      const severity = env.paint(finding.severity, `${finding.severity}:`);
      const rule = env.paint('gutter', `[${visible(finding.rule, env.unicode)}]`);
      out += `${path} ${severity} ${visible(finding.message, env.unicode)} ${rule}\n`;
    }
  }
  return out;
}
