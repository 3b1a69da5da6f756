import { stageReferences } from '../../facts/stage-references.js';
import { defineRule } from '../define-rule.js';

/** A stage cannot wait for its own end. */
export default defineRule({
  id: 'instruction/no-copy-from-self',
  summary: 'Copy from another stage than the own one',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3023'],
  like: { hadolint: { severity: 'error' } },
  messages: {
    self: ({ keyword }: { keyword: 'COPY' | 'RUN' }) => ({
      message: 'this is the stage itself, which is not built before this instruction: the build stops here',
      help:
        keyword === 'COPY'
          ? 'name the stage that has the files; within one stage `RUN cp` copies'
          : 'name the stage that has the files; those of the own stage need no mount',
    }),
  },
  check({ facts, report }) {
    for (const { instruction, span, stage, namedContext } of stageReferences(facts)) {
      if (!stage || namedContext || stage.index !== instruction.stage) continue;
      report('self', {
        at: span,
        data: { keyword: instruction.keyword },
        related: [
          { at: stage.stage.from.name?.span ?? stage.stage.from.keywordSpan, message: 'the stage that it stands in' },
        ],
      });
    }
  },
});
