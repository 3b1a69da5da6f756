import { exposedPorts } from '../../facts/exposed-ports.js';
import { lineAbove } from '../../facts/insert-line.js';
import type { SeenPort } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

/** A server's port that EXPOSE does not name is unknown to `docker run -P`, to proxies and to whoever reads the file. */
export default defineRule({
  id: 'runtime/expose-missing',
  summary: 'Name the port that the server listens on with EXPOSE',
  category: 'runtime',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'suggestion',
  messages: {
    missing: ({ port, and, source }: { port: string; and: string; source: string }) => ({
      message: `${source} listens on ${and}, but no EXPOSE says so: \`docker run -P\` publishes nothing, and proxies do not find it`,
      help: `add EXPOSE ${port} before the command`,
    }),
  },
  check({ document, facts, report }) {
    const { target, ports } = facts;
    const { start } = facts.node;
    if (!target || !start || target.isDevelopment || ports.length === 0 || ports.some((port) => port.loopback)) return;
    const { written, image } = exposedPorts(facts);
    if (target.exposes.length > 0 || written.length > 0 || image === null || image.length > 0) return;
    const [first] = ports;
    if (!first) return;
    const listed = [...new Set(ports.map(({ port }) => port))].join(' ');
    const { instruction } = start.use;
    report('missing', {
      at: instruction.keywordSpan,
      data: { port: listed, and: listed.replaceAll(' ', ' and '), source: first.source },
      related: ports.filter((port) => port.place.file !== document.source).map(related),
      fix:
        instruction.stage === target.index
          ? { title: `Add EXPOSE ${listed}`, edits: [lineAbove(instruction, `EXPOSE ${listed}`, document.source)] }
          : null,
    });
  },
});

function related({ place, port }: SeenPort) {
  return { at: place, message: `listens on ${port}` };
}
