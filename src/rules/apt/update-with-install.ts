import { listsUsedLater } from '../../facts/stale-lists.js';
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
    for (const [{ command }, places] of listsUsedLater(facts)) {
      if (places.length === 0) continue;
      const related = places.slice(0, 3).map((at) => ({ at, message: 'installs from the list of an earlier layer' }));
      report('stale', { at: (command.subcommandWord ?? command).span, data: { tool: command.name }, related });
    }
  },
});
