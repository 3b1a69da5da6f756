import { entryRemoval } from '../../facts/entry-removal.js';
import { repeatedKeys } from '../../facts/repeated-keys.js';
import { shorten } from '../../model/shorten.js';
import { locate } from '../../model/source.js';
import { defineRule } from '../define-rule.js';

/** Labels are a map: of two values for one key the image keeps the last. */
export default defineRule({
  id: 'label/duplicate-key',
  summary: 'Set each label once in a stage',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'safe',
  messages: {
    replaced: ({ key, line }: { key: string; line: number }) => ({
      message: `this value of label \`${key}\` is in no image, since line ${line} sets it again`,
      help: 'keep one of the two, or give one another key',
    }),
  },
  check({ document, facts, report }) {
    if (facts.instructions('LABEL').length === 0) return;
    for (const stage of facts.stages) {
      for (const { key, instruction, pair, later } of repeatedKeys(stage, 'LABEL')) {
        const edit = entryRemoval(instruction, instruction.pairs, pair, document);
        report('replaced', {
          at: pair.key.span,
          data: { key: shorten(key), line: locate(document.source, later.pair.span.start).line },
          related: [{ at: later.pair.key.span, message: 'the one that counts' }],
          fix: edit && { title: 'Remove the label without effect', edits: [edit] },
        });
      }
    }
  },
});
