import { type DevServer, devServerOf } from '../../facts/dev-server.js';
import { isForDevelopment } from '../../facts/development-use.js';
import { isCertain, whereStarted } from '../../facts/started-command.js';
import { defineRule } from '../define-rule.js';

/** What watches files and compiles on demand has no place where nobody edits them. */
export default defineRule({
  id: 'node/no-dev-server',
  summary: 'Ship no server that is made for development',
  category: 'runtime',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    serves: ({ text, instead }: DevServer) => ({
      message: `\`${text}\` is a server for development: what it serves is not optimised, it takes more memory, and it shows source code and errors in full`,
      help: instead,
    }),
    watches: ({ text, instead }: DevServer) => ({
      message: `\`${text}\` waits for files to change when the app has crashed: the container stays up without it, and nothing restarts it`,
      help: instead,
    }),
  },
  check({ facts, report }) {
    const { start } = facts.node;
    if (!start) return;
    for (const command of start.commands) {
      const server = isCertain(command) ? devServerOf(command) : null;
      if (!server || isForDevelopment(facts)) continue;
      report(server.watches ? 'watches' : 'serves', { ...whereStarted(start, command), data: server });
      return;
    }
  },
});
