import type { Document } from '../../dockerfile/ast.js';
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
    const capitals = document.stages.filter(({ name, from }) => name !== null && from.name?.text !== name);
    if (capitals.length === 0) return;
    const references = referencesOf(document);
    for (const { name, index, from } of capitals) {
      if (!from.name || name === null) continue;
      const others = references.get(name)?.filter(({ stage }) => stage === null || stage > index) ?? [];
      report('capitals', {
        at: from.name.span,
        data: { written: shorten(from.name.text, 40), wanted: shorten(name, 40) },
        fix: {
          title: `Write ${name}`,
          edits: [from.name, ...others].map(({ span }) => ({ span, text: name })),
        },
      });
    }
  },
});

interface Reference {
  readonly span: Span;
  /** The stage whose FROM it is; null for `COPY --from` and `RUN --mount=from=`. */
  readonly stage: number | null;
}

/** Every place that names a stage otherwise than in lower case, by the name that is meant. */
function referencesOf({ instructions, source }: Document): ReadonlyMap<string, readonly Reference[]> {
  const found = new Map<string, Reference[]>();
  const add = (text: string, span: Span, stage: number | null = null): void => {
    const name = text.toLowerCase();
    if (name === text) return;
    const known = found.get(name);
    if (known) known.push({ span, stage });
    else found.set(name, [{ span, stage }]);
  };
  for (const outer of instructions) {
    const instruction = outer.keyword === 'ONBUILD' ? outer.trigger : outer;
    if (instruction?.keyword === 'FROM' && instruction.image) {
      add(instruction.image.text, instruction.image.span, instruction.stage);
    } else if (instruction?.keyword === 'COPY' && instruction.from) add(instruction.from.text, instruction.from.span);
    else if (instruction?.keyword === 'RUN') {
      for (const { flag, options } of instruction.mounts) {
        const from = options.get('from');
        if (!flag.value || from === undefined) continue;
        const { start, end } = flag.value.span;
        const at = source.text.slice(start, end).search(/(?<=(?:^|,)from=)/i);
        if (at !== -1) add(from, { start: start + at, end: start + at + from.length });
      }
    }
  }
  return found;
}
