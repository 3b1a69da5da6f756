import { type Report, type Summary, summarise } from '../model/report.js';
import type { Paint } from './types.js';

/**
 * "2 findings in 1 file: 1 error, 1 warning (1 fixable)"; null where no file was read, as the failures then say all there
 * is to say.
 */
export function countFindings(report: Report, paint: Paint = (_style, text) => text): string | null {
  const summary = summarise(report);
  if (summary.files === 0) return null;
  const { errors, warnings, infos, styles } = summary;
  const total = errors + warnings + infos + styles;
  if (total === 0) return paint('good', `no findings in ${count(summary.files, 'file')}`);
  const kinds = [
    errors > 0 ? paint('error', count(errors, 'error')) : '',
    warnings > 0 ? paint('warning', count(warnings, 'warning')) : '',
    infos > 0 ? paint('info', `${infos} info`) : '',
    styles > 0 ? paint('style', `${styles} style`) : '',
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
