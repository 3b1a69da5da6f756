import { entryRemoval } from '../../facts/entry-removal.js';
import { isMentioned } from '../../facts/mentions.js';
import { type RepeatedKey, repeatedKeys } from '../../facts/repeated-keys.js';
import type { Facts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { locate } from '../../model/source.js';
import { defineRule } from '../define-rule.js';

/** A value that is replaced before anything can read it is one that somebody changes in vain. */
export default defineRule({
  id: 'instruction/overwritten-env',
  summary: 'Set a variable once where nothing reads it in between',
  category: 'correctness',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'safe',
  messages: {
    replaced: ({ key, line }: { key: string; line: number }) => ({
      message: `nothing sees this value of \`${key}\`, since line ${line} sets it again and nothing reads it before that`,
      help: 'keep one of the two',
    }),
  },
  check({ document, facts, report }) {
    if (facts.instructions('ENV').length === 0) return;
    for (const stage of facts.stages) {
      for (const repeated of repeatedKeys(stage, 'ENV')) {
        const { key, instruction, pair, later } = repeated;
        if (mayBeRead(repeated, facts)) continue;
        const edit = entryRemoval(instruction, instruction.pairs, pair, document);
        report('replaced', {
          at: pair.key.span,
          data: { key: shorten(key), line: locate(document.source, later.pair.span.start).line },
          related: [{ at: later.pair.key.span, message: 'the one that counts' }],
          fix: edit && { title: 'Remove the value without effect', edits: [edit] },
        });
      }
    }
  },
});

/** RUN has it in its environment; other instructions name it, as the second value may. */
function mayBeRead({ key, instruction, pair, later, runBetween }: RepeatedKey, facts: Facts): boolean {
  // All pairs of one ENV see what held before it.
  const end = instruction === later.instruction ? pair.span.end : later.instruction.span.end;
  return runBetween || isMentioned(key, pair.span.end, end, facts);
}
