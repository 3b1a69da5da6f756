import { isForDevelopment } from '../../facts/development-use.js';
import { exposedPorts } from '../../facts/exposed-ports.js';
import { findInspector } from '../../facts/inspector.js';
import { DEVELOPMENT_SCRIPT } from '../../facts/node-start.js';
import type { Facts } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

const INSPECTOR_PORT = 9229;

/** Who reaches the inspector runs any code in the app: it asks nobody for a password. */
export default defineRule({
  id: 'node/no-inspector',
  summary: 'Ship no image that starts the inspector of node',
  category: 'security',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    open: ({ flag }: Data) => ({
      message: `\`${flag}\` opens the debugger of node to other machines: whoever reaches its port runs code in the app, without a password`,
      help: 'leave it out of the image; in compose or on the command line, give it to one container with NODE_OPTIONS',
    }),
    waits: ({ flag }: Data) => ({
      message: `\`${flag}\` makes node wait for a debugger, so the container does nothing until one connects`,
      help: 'leave it out of the image, and give it to one container with NODE_OPTIONS where it is needed',
    }),
    local: ({ flag }: Data) => ({
      message: `\`${flag}\` starts the debugger of node in every container, where any process in it may run code in the app`,
      help: 'leave it out of the image, and give it to one container with NODE_OPTIONS where it is needed',
    }),
    exposed: ({ isOpen }: { isOpen: boolean }) => ({
      message: `EXPOSE names ${INSPECTOR_PORT}, the port of node's debugger: \`docker run -P\` publishes it, and whoever reaches ${isOpen ? 'it' : 'a debugger there'} runs code in the app`,
      help: 'leave it out, and publish the port of the one container that is debugged',
    }),
  },
  check({ facts, report }) {
    const { start } = facts.node;
    const { target } = facts;
    if (!start || !target || (start.script && DEVELOPMENT_SCRIPT.test(start.script.name))) return;
    const found = findInspector(start, target);
    const exposed = exposedInspector(facts);
    if ((!found && !exposed) || isForDevelopment(facts)) return;
    if (found) {
      const { at, related, flag } = found;
      const message = found.waits ? 'waits' : found.bound;
      report(message, { at, related, data: { flag }, ...(message === 'local' ? { severity: 'info' as const } : {}) });
    }
    // Where nothing starts the inspector, the port says that somebody may.
    const isOpen = found?.bound === 'open';
    if (exposed && startsNode(facts))
      report('exposed', { at: exposed, data: { isOpen }, severity: isOpen ? 'warning' : 'info' });
  },
});

interface Data {
  readonly flag: string;
}

function exposedInspector(facts: Facts) {
  if (!facts.target?.exposes.some(({ words }) => words.some(({ text }) => text.includes('9229')))) return null;
  return (
    exposedPorts(facts).written.find(({ ports }) => ports.length === 1 && ports[0] === INSPECTOR_PORT)?.word.span ??
    null
  );
}

/** Another server may have that port for its own. */
function startsNode({ node, ports, target }: Facts): boolean {
  const isNode = node.start?.project !== null || node.start?.command.name === 'node' || target?.image.family === 'node';
  return isNode && ports.every(({ port }) => port !== INSPECTOR_PORT);
}
