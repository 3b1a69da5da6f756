import type { Instruction, RunInstruction } from '../../dockerfile/ast.js';
import { hadolintCommandCount } from '../../facts/hadolint.js';
import type { Facts } from '../../facts/types.js';
import { defineRule, semantics } from '../define-rule.js';

/** Each RUN is a layer; of several short ones only the sum is ever used. */
export default defineRule({
  id: 'instruction/no-consecutive-run',
  summary: 'Join RUN instructions that follow one another',
  category: 'style',
  severity: 'info',
  presets: [],
  since: '0.2.0',
  aliases: ['DL3059'],
  like: { hadolint: { severity: 'info', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    consecutive: () => ({
      message:
        'this RUN and the one above are a layer each, and what the first leaves behind the second cannot take out',
      help: 'join them with `&&`, or write both as lines of one heredoc',
    }),
  },
  check({ facts, options, report }) {
    const isBlunt = options.semantics === 'hadolint';
    let previous: Instruction | null = null;
    for (const instruction of facts.document.instructions) {
      const before: Instruction | null = previous;
      previous = instruction;
      if (instruction.keyword !== 'RUN' || before?.keyword !== 'RUN') continue;
      if (
        !haveSameFlags(before, instruction) ||
        !isSingle(before, facts, isBlunt) ||
        !isSingle(instruction, facts, isBlunt)
      )
        continue;
      if (!isBlunt && (isApart(before, facts) || isApart(instruction, facts) || instruction.leadingComments.length > 0))
        continue;
      report('consecutive', {
        at: instruction.keywordSpan,
        related: [{ at: before.keywordSpan, message: 'could do both' }],
      });
    }
  },
});

function haveSameFlags(a: RunInstruction, b: RunInstruction): boolean {
  const written = ({ flags }: RunInstruction) =>
    flags.map(({ name, value }) => `${name}=${value?.text ?? ''}`).join(' ');
  return written(a) === written(b);
}

function isSingle(run: RunInstruction, facts: Facts, isBlunt: boolean): boolean {
  return (isBlunt ? hadolintCommandCount(run, facts) : facts.commandsOf(run).length) <= 1;
}

/** A layer of its own is of use: in a stage that only serves the build it keeps the cache, and a mount is for one task. */
function isApart(run: RunInstruction, facts: Facts): boolean {
  return (
    facts.commandsOf(run).length === 0 ||
    !facts.stageOf(run)?.isShipped ||
    run.mounts.length > 0 ||
    run.heredocs.length > 0 ||
    run.command.form === 'exec'
  );
}
