import { wrap } from '../../reporters/frame.js';
import type { RenderEnv, Style } from '../../reporters/types.js';
import { visible } from '../../reporters/visible.js';
import { failureMessage } from '../targets.js';
import type { Amount, ContextReport, CopyReport, SourceReport } from './report.js';
import { count, number, size } from './units.js';

/** Paths of one line of the ignore file that are shown. */
const MOST_PATHS = 3;
const MOST_UNUSED = 10;
const MOST_IDLE = 10;

/** The report for a person: what is in the context, what each COPY brings, what is left out. */
export function contextText(report: ContextReport, env: RenderEnv): string {
  const sheet = createSheet(env);
  about(report, sheet);
  copies(report, sheet);
  largest(report, sheet);
  ignored(report, sheet);
  unused(report, sheet);
  return sheet.text();
}

function about(report: ContextReport, sheet: Sheet): void {
  const { context, ignoreFile, unreadableIgnoreFile } = report;
  sheet.line('Dockerfile   ', '', { head: report.dockerfile });
  sheet.line('Context      ', `(${REASONS[context.reason]}${guess(report)})`, { head: context.path });
  if (ignoreFile) {
    const only = ignoreFile.kind === 'containerignore' ? '; Docker does not read it, Podman does' : '';
    const patterns = count(ignoreFile.patterns, 'pattern');
    sheet.line('Ignore file  ', `(${patterns}${only})`, { head: ignoreFile.path });
    for (const { line, message } of ignoreFile.problems)
      sheet.line(LABEL, `line ${line}: ${message}`, { style: 'error' });
  } else if (unreadableIgnoreFile) {
    const { path, reason } = unreadableIgnoreFile;
    sheet.line('Ignore file  ', `${path}: ${failureMessage(reason)}`, { style: 'error' });
    sheet.line(LABEL, 'what it leaves out is not known, so that this shows too much');
  } else sheet.line('Ignore file  ', 'none');
  for (const path of report.unreadIgnoreFiles) sheet.line(LABEL, `${path} is not read`, { style: 'warning' });
  sheet.line('Sent         ', sentText(report));
  for (const path of report.unreadable) sheet.line('Unreadable   ', path, { style: 'warning' });
}

const LABEL = ' '.repeat(13);

function sentText({ sent, notIgnored, ignoreFile }: ContextReport): string {
  const all = ignoreFile ? 'all that is not ignored' : 'all that is there';
  if (sent.files === notIgnored.files) return `${amount(sent)}: ${all}`;
  const least = sent.known ? '' : 'at least ';
  return `${least}${amount(sent)}: what BuildKit asks for; the classic builder is sent ${all}, ${amount(notIgnored)}`;
}

const REASONS: Readonly<Record<ContextReport['context']['reason'], string>> = {
  given: 'given by --context',
  compose: 'a compose file builds it there',
  sources: 'what COPY names is there',
  project: 'the project around the Dockerfile',
  monorepo: 'the packages around it are installed together there',
  beside: 'where the Dockerfile is',
};

function guess({ context }: ContextReport): string {
  return context.certainty === 'guessed' ? '; guessed: name it with --context' : '';
}

function copies({ copies: all, ignoreFile }: ContextReport, sheet: Sheet): void {
  if (all.length === 0) {
    sheet.heading('Nothing is copied from the context');
    return;
  }
  sheet.heading('Copied from the context');
  sheet.columns('  files      size  line');
  for (const copy of all) {
    const amounts = `${number(copy.files).padStart(7)} ${size(copy.bytes).padStart(9)} `;
    sheet.line(`${amounts}${String(copy.line).padStart(5)}  `, headOf(copy));
    for (const source of copy.sources) {
      const trouble = troubleOf(source, ignoreFile?.path ?? '');
      if (trouble) sheet.line(MARGIN, trouble.text, trouble);
    }
  }
}

const MARGIN = ' '.repeat(25);

function headOf({ instruction, sources, destination, built, stage }: CopyReport): string {
  const what = instruction === 'RUN' ? 'bind mount of ' : instruction === 'ADD' ? 'ADD ' : '';
  const from = sources.map(({ source }) => source).join(', ');
  const stays = built ? '' : ` (stage ${stage} is not built)`;
  return `${what}${from} -> ${destination ?? '(not known)'}${stays}`;
}

