import type { IgnoreFile } from '../../context/types.js';
import { type Habit, ignoreHabits } from '../../facts/ignore-habits.js';
import { deadExceptions, shortReaches } from '../../facts/ignore-reach.js';
import { certainContext, neededCopies } from '../../facts/sent-files.js';
import type { Facts } from '../../facts/types.js';
import { defineRule, type FixInput, removeLines } from '../define-rule.js';
import { words } from '../ignore-syntax-words.js';

/** Findings of one file; who sees these will look at the others too. */
const MOST_FINDINGS = 8;

/** A line of the ignore file that does not do what it seems to, so that files are sent that it was to keep out. */
export default defineRule({
  id: 'context/ignore-syntax',
  summary: 'Write the patterns of an ignore file as Docker reads them',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'safe',
  messages: words,
  check({ facts, report }) {
    const context = certainContext(facts);
    const ignoreFile = context?.ignoreFile;
    if (!ignoreFile || neededCopies(facts).length === 0) return;
    const { source } = ignoreFile;
    if (source.text.includes('\0')) {
      report('utf16', { at: { file: source, span: { start: 0, end: 1 } }, data: { file: source.path } });
      return;
    }
    for (const { message, span } of ignoreFile.problems) {
      const written = source.text.slice(span.start, span.end);
      const separators = /\\[A-Za-z\d]/.test(written);
      if (separators && isForWindows(facts)) continue;
      report('refused', {
        at: { file: source, span },
        data: {
          problem: message,
          help: separators ? 'parts of a path are separated by `/`' : 'correct it, or take it out',
        },
        severity: separators || ignoreFile.kind === 'containerignore' ? 'warning' : 'error',
      });
    }
    let left = MOST_FINDINGS;
    const say: typeof report = (id, input) => {
      if (left-- > 0) report(id, input);
    };
    const habits = ignoreHabits(context, ignoreFile);
    for (const habit of habits) {
      const { kind, span, pattern, instead } = habit;
      if (kind === 'backslash' && isForWindows(facts)) continue;
      const mild = kind === 'slashes' || kind === 'indented';
      const same = habits.filter((one) => one.kind === kind);
      // Whoever takes this for a comment has several.
      if (mild && same[0] !== habit) continue;
      const lines = instead.map((line) => `\`${line}\``).join(', ');
      const write = lines === '' || lines.length > 150 ? null : `write ${lines}`;
      say(kind, {
        at: { file: source, span },
        data: { text: shortened(pattern.text), write },
        severity: mild ? 'info' : 'warning',
        fix: rewritten(ignoreFile, mild ? same : [habit], mild ? 'safe' : 'suggestion'),
      });
    }
    for (const { kind, pattern, by } of deadExceptions(context, ignoreFile)) {
      const { text, span } = pattern;
      say(kind, {
        at: { file: source, span },
        data: { text: shortened(text), by: by?.text ?? '' },
        severity: kind === 'nothing' ? 'info' : 'warning',
        related: by ? [{ at: { file: source, span: by.span }, message: 'has the last word' }] : [],
        fix:
          kind === 'nothing'
            ? { title: `Remove ${text}`, edits: [{ file: source, ...removeLines(source, span) }] }
            : null,
      });
    }
    for (const { kind, pattern, path, instead, litter, unwanted } of shortReaches(facts, context, ignoreFile)) {
      say(kind, {
        at: { file: source, span: pattern.span },
        data: { text: shortened(pattern.text), path, instead },
        severity: litter ? 'warning' : 'info',
        fix: rewritten(
          ignoreFile,
          [{ pattern, instead: [instead] }],
          unwanted && kind === 'shallow' ? 'safe' : 'suggestion',
        ),
      });
    }
  },
});

function isForWindows({ stages }: Facts): boolean {
  return stages.some((stage) => stage.image.windows);
}

type Rewriting = Pick<Habit, 'pattern' | 'instead'>;

function rewritten({ source }: IgnoreFile, all: readonly Rewriting[], kind: 'safe' | 'suggestion'): FixInput | null {
  const [first] = all;
  if (!first || first.instead.length === 0) return null;
  const title = first.instead.length === 1 ? `Write ${first.instead[0]}` : `Write ${first.instead.length} lines`;
  const edits = all.map(({ pattern: { span }, instead }) => {
    const start = source.text.lastIndexOf('\n', span.start - 1) + 1;
    return { file: source, span: { start, end: span.end }, text: instead.join('\n') };
  });
  return { kind, title, edits };
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
