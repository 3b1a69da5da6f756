import type { LateInstall } from '../../facts/system-install.js';
import { lateInstalls } from '../../facts/system-install.js';
import type { Facts } from '../../facts/types.js';
import { defineRule, type FixInput, insertBefore, removeLines } from '../define-rule.js';

/** Packages of the system change rarely, and the source with every commit: in this order the first are installed each time. */
export default defineRule({
  id: 'cache/packages-before-source',
  summary: 'Install system packages before the source is copied',
  category: 'cache',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    late: ({ install }: { install: string }) => ({
      message: `every source edit makes \`${install}\` run again, which needs nothing of the source`,
      help: 'move this RUN above the COPY',
      label: 'stands below the source',
    }),
  },
  check({ facts, report }) {
    if (facts.commands('apt-get', 'apt', 'apk', 'dnf', 'yum', 'microdnf', 'zypper').length === 0) return;
    for (const late of lateInstalls(facts)) {
      const { name, subcommand, subcommandWord, span } = late.use.command;
      report('late', {
        at: subcommandWord?.span ?? span,
        data: { install: subcommand ? `${name} ${subcommand}` : name },
        related: [{ at: late.word.span, message: 'changes with every edit' }],
        fix: fixOf(late, facts),
      });
    }
  },
});

function fixOf({ copy, use, movable }: LateInstall, { document: { source } }: Facts): FixInput | null {
  const { instruction: run } = use;
  if (!movable) return null;
  const start = run.leadingComments[0]?.span.start ?? run.span.start;
  const first = copy.instruction.leadingComments[0] ?? copy.instruction;
  const moved = source.text.slice(start, run.span.end);
  return {
    title: 'Move it above the COPY',
    edits: [insertBefore(first, `${moved}${source.eol}`), removeLines(source, { start, end: run.span.end })],
  };
}
