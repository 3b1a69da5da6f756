import type { CopyInstruction } from '../../dockerfile/ast.js';
import { isAbsoluteToHadolint } from '../../facts/hadolint.js';
import type { CopyFacts, Facts, StageFacts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, semantics } from '../define-rule.js';

/** Without a WORKDIR a relative destination is the root of the file system. */
export default defineRule({
  id: 'instruction/require-workdir',
  summary: 'Set a WORKDIR before copying to a relative path',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3045'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    root: ({ keyword }: { keyword: string }) => ({
      message: `no WORKDIR is set, so this ${keyword} puts its files straight into \`/\`, among those of the system`,
      help: 'write WORKDIR /app above it, or an absolute path here',
    }),
    relative: ({ path }: { path: string }) => ({
      message: `no WORKDIR is set above it, so where \`${path}\` lands is up to the base image`,
      help: 'write WORKDIR /app above it, or an absolute path here',
    }),
    below: ({ lands }: { lands: string }) => ({
      message: `no WORKDIR is set: this means \`${lands}\` only as long as the base image works in \`/\``,
      help: `write WORKDIR /app above it, or ${lands} here`,
    }),
  },
  check({ facts, options, report }) {
    if (options.semantics === 'hadolint') {
      for (const { destination } of withoutWorkdir(facts)) {
        if (destination && !isAbsoluteToHadolint(destination.text))
          report('relative', { at: destination.span, data: { path: shorten(destination.text, 60) } });
      }
      return;
    }
    const reported = new Set<StageFacts>();
    for (const stage of facts.stages) {
      // The same WORKDIR is missing in all stages that are built on one.
      if (stage.parent && reported.has(stage.parent)) {
        reported.add(stage);
        continue;
      }
      const copy = stage.copies.find((one) => landsInRoot(one, facts));
      const at = copy?.instruction.destination;
      if (!copy || !at) continue;
      reported.add(stage);
      const lands = copy.destination ?? '/';
      const severity = stage.isShipped ? 'warning' : 'info';
      if (lands === '/') report('root', { at: at.span, data: { keyword: copy.instruction.keyword }, severity });
      else report('below', { at: at.span, data: { lands: shorten(lands, 60) }, severity });
    }
  },
});

function landsInRoot({ instruction, origin, stage }: CopyFacts, facts: Facts): boolean {
  // In an empty image nothing is in the way, and nothing will move.
  if (origin !== 'context' || !instruction.destination || stage.image.scratch) return false;
  if (stage.image.workdir !== '/' || facts.stateAt(instruction).workdir !== null) return false;
  const expanded = facts.expand(instruction.destination, instruction);
  const path = expanded.ok ? expanded.value : null;
  return path !== null && path !== '' && !/^(?:[/\\]|[A-Za-z]:)/.test(path);
}

/** COPY of stages for which neither they nor the stages that they are built on set a WORKDIR, whatever the image does. */
function withoutWorkdir(facts: Facts): readonly CopyInstruction[] {
  const placed = new Set<number>();
  return facts.instructions('FROM', 'WORKDIR', 'COPY').flatMap((instruction) => {
    const { keyword, stage } = instruction;
    if (keyword === 'COPY') return placed.has(stage) ? [] : [instruction];
    if (keyword === 'WORKDIR' || placed.has(facts.stageOf(instruction)?.parent?.index ?? -1)) placed.add(stage);
    return [];
  });
}