function troubleOf(one: SourceReport, ignoreFile: string): { readonly style: Style; readonly text: string } | null {
  const meant = one.didYouMean === null ? '' : `; there is ${one.didYouMean}`;
  switch (one.status) {
    case 'ok':
      return null;
    case 'ignored': {
      const by = one.ignoredBy;
      const where = by ? `: line ${by.line} of ${ignoreFile} (${by.pattern})` : '';
      return { style: 'error', text: `${one.source} is ignored${where}` };
    }
    case 'missing':
      return { style: 'warning', text: `${one.source} is not there${meant}` };
    case 'wrong-case':
      return { style: 'error', text: `${one.source} is there in another case${meant}` };
    case 'outside':
      return { style: 'error', text: `${one.source} leaves the context; BuildKit looks for it inside` };
    case 'unknown':
      return { style: 'info', text: `what ${one.source} brings cannot be told` };
  }
}

function largest({ largest: files }: ContextReport, sheet: Sheet): void {
  if (files.length === 0) return;
  sheet.heading('Largest files sent');
  for (const { path, bytes } of files) sheet.line(`${size(bytes).padStart(9)}  `, path);
}

function ignored({ ignored: lines, idlePatterns, ignoreFile }: ContextReport, sheet: Sheet): void {
  if (!ignoreFile) return;
  if (lines.length > 0) {
    sheet.heading(`Left out by ${ignoreFile.path}`);
    sheet.columns('  line  pattern');
  }
  const column = Math.min(20, Math.max(0, ...lines.map(({ pattern }) => visible(pattern).length)));
  for (const { line, pattern, lets, files, directories, paths } of lines) {
    const shown = paths.slice(0, MOST_PATHS);
    const parts = [
      directories > 0 ? `${count(directories, 'directory', 'directories')}, not entered` : '',
      files > 0 ? `${lets ? 'lets in ' : ''}${count(files, 'file')}` : '',
    ].filter((part) => part !== '');
    const isOne = shown.length === 1;
    const list = `${shown.join(', ')}${files + directories > shown.length ? ', ...' : ''}`;
    const text = isOne
      ? `${lets ? 'lets in ' : ''}${list}${directories > 0 ? ' (not entered)' : ''}`
      : `${parts.join('; ')}: ${list}`;
    const name = visible(pattern);
    if (name.length > column) {
      sheet.line(`${String(line).padStart(6)}  `, pattern);
      sheet.line(' '.repeat(10 + column), text);
    } else sheet.line(`${String(line).padStart(6)}  ${name.padEnd(column)}  `, text);
  }
  if (idlePatterns.length === 0) return;
  sheet.heading(`Lines of ${ignoreFile.path} that leave nothing out now`);
  for (const { line, pattern } of idlePatterns.slice(0, MOST_IDLE))
    sheet.line(`${String(line).padStart(6)}  `, pattern);
  more(idlePatterns.length - MOST_IDLE, sheet);
}

function unused({ unused: rest }: ContextReport, sheet: Sheet): void {
  if (rest.files === 0) return;
  sheet.heading(`Neither ignored nor copied: ${amount(rest)}`);
  for (const { path, files, bytes } of rest.paths.slice(0, MOST_UNUSED)) {
    sheet.line(`${number(files).padStart(7)} ${size(bytes).padStart(9)}  `, path);
  }
  more(rest.paths.length - MOST_UNUSED, sheet);
}

function more(left: number, sheet: Sheet): void {
  if (left > 0) sheet.line('        ', `and ${number(left)} more`);
}

function amount({ files, bytes }: Amount): string {
  return `${count(files, 'file')}, ${size(bytes)}`;
}

interface Sheet {
  heading(text: string): void;
  /** Names of columns. */
  columns(text: string): void;
  /**
   * Words are broken at blanks and hang below the first of them. `head` stands before the text and is marked; `style` is
   * that of all of it.
   */
  line(prefix: string, text: string, look?: { readonly head?: string; readonly style?: Style }): void;
  text(): string;
}

/** Lines are no longer than this: a wide terminal is no reason for long ones. */
const WIDEST = 100;

function createSheet(env: RenderEnv): Sheet {
  const lines: string[] = [];
  const width = Math.min(env.width, WIDEST);
  return {
    heading(text) {
      lines.push('', ...wrap(text, width, env.unicode).map((line) => env.paint('message', line)));
    },
    columns(text) {
      lines.push(env.paint('gutter', text));
    },
    line(prefix, text, { head, style } = {}) {
      const room = Math.max(20, width - prefix.length);
      const words = [head, text].filter((one) => one !== undefined && one !== '').join(' ');
      // A line feed in a name is a picture before it could break the line.
      for (const [index, line] of wrap(visible(words, env.unicode), room, env.unicode).entries()) {
        const shown = head === undefined ? '' : visible(head, env.unicode);
        const marked = index === 0 && shown !== '' && line.startsWith(shown);
        const painted = marked ? env.paint('place', shown) + line.slice(shown.length) : line;
        lines.push((index === 0 ? prefix : ' '.repeat(prefix.length)) + (style ? env.paint(style, painted) : painted));
      }
    },
    text: () => `${lines.join('\n')}\n`,
  };
}
