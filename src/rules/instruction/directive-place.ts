import type { Comment, Document } from '../../dockerfile/ast.js';
import { suggest } from '../../dockerfile/suggest.js';
import type { SourceFile } from '../../model/source.js';
import type { Span } from '../../model/span.js';
import { defineRule, type FixInput, removeLines } from '../define-rule.js';

type Name = 'syntax' | 'escape' | 'check';

/** Directives end at the first line that is none: from there on, what looks like one is a comment like any other. */
export default defineRule({
  id: 'instruction/directive-place',
  summary: 'Write parser directives in the first lines',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'safe',
  messages: {
    late: ({ name, behind }: { name: Name; behind: string }) => ({
      message: `\`${name}=\` is a plain comment here and has no effect: directives end at the first ${behind}`,
      help: 'move it to the top of the file',
    }),
    second: ({ name }: { name: Name }) => ({
      message: `this \`${name}=\` has no effect: it is a plain comment here, and the directive at the top holds`,
      help: 'remove it',
    }),
    typo: ({ written, name }: { written: string; name: Name }) => ({
      message: `\`${written}\` is no directive, so that this line is a plain comment and has no effect`,
      help: `write \`# ${name}=\``,
    }),
  },
  check({ document, report }) {
    const first = document.instructions[0]?.span.start ?? document.source.text.length;
    for (const comment of document.comments) {
      const read = comment.inside ? null : readDirective(comment.text);
      if (!read) continue;
      const { name, written } = read;
      const isTop = comment.span.start < first;
      const at = { start: comment.span.start, end: comment.span.end };
      const holds = document.directives.find((directive) => directive.name === name);
      if (written !== name) {
        if (isTop && !holds) report('typo', { at, data: { written, name }, fix: fixOf(read, comment, document) });
      } else if (holds) report('second', { at, data: { name }, related: [{ at: holds.span, message: 'holds' }] });
      else
        report('late', {
          at,
          data: { name, behind: behindWhat(document) },
          fix: fixOf(read, comment, document),
        });
    }
  },
});

interface DirectiveLike {
  readonly name: Name;
  /** The name as it stands there, with a colon behind it where that stands for the `=`. */
  readonly written: string;
  readonly value: string;
}

/** A comment that has the shape of a directive, with a value that such a one takes. */
function readDirective(text: string): DirectiveLike | null {
  const match = /^([a-z]{4,8})\s*(=|:\s)\s*(\S+)$/i.exec(text);
  if (!match) return null;
  const [, word = '', separator = '', value = ''] = match;
  const name = VALUES.find(([, pattern]) => pattern.test(value))?.[0];
  if (!name || suggest(word, [name]) === null) return null;
  const exact = word.toLowerCase() === name && separator === '=';
  return { name, value, written: exact ? name : `${word}${separator.trim()}` };
}

const VALUES: readonly (readonly [Name, RegExp])[] = [
  ['syntax', /^(?:[\w.-]+(?::\d+)?\/)+[\w.-]*dockerfile[\w.-]*(?:[:@][\w.:@-]+)?$/i],
  ['escape', /^[\\`]$/],
  // In front of an instruction `check=skip=` holds for that.
  ['check', /^error=true$/],
];

/** What the first line is that is no directive. */
function behindWhat({ source, directives }: Document): string {
  const start = topOf(source, directives);
  const line =
    source.text
      .slice(start, start + 500)
      .split('\n', 1)[0]
      ?.trim() ?? '';
  if (line === '') return 'blank line';
  return line.startsWith('#') ? 'comment' : 'instruction';
}

/** Where the line behind the directives begins. */
function topOf({ text }: Document['source'], directives: Document['directives']): number {
  const last = directives.at(-1)?.span.end;
  if (last === undefined && !text.startsWith('#!')) return 0;
  return text.indexOf('\n', last ?? 0) + 1;
}

/** Another escape character would change how all the rest is read, and a frontend that is not Docker's may do anything. */
function fixOf({ name, written, value }: DirectiveLike, comment: Comment, document: Document): FixInput | null {
  if (name === 'escape') return null;
  const { source, directives } = document;
  const place = topOf(source, directives);
  const line = withBlankLine(source, removeLines(source, comment.span));
  const isSafe =
    written === name && (name === 'check' || /^(?:docker\.io\/)?docker\/dockerfile:1(?:\.\d+)*$/.test(value));
  return {
    kind: isSafe ? 'safe' : 'suggestion',
    title: 'Move it to the top',
    edits:
      line.span.start === place
        ? [{ span: comment.span, text: `# ${name}=${value}` }]
        : [{ span: { start: place, end: place }, text: `# ${name}=${value}${source.eol}` }, line],
  };
}

/** Of two blank lines that would meet, one goes too. */
function withBlankLine({ text }: SourceFile, line: { span: Span; text: string }): { span: Span; text: string } {
  const { start, end } = line.span;
  const blank = /^[ \t]*\r?\n/.exec(text.slice(end, end + 200))?.[0];
  const isBehindBlank = /^(?:[\s\S]*\n)?[ \t]*\r?\n$/.test(text.slice(Math.max(0, start - 200), start));
  return blank !== undefined && isBehindBlank ? { span: { start, end: end + blank.length }, text: '' } : line;
}
