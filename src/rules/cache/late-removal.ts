import type { Instruction } from '../../dockerfile/ast.js';
import { lateRemovals } from '../../facts/late-removals.js';
import { shorten } from '../../model/shorten.js';
import { locate } from '../../model/source.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly path: string;
  readonly line: number;
  readonly kind: 'copy' | 'download' | 'clone';
  readonly keyword: string;
}

/** A layer is never taken back: what a later one removes is hidden, and is still stored, pushed and pulled. */
export default defineRule({
  id: 'cache/late-removal',
  summary: 'Remove files in the RUN that brings them',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    late: ({ path, line, kind, keyword }: Data) => ({
      message: `removing ${path} here makes the image no smaller: the layer of line ${line} holds it`,
      help:
        kind === 'copy'
          ? `use it through \`RUN --mount=type=bind\` instead of ${keyword}, or copy only what is needed from another stage`
          : `${kind === 'clone' ? 'clone' : 'fetch'}, use and remove it in one RUN`,
    }),
  },
  check({ document, facts, report }) {
    if (facts.commands('rm').length === 0) return;
    const told = new Set<Instruction>();
    for (const { word, use, by, kind } of lateRemovals(facts)) {
      // One RUN that tidies up is one thing to change.
      if (told.has(use.instruction)) continue;
      told.add(use.instruction);
      report('late', {
        at: word.span,
        data: {
          path: shorten(word.value, 60),
          line: locate(document.source, by.span.start).line,
          ...howBrought(by, kind),
        },
        related: [{ at: by.keywordSpan, message: 'brings it into a layer of its own' }],
      });
    }
  },
});

/** ADD of an address is a download, and a bind mount cannot do that. */
function howBrought({ keyword, argumentsText }: Instruction, kind: Data['kind']): Pick<Data, 'kind' | 'keyword'> {
  return { kind: keyword === 'ADD' && argumentsText.includes('://') ? 'download' : kind, keyword };
}
