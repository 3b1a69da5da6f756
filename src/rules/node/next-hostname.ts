import { mayBeSetByCompose } from '../../facts/compose-environment.js';
import { probedPorts } from '../../facts/healthcheck-ports.js';
import { lineAbove } from '../../facts/insert-line.js';
import { serverOf } from '../../facts/known-servers.js';
import { listensEverywhere } from '../../facts/next-standalone.js';
import type { NodeStart } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

/** Docker sets HOSTNAME to the id of the container, and the standalone server takes it for the address to bind. */
export default defineRule({
  id: 'node/next-hostname',
  summary: 'Set HOSTNAME=0.0.0.0 for the standalone server of Next.js',
  category: 'runtime',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    unset: () => ({
      message:
        'server.js of Next.js listens on the address in HOSTNAME, which Docker sets to the id of the container: localhost inside it does not answer',
      help: 'add `ENV HOSTNAME=0.0.0.0`',
    }),
    unhealthy: () => ({
      message:
        'HEALTHCHECK asks localhost, but server.js of Next.js listens on the address in HOSTNAME alone, which Docker sets to the id of the container',
      help: 'add `ENV HOSTNAME=0.0.0.0`',
    }),
  },
  check({ document, facts, report }) {
    const { target } = facts;
    const { start } = facts.node;
    if (!start || !target?.image.known || target.isDevelopment) return;
    const server = serverOf(start, target);
    if (
      server?.hostVariables[0] !== 'HOSTNAME' ||
      isSet(start) ||
      target.final.env.get('HOSTNAME') ||
      listensEverywhere(start.project)
    )
      return;
    if (mayBeSetByCompose('HOSTNAME', facts) || document.source.text.includes('HOSTNAME')) return;
    const { instruction } = start.use;
    const [probed] = probedPorts(facts);
    const fix =
      instruction.stage === target.index
        ? { title: 'Set HOSTNAME=0.0.0.0', edits: [lineAbove(instruction, 'ENV HOSTNAME=0.0.0.0', document.source)] }
        : null;
    if (probed) report('unhealthy', { at: probed.span, fix, severity: 'warning' });
    else report('unset', { at: instruction.keywordSpan, fix });
  },
});

/** `HOSTNAME=0.0.0.0 node server.js`; a script that starts it may do more. */
function isSet({ use, command }: NodeStart): boolean {
  return (
    [...use.command.assignments, ...command.assignments].some(({ name }) => name === 'HOSTNAME') ||
    (use.script?.assigned.has('HOSTNAME') ?? false)
  );
}
