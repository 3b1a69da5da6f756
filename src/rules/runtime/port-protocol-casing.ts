import { shorten } from '../../model/shorten.js';
import { defineRule } from '../define-rule.js';

/** The image's configuration has protocols in lower case, and tools compare them as text. */
export default defineRule({
  id: 'runtime/port-protocol-casing',
  summary: 'Write the protocol of a port in lower case',
  category: 'style',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['ExposeProtoCasing'],
  like: { buildkit: { severity: 'warning' } },
  fix: 'safe',
  messages: {
    capitals: ({ text, wanted }: { text: string; wanted: string }) => ({
      message: `the image says \`${wanted}\` for \`${text}\`, so that a search for what is written here finds nothing`,
      help: `write ${wanted}`,
    }),
  },
  check({ document, facts, report }) {
    for (const instruction of facts.instructions('EXPOSE')) {
      if (instruction.onbuild) continue;
      for (const word of instruction.words) {
        if (!/[/$]/.test(word.text)) continue;
        const expanded = facts.expand(word, instruction);
        const value = (expanded.ok && expanded.value) || '';
        // One word may hold several ports, once its variable is known.
        for (const port of value.split(/\s+/)) {
          const protocol = /\/(.*)$/.exec(port)?.[1] ?? '';
          const lower = protocol.toLowerCase();
          if (protocol === lower) continue;
          const wanted = port.slice(0, port.length - protocol.length) + lower;
          const end = word.span.end;
          const start = end - protocol.length;
          const isPlain = document.source.text.slice(start, end) === protocol;
          const at = isPlain ? { start, end } : word.span;
          report('capitals', {
            at,
            data: { text: shorten(port, 40), wanted: shorten(wanted, 40) },
            fix: isPlain ? { title: `Write ${lower}`, edits: [{ span: at, text: lower }] } : null,
          });
        }
      }
    }
  },
});
