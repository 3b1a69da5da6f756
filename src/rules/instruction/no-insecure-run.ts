import { defineRule } from '../define-rule.js';

/** Both need an entitlement, without which the build fails, and give the commands of one RUN what no container has. */
export default defineRule({
  id: 'instruction/no-insecure-run',
  summary: 'Run build steps in the sandbox',
  category: 'security',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    insecure: (_: object) => ({
      message:
        'this RUN has every right on the machine that builds, and fails where `--allow security.insecure` is not given',
      help: 'leave the flag out; what a build truly needs is often a mount or a single device',
    }),
    host: (_: object) => ({
      message:
        'this RUN reaches every port of the machine that builds, and fails where `--allow network.host` is not given',
      help: 'leave the flag out: a RUN reaches the internet without it',
    }),
  },
  check({ facts, report }) {
    for (const { flags } of facts.instructions('RUN')) {
      for (const { name, value, span } of flags) {
        if (name === 'security' && value?.text === 'insecure') report('insecure', { at: span, data: {} });
        if (name === 'network' && value?.text === 'host') report('host', { at: span, data: {}, severity: 'info' });
      }
    }
  },
});
