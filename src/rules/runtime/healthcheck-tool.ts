import { callsOf } from '../../facts/called-tools.js';
import { installCommand } from '../../facts/install-advice.js';
import { toolAt, toolInImage } from '../../facts/tools-inside.js';
import type { StageFacts } from '../../facts/types.js';
import type { Command } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** A check whose program is not there fails like one of a service that is down. */
export default defineRule({
  id: 'runtime/healthcheck-tool',
  summary: 'Check the health with a tool that the image has',
  category: 'runtime',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    missing: ({ image, tool, advice }: { image: string; tool: string; advice: string }) => ({
      message: `\`${image}\` has no \`${tool}\` and nothing installs it: each check fails, and the container is always unhealthy`,
      help: advice,
    }),
    noShell: ({ image }: { image: string }) => ({
      message: `\`${image}\` has no /bin/sh to run this text: each check fails, and the container is always unhealthy`,
      help: 'write the program and its arguments as a JSON array: HEALTHCHECK CMD ["program", "argument"]',
    }),
  },
  check({ facts, report }) {
    const { target } = facts;
    const { healthcheck } = target ?? {};
    if (!target?.image.known || !healthcheck?.command) return;
    const image = target.image.text ?? '';
    const related = target.image.word ? [{ at: target.image.word.span, message: 'the base image' }] : [];
    for (const { name, span, command, outcome } of callsOf(healthcheck, facts)) {
      if (outcome !== 'fails' || toolAt(name, healthcheck, facts) !== 'absent') continue;
      const installed = installCommand(name, target);
      const advice =
        probe(command, target, (tool) => toolInImage(tool, target, facts) === 'present') ??
        (installed === null
          ? `choose a base image that has \`${name}\`, or check with a program of your own`
          : `install it: \`RUN ${installed}\``);
      report('missing', { at: span, data: { image, tool: name, advice }, related });
      return;
    }
    const isShellForm = healthcheck.command.form === 'shell' && !facts.stateAt(healthcheck).shell;
    if (isShellForm && target.image.shellless && toolAt('sh', healthcheck, facts) === 'absent') {
      report('noShell', { at: healthcheck.command.span, data: { image }, related });
    }
  },
});

/** The same question asked with what the image has; null where nothing is known that asks it. */
function probe(command: Command, { image }: StageFacts, has: (tool: string) => boolean): string | null {
  if (command.name !== 'curl' && command.name !== 'wget') return null;
  const url = command.operands.find(
    ({ value, literal }) => literal && /^https?:\/\/[\w.:/-]{1,45}$/.test(value),
  )?.value;
  const node = image.shellless ? image.entrypoint?.find((word) => word.endsWith('/node')) : 'node';
  if (image.family === 'node' && node && hasFetch(image.tag)) {
    const address = url ?? 'http://localhost:3000/';
    return `write CMD ["${node}", "-e", "fetch('${address}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]`;
  }
  if (command.name === 'curl' && has('wget'))
    return `use what the image has: \`wget -q --spider ${url ?? 'http://...'}\``;
  if (command.name === 'wget' && has('curl')) return `use what the image has: \`curl -fsS ${url ?? 'http://...'}\``;
  return null;
}

/** Node.js has `fetch` since 18. */
function hasFetch(tag: string | null): boolean {
  const major = /^\d+/.exec(tag ?? '')?.[0];
  return major === undefined || Number(major) >= 18;
}
