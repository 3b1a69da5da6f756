import { mayBeSetByCompose } from '../../facts/compose-environment.js';
import { exposedPorts } from '../../facts/exposed-ports.js';
import { probedPorts } from '../../facts/healthcheck-ports.js';
import { defineRule } from '../define-rule.js';

/** A check that asks where nobody listens fails for ever, and with it all that waits for a healthy container. */
export default defineRule({
  id: 'runtime/healthcheck-port',
  summary: 'Let HEALTHCHECK ask the port that the server listens on',
  category: 'runtime',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    other: ({ asked, port, source }: Data) => ({
      message: `HEALTHCHECK asks port ${asked}, but ${source} listens on ${port}: the container is never healthy`,
      help: `ask port ${port}`,
    }),
    unless: ({ asked, port, source, variable }: Data) => ({
      message: `HEALTHCHECK asks port ${asked}, but ${source} listens on ${port} unless ${variable} is set when the container starts`,
      help: `ask port $${variable}, and set it with ENV`,
    }),
  },
  check({ facts, report }) {
    const { target, ports, context } = facts;
    if (!target?.healthcheck || target.isDevelopment || ports.length === 0) return;
    const probed = probedPorts(facts);
    const [first] = probed;
    if (!first || probed.some(({ port }) => ports.some((one) => one.port === port))) return;
    const { written, image, known } = exposedPorts(facts);
    const exposed = written.flatMap((one) => one.ports);
    // A port that EXPOSE names may be that of something else in the image; then EXPOSE is what is looked at.
    if (!known || probed.some(({ port }) => exposed.includes(port) || image?.includes(port))) return;
    if (ports.some(({ variable }) => mayBeSetByCompose(variable, facts))) return;
    if (context?.services.some((one) => one.overridesCommand)) return;
    const variable = ports.find((one) => one.variable !== null)?.variable ?? null;
    report(variable === null ? 'other' : 'unless', {
      at: first.span,
      data: {
        asked: first.port,
        port: [...new Set(ports.map(({ port }) => port))].join(' and '),
        source: ports[0]?.source ?? '',
        variable: variable ?? '',
      },
      related: ports.map(({ place, port }) => ({ at: place, message: `listens on ${port}` })),
      ...(variable === null ? {} : { severity: 'info' as const }),
    });
  },
});

interface Data {
  readonly asked: number;
  readonly port: string;
  readonly source: string;
  /** The variable that may change the port; empty: none. */
  readonly variable: string;
}
