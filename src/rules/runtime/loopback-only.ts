import { mayBeSetByCompose } from '../../facts/compose-environment.js';
import { exposedPorts } from '../../facts/exposed-ports.js';
import { probedPorts } from '../../facts/healthcheck-ports.js';
import { mayBeForwarded } from '../../facts/reachability.js';
import type { Facts, LocalHost, SeenPort, StageFacts } from '../../facts/types.js';
import { type At, defineRule, type FixInput, replace } from '../define-rule.js';

/** Each container has a loopback of its own: what listens there alone is reached from no other place, published or not. */
export default defineRule({
  id: 'runtime/loopback-only',
  summary: 'Let a server listen on all addresses of its container',
  category: 'runtime',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    bound: ({ source, host, port, remedy }: Data) => ({
      message: `${source} listens on ${host} alone: nothing outside the container reaches port ${port}, published or not`,
      help: remedy === null ? 'let it listen on 0.0.0.0' : `let it listen on all addresses with ${remedy}`,
    }),
    unless: ({ source, host, port, variable, remedy }: Data) => ({
      message: `${source} listens on ${host} alone unless ${variable} is set when the container starts: port ${port} cannot be reached from outside`,
      help: remedy?.startsWith('-') ? `add ${remedy}` : `set ENV ${variable}=0.0.0.0`,
    }),
  },
  check({ document, facts, report }) {
    const { target, ports } = facts;
    const { start } = facts.node;
    const [first] = ports;
    const local = first?.local;
    if (!start || !target || target.isDevelopment || !first || !local) return;
    if (
      ports.some((one) => !one.local || one.local.isConditional) ||
      mayBeSetByCompose(local.variable ?? local.setBy, facts)
    )
      return;
    const kind = severityOf(first, local, target, facts);
    if (kind === null || mayBeForwarded(facts, start.use)) return;
    const { instruction, command } = start.use;
    const written = local.place?.file === document.source ? local.place.span : null;
    const related: { at: At; message: string }[] = [];
    if (written === null) related.push({ at: local.place ?? first.place, message: `listens on ${local.host}` });
    report(local.variable === null ? 'bound' : 'unless', {
      at: written ?? command.nameWord?.span ?? instruction.keywordSpan,
      data: {
        source: first.source,
        host: local.host,
        port: first.port,
        variable: local.variable ?? '',
        remedy: written === null && local.remedy !== null ? remedyText(local.remedy) : null,
      },
      related: related.filter(({ at }) => 'file' in at && at.file !== document.source),
      fix: written === null ? null : fixOf(written, local, document.source.text),
      severity: kind,
    });
  },
});

interface Data {
  readonly source: string;
  readonly host: string;
  readonly port: number;
  readonly remedy: string | null;
  readonly variable: string;
}

/** Null where another port is meant for other machines. */
function severityOf(
  { port }: SeenPort,
  local: LocalHost,
  target: StageFacts,
  facts: Facts,
): 'error' | 'warning' | 'info' | null {
  const { written, image, known } = exposedPorts(facts);
  const exposed = written.flatMap((one) => one.ports);
  const published = facts.context?.services.flatMap((service) => service.ports) ?? [];
  const isOpen = exposed.includes(port) || published.includes(port);
  if (!isOpen && (!known || exposed.length > 0 || published.length > 0)) return null;
  // What only the container's own health check asks is meant for nobody else.
  if (!isOpen) return local.variable === null && !probedPorts(facts).some((one) => one.port === port) ? 'info' : null;
  const isAlone = !target.entrypoint || facts.node.start?.use.instruction === target.entrypoint;
  return local.variable === null && local.setBy === null && !local.isDoubtful && isAlone && image !== null
    ? 'error'
    : 'warning';
}

function remedyText(remedy: string): string {
  return remedy.startsWith('-') ? `${remedy} 0.0.0.0` : `ENV ${remedy}=0.0.0.0`;
}

function fixOf(span: { start: number; end: number }, { host }: LocalHost, source: string): FixInput | null {
  const text = source.slice(span.start, span.end);
  const at = text.lastIndexOf(host);
  if (at < 0) return null;
  const start = span.start + at;
  return { title: 'Listen on 0.0.0.0', edits: [replace({ span: { start, end: start + host.length } }, '0.0.0.0')] };
}
