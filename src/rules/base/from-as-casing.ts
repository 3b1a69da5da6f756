import { defineRule } from '../define-rule.js';

/** `FROM ... as`: the two words of one instruction in two cases. */
export default defineRule({
  id: 'base/from-as-casing',
  summary: 'Write AS in the case of FROM',
  category: 'style',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  aliases: ['FromAsCasing'],
  like: { buildkit: { severity: 'warning' } },
  fix: 'safe',
  messages: {
    differs: ({ from, as, wanted }: { from: string; as: string; wanted: string }) => ({
      message: `\`${as}\` is not in the case of \`${from}\`, which makes the stage's name easy to miss`,
      help: `write ${wanted}`,
    }),
  },
  check({ document, report }) {
    for (const { from } of document.stages) {
      const { as, keywordText } = from;
      if (!as) continue;
      // As BuildKit has it: where FROM is in neither case, so may AS be.
      const isUpper = keywordText === keywordText.toUpperCase();
      if (!isUpper && keywordText !== keywordText.toLowerCase()) continue;
      const wanted = isUpper ? 'AS' : 'as';
      if (as.text === wanted) continue;
      report('differs', {
        at: as.span,
        data: { from: keywordText, as: as.text, wanted },
        fix: { title: `Write ${wanted}`, edits: [{ span: as.span, text: wanted }] },
      });
    }
  },
});
