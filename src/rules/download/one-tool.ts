import type { Instruction } from '../../dockerfile/ast.js';
import { hadolintCommands } from '../../facts/hadolint.js';
import type { CommandUse, StageFacts } from '../../facts/types.js';
import { defineRule, semantics } from '../define-rule.js';

/** Two tools for one task are two packages with their own libraries. */
export default defineRule({
  id: 'download/one-tool',
  summary: 'Download with either curl or wget',
  category: 'size',
  severity: 'info',
  presets: [],
  since: '0.2.0',
  aliases: ['DL4001'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    both: ({ name, other }: { name: string; other: string }) => ({
      message: `this stage downloads with \`${other}\` already: with \`${name}\` it needs a second package for the same task`,
      help: `use \`${other}\` here too`,
    }),
  },
  check({ facts, options, report }) {
    const isBlunt = options.semantics === 'hadolint';
    const uses = isBlunt ? hadolintCommands(facts, 'curl', 'wget') : facts.commands('curl', 'wget');
    const stages = new Map<StageFacts | null, Map<string, CommandUse>>();
    const reported = new Set<Instruction | StageFacts | null>();
    for (const use of uses) {
      const { command, instruction, stage } = use;
      if (!isBlunt && !stage?.isShipped) continue;
      const first = stages.get(stage) ?? new Map<string, CommandUse>();
      stages.set(stage, first);
      if (!first.has(command.name)) first.set(command.name, use);
      const before = first.get(command.name === 'curl' ? 'wget' : 'curl');
      // One finding a stage says it; hadolint has one for each RUN from there on.
      const key = isBlunt ? instruction : stage;
      if (!before || !command.nameWord || reported.has(key)) continue;
      reported.add(key);
      report('both', {
        at: command.nameWord.span,
        data: { name: command.name, other: before.command.name },
        related: [{ at: (before.command.nameWord ?? before.command).span, message: 'downloads too' }],
      });
    }
  },
});
