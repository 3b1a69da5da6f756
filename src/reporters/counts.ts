import { type FileReport, type Report, type Summary, summarise } from '../model/report.js';
import type { Paint } from './types.js';
import { visible } from './visible.js';

/**
 * "2 findings in 1 file: 1 error, 1 warning (1 fixable)"; null where no file was read, as the failures then say all there
 * is to say. Where standard input came without a build context, silence says less than it seems to, and this says so.
 */
export function countFindings(report: Report, paint: Paint = (_style, text) => text): string | null {
  const summary = summarise(report);
  if (summary.files === 0) return null;
  const { errors, warnings, infos, styles } = summary;
  const total = errors + warnings + infos + styles;
  const silent = contextNote(report);
  if (total === 0) return paint('good', `no findings in ${count(summary.files, 'file')}`) + bracketed(silent);
  const kinds = [
    errors > 0 ? paint('error', count(errors, 'error')) : '',
    warnings > 0 ? paint('warning', count(warnings, 'warning')) : '',
    infos > 0 ? paint('info', `${infos} info`) : '',
    styles > 0 ? paint('style', `${styles} style`) : '',
  ].filter((kind) => kind !== '');
  const fixable = summary.fixable > 0 ? `${summary.fixable} fixable` : '';
  return `${count(total, 'finding')} in ${filesWords(report, summary)}: ${kinds.join(', ')}${bracketed(fixable, silent)}`;
}

function bracketed(...notes: readonly string[]): string {
  const said = notes.filter((note) => note !== '');
  return said.length === 0 ? '' : ` (${said.join('; ')})`;
}

/** Empty where every file has a context; names the one that has none where there are several. */
function contextNote({ files }: Report): string {
  const lacking = files.find(lacksContext);
  if (!lacking) return '';
  const name = files.length > 1 ? ` for ${visible(lacking.source.path)}` : '';
  return `no build context${name}: rules about it are silent`;
}

/** Of what is no text nothing was read at all, as its only finding says. */
function lacksContext({ context, findings }: FileReport): boolean {
  return context === null && !findings.some(({ rule }) => rule === 'syntax/encoding');
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
