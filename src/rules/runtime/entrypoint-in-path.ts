import { unfoundScript } from '../../facts/entrypoint-path.js';
import { defineRule, replace } from '../define-rule.js';

interface Data {
  readonly name: string;
  readonly path: string;
}

/** A name without a slash is looked for in PATH alone, neither in the working directory nor in `/`. */
export default defineRule({
  id: 'runtime/entrypoint-in-path',
  summary: 'Start a script by its path where it is in no directory of PATH',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'safe',
  messages: {
    unfound: ({ name, path }: Data) => ({
      message: `\`${name}\` is looked for in PATH alone, and COPY puts it at ${path}: the container does not start (not found in $PATH)`,
      help: `write \`${path}\`, or copy it to /usr/local/bin`,
    }),
  },
  check({ document, facts, report }) {
    const found = unfoundScript(facts);
    if (!found) return;
    const { word, copy, imagePath } = found;
    const isPlain = document.source.text.slice(word.span.start, word.span.end) === `"${word.value}"`;
    report('unfound', {
      at: word.span,
      data: { name: word.value, path: imagePath },
      related: [{ at: copy.instruction.keywordSpan, message: 'puts it there' }],
      fix: isPlain ? { title: `Write ${imagePath}`, edits: [replace(word, `"${imagePath}"`)] } : null,
    });
  },
});
