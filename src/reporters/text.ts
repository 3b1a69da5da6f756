import type { Finding } from '../model/finding.js';
import { type Report, type Summary, summarise } from '../model/report.js';
import { frameOf } from './frame.js';
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
  const last = env.quiet ? null : summaryLine(report, env);
  if (last !== null) blocks.push(last);
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
}

function headline(finding: Finding, report: Report, env: RenderEnv): string {
  const url = report.rules.get(finding.rule)?.url;
  const name = visible(finding.rule, env.unicode);
  const link = env.hyperlinks && url ? `\u001b]8;;${visible(url)}\u001b\\${name}\u001b]8;;\u001b\\` : name;
  const { severity } = finding;
  const head = env.paint(severity, `${severity}[`) + env.paint(severity, link) + env.paint(severity, ']');
  return `${head}${env.paint('message', `: ${visible(finding.message, env.unicode)}`)}`;
}

function notesOf(finding: Finding): readonly string[] {
  const notes: string[] = [];
  if (finding.help) notes.push(finding.help);
  if (finding.fix) notes.push(`fixable: plimsoll ${finding.fix.kind === 'safe' ? '--fix' : '--fix-suggestions'}`);
  return notes;
}

/** Null where no file was read: the failures say all there is to say. */
function summaryLine(report: Report, env: RenderEnv): string | null {
  const summary = summarise(report);
  if (summary.files === 0) return null;
  const { errors, warnings, infos, styles } = summary;
  const total = errors + warnings + infos + styles;
  if (total === 0) return env.paint('good', `no findings in ${count(summary.files, 'file')}`);
  const kinds = [
    errors > 0 ? env.paint('error', count(errors, 'error')) : '',
    warnings > 0 ? env.paint('warning', count(warnings, 'warning')) : '',
    infos > 0 ? env.paint('info', `${infos} info`) : '',
    styles > 0 ? env.paint('style', `${styles} style`) : '',
  ].filter((kind) => kind !== '');
  const fixable = summary.fixable > 0 ? ` (${summary.fixable} fixable)` : '';
  return `${count(total, 'finding')} in ${filesWords(report, summary)}: ${kinds.join(', ')}${fixable}`;
}

/** "1 file", "2 of 5 files". */
function filesWords(report: Report, summary: Summary): string {
  const touched = report.files.filter((file) => file.findings.some((finding) => !finding.suppressed)).length;
  const files = count(summary.files, 'file');
  return touched === summary.files ? files : `${touched} of ${files}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
