import type { Document, Stage, Word } from '../../dockerfile/ast.js';
import { shorten } from '../../model/shorten.js';
import type { Span } from '../../model/span.js';
import { defineRule } from '../define-rule.js';

/** BuildKit makes all names of stages lower case, so that what stands in the file is not what `--target` lists. */
export default defineRule({
  id: 'instruction/stage-name-casing',
  summary: 'Write names of stages in lower case',
  category: 'style',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['StageNameCasing'],
  like: { buildkit: { severity: 'warning' } },
  fix: 'safe',
  messages: {
    capitals: ({ written, wanted }: { written: string; wanted: string }) => ({
      message: `BuildKit calls this stage \`${wanted}\` in its output, where nobody finds \`${written}\``,
      help: `write ${wanted}, here and wherever the stage is named`,
    }),
  },
  check({ document, report }) {
    for (const stage of document.stages) {
      const { name } = stage.from;
      if (!name || stage.name === null || name.text === stage.name) continue;
      const spans = [name.span, ...referencesTo(stage, document)];
      report('capitals', {
        at: name.span,
        data: { written: shorten(name.text, 40), wanted: shorten(stage.name, 40) },
        fix: { title: `Write ${stage.name}`, edits: spans.map((span) => ({ span, text: stage.name ?? '' })) },
      });
    }
  },
});

/** Every other place that names the stage in another case: FROM, `COPY --from`, `RUN --mount=from=`. */
function referencesTo({ name, index }: Stage, { instructions, source }: Document): readonly Span[] {
  const isName = (word: Word | null) => word !== null && word.text !== name && word.text.toLowerCase() === name;
  return instructions.flatMap((outer): readonly Span[] => {
    const instruction = outer.keyword === 'ONBUILD' ? outer.trigger : outer;
    switch (instruction?.keyword) {
      case 'FROM':
        return instruction.stage > index && instruction.image && isName(instruction.image)
          ? [instruction.image.span]
          : [];
      case 'COPY':
        return instruction.from && isName(instruction.from) ? [instruction.from.span] : [];
      case 'RUN':
        return instruction.mounts.flatMap(({ flag, options }) => {
          const from = options.get('from');
          if (!flag.value || from === undefined || from === name || from.toLowerCase() !== name) return [];
          const { start, end } = flag.value.span;
          const at = source.text.slice(start, end).search(/(?<=(?:^|,)from=)/i);
          return at === -1 ? [] : [{ start: start + at, end: start + at + from.length }];
        });
      default:
        return [];
    }
  });
}
