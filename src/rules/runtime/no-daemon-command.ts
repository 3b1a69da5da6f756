import { type Daemon, daemonOf } from '../../facts/daemons.js';
import { entrypointRole } from '../../facts/entrypoint-role.js';
import type { CommandUse, Facts, StageFacts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { defineRule } from '../define-rule.js';

/** A container lives as long as its first process: one that starts a daemon and returns takes the daemon with it. */
export default defineRule({
  id: 'runtime/no-daemon-command',
  summary: 'Start the program of a container in the foreground',
  category: 'runtime',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  supersedes: ['runtime/exec-form'],
  messages: {
    ends: ({ text, foreground }: Daemon) => ({
      message: `the container ends at once: \`${shorten(text)}\` starts its server in the background and returns`,
      help: foreground === null ? 'start the server itself, in the foreground' : `write \`${foreground}\``,
    }),
  },
  check({ facts, report }) {
    const { target } = facts;
    const started = target && startedLast(target, facts);
    const daemon = started && daemonOf(started.use.command, target, facts);
    if (!daemon) return;
    report('ends', {
      at: started.use.command.span,
      data: daemon,
      severity: started.certain ? 'error' : 'warning',
    });
  },
});

interface Started {
  readonly use: CommandUse;
  /** False where an ENTRYPOINT that is not known may make something else of it. */
  readonly certain: boolean;
}

/** The command that the container comes to last; null where that is not plain to see. */
function startedLast(target: StageFacts, facts: Facts): Started | null {
  const { cmd, entrypoint, image } = target;
  const role = entrypoint && entrypointRole(entrypoint, facts);
  if (role?.kind === 'script') return null;
  const behind = role && role.kind !== 'program' ? cmd : null;
  // The words of CMD belong to a program in the ENTRYPOINT, and may be what keeps it in the foreground.
  if (role?.kind === 'program' && cmd) return null;
  const instruction = entrypoint && !behind ? entrypoint : (behind ?? cmd);
  if (!instruction) return null;
  const uses = facts.commandsOf(instruction);
  const last = uses.findLast(({ command }) => !command.nesting.some((one) => one.endsWith('substitution')));
  if (!last || (last.script?.errors.length ?? 0) > 0) return null;
  const { command } = last;
  if (command.conditional || command.pipeline !== -1 || command.next !== null) return null;
  if (command.nesting.some((one) => one !== 'inner-script') || uses.some((use) => use.command.next === '&'))
    return null;
  return { use: last, certain: entrypoint !== null || image.entrypoint?.length === 0 };
}
