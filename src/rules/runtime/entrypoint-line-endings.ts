import { baseName } from '../../context/paths.js';
import { stopsInstruction } from '../../facts/failure.js';
import { mayHaveChanged, startedScripts } from '../../facts/started-scripts.js';
import { shorten } from '../../model/shorten.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly script: string;
  readonly path: string;
  /** What fails to be there: the interpreter with a carriage return behind it. */
  readonly wanted: string;
  /** .gitattributes asks for line ends already. */
  readonly isAsked: boolean;
}

/** To Linux, the carriage return at the end of a line of Windows is part of the last word of that line. */
export default defineRule({
  id: 'runtime/entrypoint-line-endings',
  summary: 'Save scripts of the image with the line ends of Unix',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    interpreter: ({ script, path, wanted, isAsked }: Data) => ({
      message: `${path} has CRLF line ends, so \`${script}\` does not start: Linux looks for \`${wanted}\\r\` (no such file or directory)`,
      help: adviceFor(path, isAsked),
    }),
    read: ({ path, isAsked }: Data) => ({
      message: `${path} has CRLF line ends: the shell reads the CR as part of the last word of each line, and commands fail`,
      help: adviceFor(path, isAsked),
    }),
  },
  check({ facts, report }) {
    const seen = new Set<string>();
    for (const { use, word, by, file } of startedScripts(facts)) {
      if (seen.has(file.path) || use.command.conditional) continue;
      const source = facts.context?.read(file.path);
      const line = source && /^([^\n]*)\r\n/.exec(source.text)?.[1];
      if (!source || line === undefined || line === null) continue;
      const [, wanted] = /^#![ \t]*(?:\S*\/env[ \t]+)?(\S+)$/.exec(line) ?? [];
      // An interpreter with arguments is found, and only its last argument has the carriage return.
      if (by !== 'read' && wanted === undefined) continue;
      // Without a `#!` line only a shell can read it; a word that is one in a line alone does not do.
      const breaks = by !== 'read' || /^(?:[ \t]*(?:then|do|else|fi|done|esac|\}|set -\w+))\r$/m.test(source.text);
      if (mayHaveChanged(file, facts, ({ name }) => name === 'chmod')) continue;
      seen.add(file.path);
      const isAsked = /\beol=lf\b/.test(facts.context?.read('.gitattributes')?.text ?? '');
      report(by === 'read' ? 'read' : 'interpreter', {
        at: word.span,
        data: { script: word.value, path: file.path, wanted: shorten(wanted ?? ''), isAsked },
        related: [{ at: { file: source, span: { start: 0, end: line.length } }, message: 'ends in CRLF' }],
        severity: breaks && stopsInstruction(use, facts) ? 'error' : 'warning',
      });
    }
  },
});

function adviceFor(path: string, isAsked: boolean): string {
  if (isAsked) return 'save it with LF line ends';
  const pattern = /\.\w+$/.exec(path)?.[0];
  return `save it with LF line ends, and put \`${pattern ? `*${pattern}` : baseName(path)} text eol=lf\` into .gitattributes, so that git keeps them`;
}
