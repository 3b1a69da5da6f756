import type { Instruction } from '../../dockerfile/ast.js';
import { isPickedTarget } from '../../facts/compose-targets.js';
import type { StageFacts } from '../../facts/types.js';
import { defineRule, removeLines } from '../define-rule.js';

/** COPY --from takes files along, and nothing of the configuration beside them. */
export default defineRule({
  id: 'runtime/unshipped-metadata',
  summary: 'Write what the container needs in the stage that is shipped',
  category: 'runtime',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    lost: ({ keyword, target }: { keyword: string; target: string }) => ({
      message: `this ${keyword} is not in the image: ${target} only copies files from this stage`,
      help: 'remove it, or write it in the last stage if the container needs it',
    }),
  },
  check({ document, facts, report }) {
    if (facts.stages.length < 2) return;
    const parents = new Set(facts.stages.map(({ parent }) => parent));
    for (const stage of facts.stages) {
      if (stage.role !== 'build' || stage.isShipped || stage.isDevelopment || parents.has(stage)) continue;
      if (stage.name !== null && isPickedTarget(stage.name, facts)) continue;
      for (const instruction of stage.stage.instructions) {
        if (!isForContainers(instruction)) continue;
        report('lost', {
          at: instruction.keywordSpan,
          data: { keyword: instruction.keyword, target: nameOf(facts.target) },
          fix: { title: `Remove the ${instruction.keyword}`, edits: [removeLines(document.source, instruction.span)] },
        });
      }
    }
  },
});

/** LABEL may be what people find and prune their build stages by. */
function isForContainers({ keyword }: Instruction): boolean {
  switch (keyword) {
    case 'CMD':
    case 'ENTRYPOINT':
    case 'EXPOSE':
    case 'HEALTHCHECK':
    case 'STOPSIGNAL':
    case 'VOLUME':
      return true;
    default:
      return false;
  }
}

function nameOf(target: StageFacts | null): string {
  return target?.name ? `\`${target.name}\`` : 'the last stage';
}
