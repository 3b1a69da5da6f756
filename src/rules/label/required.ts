import type { Instruction } from '../../dockerfile/ast.js';
import { labelsOf } from '../../facts/labels.js';
import type { StageFacts } from '../../facts/types.js';
import { defineRule, list, semantics } from '../define-rule.js';

/** A label that others count on is missed only when they look for it. */
export default defineRule({
  id: 'label/required',
  summary: 'Set the labels that every image must have',
  category: 'correctness',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3049'],
  like: { hadolint: { severity: 'info', options: { semantics: 'hadolint' } } },
  options: {
    labels: list({ describe: 'Labels that every image must have' }),
    semantics: semantics('hadolint'),
  },
  messages: {
    missing: ({ label }: { label: string }) => ({
      message: `the image has no label \`${label}\`, which it must have`,
      help: `add \`LABEL ${label}="..."\` to this stage`,
    }),
  },
  check({ facts, options, report }) {
    if (options.labels.length === 0) return;
    const all = labelsOf(facts);
    // What a name with a variable comes to may be any of them.
    if (all.some(({ key }) => key === null)) return;
    const holders = new Map(
      options.labels.map((name) => [
        name,
        new Set<Instruction>(all.filter(({ key }) => key === name).map(({ instruction }) => instruction)),
      ]),
    );
    const isLike = options.semantics === 'hadolint';
    const stages = isLike ? facts.stages : facts.target ? [facts.target] : [];
    for (const [label, set] of holders) {
      const isSet = (stage: StageFacts) => stage.history.some((instruction) => set.has(instruction));
      for (const stage of stages) {
        if (isSet(stage) || (isLike && isExcused(stage, facts.stages, isSet))) continue;
        const { image, keywordSpan } = stage.stage.from;
        report('missing', { at: image?.span ?? keywordSpan, data: { label } });
      }
    }
  },
});

/** hadolint asks it of every stage but those that others copy from, or build on to set the label themselves. */
function isExcused(stage: StageFacts, all: readonly StageFacts[], isSet: (stage: StageFacts) => boolean): boolean {
  return all.some((other) => other.copiesFrom.includes(stage) || (other.parent === stage && isSet(other)));
}
