import { mayBeSetByCompose } from '../../facts/compose-environment.js';
import { type ExposedPort, exposedPorts } from '../../facts/exposed-ports.js';
import { probedPorts } from '../../facts/healthcheck-ports.js';
import type { Facts } from '../../facts/types.js';
import type { At } from '../define-rule.js';
import { defineRule, replace } from '../define-rule.js';

/** What EXPOSE names and what the server listens on are two ports: who publishes the first reaches nobody. */
export default defineRule({
  id: 'runtime/expose-mismatch',
  summary: 'Expose the port that the server listens on',
  category: 'runtime',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'suggestion',
  messages: {
    seen: ({ exposed, port, source }: Data) => ({
      message: `${source} listens on ${port}, but EXPOSE names ${exposed}: publishing that reaches nothing`,
      help: `write EXPOSE ${port}, or let the server listen on ${exposed}`,
    }),
    variable: ({ exposed, port, source, name }: Data) => ({
      message: `${source} listens on ${port} unless ${name} is set when the container starts, but EXPOSE names ${exposed}`,
      help: `write EXPOSE ${port}, or set ENV ${name}=${exposed}`,
    }),
    told: ({ exposed, port, source }: Data) => ({
      message: `${source} ${port}, but EXPOSE names ${exposed}: one of the two may be wrong`,
      help: `write EXPOSE ${port} if that is where the server listens`,
    }),
  },
  check({ facts, report }) {
    const { target } = facts;
    if (!target || target.isDevelopment) return;
    const { written, image, known } = exposedPorts(facts);
    const tcp = written.filter((one) => one.ports.length > 0);
    const last = tcp.at(-1);
    if (!known || !last || (image?.length ?? 0) > 0) return;
    const evidence = evidenceOf(facts, tcp.length === 1);
    const [first] = evidence;
    if (!first || evidence.some(({ port }) => tcp.some(({ ports }) => ports.includes(port)))) return;
    const exposed = tcp
      .flatMap(({ ports }) => (ports.length > 1 ? [`${ports[0]}-${ports.at(-1)}`] : ports.map(String)))
      .join(', ');
    // What compose gives the container may well be the port that EXPOSE names.
    if (mayBeSetByCompose(first.variable, facts) || facts.context?.services.some((one) => one.overridesCommand)) return;
    const data: Data = { exposed, port: String(first.port), source: first.source, name: first.variable ?? '' };
    const sure = evidence.length === 1 && tcp.length === 1 && first.certain && first.variable === null;
    report(first.certain ? (first.variable === null ? 'seen' : 'variable') : 'told', {
      at: (tcp[0] ?? last).word.span,
      data,
      related: evidence.map(({ at, label }) => ({ at, message: label })),
      fix: sure ? fixOf(last, first.port) : null,
      ...(first.certain && first.variable === null ? {} : { severity: 'info' as const }),
    });
  },
});

interface Data {
  readonly exposed: string;
  readonly port: string;
  readonly source: string;
  /** The variable that may change the port; empty: none. */
  readonly name: string;
}

interface Evidence {
  readonly port: number;
  readonly source: string;
  readonly at: At;
  readonly label: string;
  readonly variable: string | null;
  readonly certain: boolean;
}

/** What shows the port, the surest first: the server itself; else what asks it or tells it. */
function evidenceOf(facts: Facts, isOne: boolean): readonly Evidence[] {
  if (facts.ports.length > 0) {
    return facts.ports.map(({ port, source, place, variable }) => ({
      port,
      source,
      at: place,
      label: `listens on ${port}`,
      variable,
      certain: true,
    }));
  }
  const probed = probedPorts(facts).map(({ port, span }) => ({
    port,
    source: 'HEALTHCHECK uses port',
    at: span,
    label: 'uses another port',
    variable: null,
    certain: false,
  }));
  return probed.length > 0 || !isOne ? probed : environmentPort(facts);
}

/** `ENV PORT=8080` of the shipped image, which a server that is seen to start is told to listen on. */
function environmentPort(facts: Facts): readonly Evidence[] {
  const setting = facts.target?.final.env.get('PORT');
  if (setting?.by?.keyword !== 'ENV' || !/^\d{1,5}$/.test(setting.value ?? '')) return [];
  const pair = setting.by.pairs.findLast(({ key }) => key.text === 'PORT');
  const at = pair?.value?.span;
  if (!at) return [];
  const port = Number(setting.value);
  return [
    { port, source: 'ENV PORT is', at, label: 'the port that the server is told', variable: null, certain: false },
  ];
}

function fixOf({ word }: ExposedPort, port: number) {
  const digits = /^\d+(\/tcp)?$/i.exec(word.text);
  if (!digits) return null;
  return { title: `Expose ${port}`, edits: [replace(word, `${port}${digits[1] ?? ''}`)] };
}
