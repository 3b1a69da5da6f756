import { type AptListUse, aptListUse, removesLists } from '../../facts/apt.js';
import type { CommandUse, StageFacts } from '../../facts/types.js';
import type { Span } from '../../model/span.js';
import { defineRule } from '../define-rule.js';

/** The build cache keeps a RUN for as long as its text is the same, and the lists that it fetched with it. */
export default defineRule({
  id: 'apt/update-with-install',
  summary: 'Run apt-get update in the RUN that installs',
  category: 'cache',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  messages: {
    stale: ({ tool }: { tool: string }) => ({
      message:
        'a later RUN installs from these package lists, which the build cache keeps: once outdated, packages are not found',
      help: `write \`${tool} update && ${tool} install ...\` in the RUN that installs`,
    }),
  },
  check({ facts, report }) {
    if (facts.commands('apt-get', 'apt', 'aptitude').length === 0) return;
    const stale = new Map<CommandUse, Span[]>();
    const kept = new Map<StageFacts, CommandUse | undefined>();
    for (const one of facts.stages) {
      let before = one.parent ? kept.get(one.parent) : undefined;
      for (const instruction of one.stage.instructions) {
        const use = aptListUse(instruction, facts);
        if (!use) continue;
        const install = firstWithoutUpdate(use);
        if (before && install) {
          const places = stale.get(before) ?? [];
          places.push((install.command.subcommandWord ?? install.command).span);
          stale.set(before, places);
        }
        if (use.updates.length > 0) before = keptUpdate(use);
      }
      kept.set(one, before);
    }
    for (const [{ command }, places] of stale) {
      const related = places.slice(0, 3).map((at) => ({ at, message: 'installs from the list of an earlier layer' }));
      report('stale', { at: (command.subcommandWord ?? command).span, data: { tool: command.name }, related });
    }
  },
});

/** An install that stands before every update of its RUN, and behind nothing that may update unseen. */
function firstWithoutUpdate({ installs, updates, opaque }: AptListUse): CommandUse | undefined {
  const [install] = installs;
  const first = Math.min(updates[0]?.command.span.start ?? Number.POSITIVE_INFINITY, opaque);
  return install && install.command.span.start < first ? install : undefined;
}

/** The last update whose lists a later RUN finds; where they are removed, something else must bring new ones. */
function keptUpdate({ updates }: AptListUse): CommandUse | undefined {
  const update = updates.at(-1);
  return update?.script && !removesLists({ script: update.script }, update.command.span.end) ? update : undefined;
}
