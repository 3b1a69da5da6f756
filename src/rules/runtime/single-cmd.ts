import type { Instruction } from '../../dockerfile/ast.js';
import { defineRule, removeLines } from '../define-rule.js';

/** Only the last CMD of a stage counts; an earlier one is dead, and whoever edits it wonders why nothing changes. */
export default defineRule({
  id: 'runtime/single-cmd',
  summary: 'Write one CMD in a stage',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL4003'],
  fix: 'safe',
  messages: {
    overridden: () => ({
      message: 'this CMD has no effect, since a later one in the same stage replaces it',
      help: 'remove it, or move it to the stage that it was meant for',
    }),
  },
  check({ document, facts, report }) {
    for (const { stage } of facts.stages) {
      const all = stage.instructions.filter((instruction: Instruction) => instruction.keyword === 'CMD');
      const last = all.at(-1);
      for (const instruction of all.slice(0, -1)) {
        report('overridden', {
          at: instruction.keywordSpan,
          data: {},
          related: last ? [{ at: last.keywordSpan, message: 'the one that counts' }] : [],
          fix: { title: 'Remove the CMD without effect', edits: [removeLines(document.source, instruction.span)] },
        });
      }
    }
  },
});
