import type { Instruction } from '../../dockerfile/ast.js';
import { defineRule } from '../define-rule.js';

/** Keywords count in any case; a file that mixes them is harder to look through. */
export default defineRule({
  id: 'instruction/consistent-casing',
  summary: 'Write all keywords in one case',
  category: 'style',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['ConsistentInstructionCasing'],
  like: { buildkit: { severity: 'warning' } },
  fix: 'safe',
  messages: {
    mixed: ({ written, wanted, lower }: { written: string; wanted: string; lower: boolean }) => ({
      message: `\`${written}\` is hard to find by eye where other keywords are in ${lower ? 'small letters' : 'capitals'}`,
      help: `write ${wanted}`,
    }),
  },
  check({ document, report }) {
    // As BuildKit counts: a tie goes to the capitals, and what is above the first FROM has no vote.
    const counted = document.instructions.filter(({ keyword, stage }) => stage !== -1 && keyword !== 'UNKNOWN');
    // As nearly every file has them.
    if (counted.every(({ keyword, keywordText }) => keywordText === keyword)) return;
    const votes = counted.reduce((sum, instruction) => sum + voteOf(instruction), 0);
    const isLower = votes < 0;
    for (const { keywordText, keywordSpan } of counted) {
      const wanted = isLower ? keywordText.toLowerCase() : keywordText.toUpperCase();
      if (keywordText === wanted) continue;
      report('mixed', {
        at: keywordSpan,
        data: { written: keywordText, wanted, lower: isLower },
        fix: { title: `Write ${wanted}`, edits: [{ span: keywordSpan, text: wanted }] },
      });
    }
  },
});

function voteOf({ keywordText }: Instruction): -1 | 0 | 1 {
  if (keywordText === keywordText.toUpperCase()) return 1;
  return keywordText === keywordText.toLowerCase() ? -1 : 0;
}
