import { modeChanges } from '../../facts/file-modes.js';
import { defineRule } from '../define-rule.js';

/** A program that runs as its owner is a way for any process of the container to become that owner. */
export default defineRule({
  id: 'user/no-setuid',
  summary: 'Do not make programs run as their owner',
  category: 'security',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  messages: {
    owner: ({ path }: { path: string }) => ({
      message: `whoever starts \`${path}\` runs it as its owner, which is a way to become root where that is root`,
      help: 'start the container as the user that needs it, or give the program the one capability that it needs with setcap',
    }),
  },
  check({ facts, report }) {
    for (const { use, mode, word, files } of modeChanges(facts)) {
      const [first] = files;
      if (!mode.setUser || !first || use.stage?.isShipped !== true) continue;
      report('owner', { at: word.span, data: { path: first.value } });
    }
  },
});
