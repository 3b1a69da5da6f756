import { shorten } from '../../model/shorten.js';
import type { Command } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** An image holds files and no processes: what a RUN leaves running is killed when its shell ends. */
export default defineRule({
  id: 'shell/background-process',
  summary: 'Leave nothing running at the end of a RUN',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    killed: ({ program }: { program: string }) => ({
      message: `\`${program}\` is killed as soon as this RUN ends, perhaps before it has done anything: an image keeps no processes`,
      help: 'start it with CMD or ENTRYPOINT, or leave the `&` out where the build needs what it does',
    }),
    service: ({ program }: { program: string }) => ({
      message: `\`${program}\` starts a service that ends with this RUN: neither the next RUN nor the container finds it`,
      help: 'start it with CMD or ENTRYPOINT, or in the RUN that needs it, before what needs it',
    }),
  },
  check({ facts, report }) {
    for (const instruction of facts.instructions('RUN')) {
      const uses = facts.commandsOf(instruction);
      const last = uses.findLast(
        ({ command }) => !command.nesting.some((one) => one.endsWith('substitution')),
      )?.command;
      if (!last || last.nesting.length > 0 || last.pipeline !== -1 || (uses[0]?.script?.errors.length ?? 0) > 0)
        continue;
      if (last.next === '&' && last.name !== '') {
        report('killed', { at: last.span, data: { program: shorten(last.name) } });
      } else if (last.next === null && startsService(last) && !last.conditional) {
        report('service', {
          at: last.span,
          data: { program: shorten(last.words.map(({ value }) => value).join(' ')) },
        });
      }
    }
  },
});

/** The start of this one makes host keys and `/run/sshd`, which stay. */
const LEAVES_FILES = /^sshd?$/;

/** `service nginx start`, `/etc/init.d/nginx restart` */
function startsService({ name, nameWord, operands, words }: Command): boolean {
  const isService = name === 'service' && operands.length === 2;
  const isScript = /^\/etc\/(?:rc\.d\/)?init\.d\/[\w.-]+$/.test(nameWord?.value ?? '') && words.length === 2;
  const service = isService ? operands[0]?.value : nameWord?.value.replace(/^.*\//, '');
  if (LEAVES_FILES.test(service ?? '')) return false;
  return (isService || isScript) && /^(?:re)?start$/.test(words.at(-1)?.value ?? '');
}
