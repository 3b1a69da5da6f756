import { type AptListUse, aptListUses, removesLists } from '../../facts/apt.js';
import type { CommandUse } from '../../facts/types.js';
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
    const stale = new Map<CommandUse, Span[]>();
    for (const stage of facts.stages) {
      let before: CommandUse | undefined;
      for (const use of aptListUses(stage, facts)) {
        const install = firstWithoutUpdate(use);
        if (before && install) {
          const places = stale.get(before) ?? [];
          const { span } = install.command.subcommandWord ?? install.command;
          if (!places.some((place) => place.start === span.start)) stale.set(before, [...places, span]);
        }
        if (use.updates.length > 0) before = keptUpdate(use);
      }
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
