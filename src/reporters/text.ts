import type { Finding } from '../model/finding.js';
import type { Report } from '../model/report.js';
import { countFindings } from './counts.js';
import { frameOf, wrap } from './frame.js';
import type { RenderEnv } from './types.js';
import { visible } from './visible.js';

/** For people: a code frame for each finding and one line that sums up. */
export function text(report: Report, env: RenderEnv): string {
  const blocks: string[] = [];
  for (const file of report.files) {
    for (const finding of file.findings) {
      if (finding.suppressed) continue;
      blocks.push([headline(finding, report, env), ...frameOf(finding, notesOf(finding), env)].join('\n'));
    }
  }
  const last = env.quiet ? null : countFindings(report, env.paint);
  if (last !== null) blocks.push(last);
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
}

function headline(finding: Finding, report: Report, env: RenderEnv): string {
  const url = report.rules.get(finding.rule)?.url;
  const name = visible(finding.rule, env.unicode);
  const link = env.hyperlinks && url ? `\u001b]8;;${visible(url)}\u001b\\${name}\u001b]8;;\u001b\\` : name;
  const { severity } = finding;
  const head = env.paint(severity, `${severity}[`) + env.paint(severity, link) + env.paint(severity, ']');
  const before = `${severity}[${name}]:`;
  const [first = '', ...more] = env.wrap
    ? wrap(`${before} ${finding.message}`, env.width, env.unicode)
    : [`${before} ${visible(finding.message, env.unicode)}`];
  const rest = more.length === 0 ? [] : wrap(more.join(' '), env.width - 2, env.unicode);
  const lines = [first.slice(before.length - 1), ...rest.map((line) => `  ${line}`)];
  return head + lines.map((line) => env.paint('message', line)).join('\n');
}

function notesOf(finding: Finding): readonly string[] {
  const notes: string[] = [];
  if (finding.help) notes.push(finding.help);
  if (finding.fix) notes.push(`fixable: plimsoll ${finding.fix.kind === 'safe' ? '--fix' : '--fix-suggestions'}`);
  return notes;
}
