import type { SimpleInstruction, Word } from '../../dockerfile/ast.js';
import { hostPartLength, parsePort } from '../../dockerfile/ports.js';
import { entryRemoval } from '../../facts/entry-removal.js';
import { shorten } from '../../model/shorten.js';
import { defineRule } from '../define-rule.js';

/** EXPOSE adds to a set: a port that is in it already changes nothing, and looks as if another was meant. */
export default defineRule({
  id: 'runtime/duplicate-port',
  summary: 'EXPOSE each port once',
  category: 'style',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'safe',
  messages: {
    again: ({ text }: { text: string }) => ({
      message: `\`${text}\` is exposed already, so that naming it again changes nothing`,
      help: 'remove it, or write the port that was meant',
    }),
  },
  check({ document, facts, report }) {
    const exposed = facts.instructions('EXPOSE').reduce((sum, { words }) => sum + words.length, 0);
    if (exposed < 2) return;
    for (const { stage } of facts.stages) {
      const seen = new Map<string, Word>();
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'EXPOSE') continue;
        for (const word of instruction.words) {
          const ports = portsOf(word);
          const first = ports.length > 0 ? seen.get(ports[0] ?? '') : undefined;
          if (first && ports.every((port) => seen.has(port))) {
            report('again', {
              at: word.span,
              data: { text: shorten(word.text) },
              related: [{ at: first.span, message: 'exposed here' }],
              fix: fixOf(instruction, word, document),
            });
          }
          for (const port of ports) if (!seen.has(port)) seen.set(port, word);
        }
      }
    }
  },
});

/** Of a word that means the same whatever the build arguments are. */
function portsOf({ text }: Word): readonly string[] {
  if (/[$"'\\`]/.test(text) || hostPartLength(text) > 0) return [];
  const read = parsePort(text);
  return read.ok && read.ports.length <= 1000 ? read.ports.map(({ port, protocol }) => `${port}/${protocol}`) : [];
}

function fixOf(instruction: SimpleInstruction, word: Word, document: Parameters<typeof entryRemoval>[3]) {
  const edit = entryRemoval(instruction, instruction.words, word, document);
  return edit && { title: `Remove the second ${word.text}`, edits: [edit] };
}
