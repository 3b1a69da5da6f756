import { defineRule } from '../define-rule.js';

/** BuildKit has a meaning of its own for two names. */
export default defineRule({
  id: 'instruction/reserved-stage-name',
  summary: 'Call no stage scratch or context',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3063', 'ReservedStageName'],
  like: { hadolint: { severity: 'warning' }, buildkit: { severity: 'warning' } },
  messages: {
    scratch: () => ({
      message:
        '`scratch` is the empty image to BuildKit: no one can tell whether `scratch` below means that or this stage',
      help: 'give the stage another name',
    }),
    context: () => ({
      message:
        '`context` is the build context to BuildKit: no one can tell whether `--from=context` means that or this stage',
      help: 'give the stage another name',
    }),
  },
  check({ document, report }) {
    for (const { name, from } of document.stages) {
      if ((name === 'scratch' || name === 'context') && from.name) report(name, { at: from.name.span });
    }
  },
});
