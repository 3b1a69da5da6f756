import { isForDevelopment } from '../../facts/development-use.js';
import { hasWord, programOf, verbOf } from '../../facts/node-program.js';
import { isCertain, whereStarted } from '../../facts/started-command.js';
import type { Facts, NodeStart } from '../../facts/types.js';
import type { Command } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** Docker, compose and Kubernetes start, watch and restart a container; a second manager in it hides the app from them. */
export default defineRule({
  id: 'node/no-process-manager',
  summary: 'Leave restarts to what runs the container',
  category: 'runtime',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  supersedes: ['runtime/exec-form'],
  messages: {
    manages: ({ text, runtime }: Data) => ({
      message: `\`${text}\` restarts the app by itself: what runs the container sees no crash, and the manager takes memory of its own`,
      help: `start node itself${runtime}`,
    }),
    returns: ({ text, runtime }: Data) => ({
      message: `\`${text}\` starts the app in the background and returns, so the container ends at once`,
      help: `start node itself${runtime}`,
    }),
  },
  check({ facts, report }) {
    const { start } = facts.node;
    if (!start) return;
    for (const [index, command] of start.commands.entries()) {
      const manager = isCertain(command) ? managerOf(command) : null;
      if (!manager || isForDevelopment(facts)) continue;
      const returns = manager.returns && isAllThereIs(start, index) && !isHandedToScript(start, facts);
      report(returns ? 'returns' : 'manages', {
        ...whereStarted(start, command),
        data: manager,
        ...(returns ? { severity: 'warning' as const } : {}),
      });
      return;
    }
  },
});

interface Data {
  readonly text: string;
  readonly runtime: string;
}

interface Manager extends Data {
  /** The program that is called ends when the app runs. */
  readonly returns: boolean;
}

function managerOf(command: Command): Manager | null {
  const program = programOf(command);
  const verb = verbOf(program);
  const isNamed = program.words.length > 0 && !hasWord(program, /^(?:-v|--version|-h|--help)$/);
  if (!isNamed) return null;
  switch (program.name) {
    case 'pm2':
      return verb === 'start' || verb === 'startOrRestart'
        ? {
            text: `pm2 ${verb}`,
            runtime: ', or write pm2-runtime where its cluster is wanted',
            returns: !hasWord(program, /^--(?:no-daemon|attach)$/),
          }
        : null;
    case 'forever':
      if (verb === 'start') return { text: 'forever start', runtime: '', returns: true };
      return verb === null || /\.[cm]?js$/.test(verb) ? { text: 'forever', runtime: '', returns: false } : null;
    default:
      return null;
  }
}

/** Nothing behind it keeps the container up, as `pm2 logs` does. */
function isAllThereIs({ commands, use }: NodeStart, index: number): boolean {
  const later = commands.slice(index + 1);
  return later.length === 0 && use.command.next === null && commands[index]?.pipeline === -1;
}

/** An ENTRYPOINT that runs the command may stay when that has ended. */
function isHandedToScript({ use }: NodeStart, { target }: Facts): boolean {
  return use.instruction.keyword === 'CMD' && Boolean(target?.entrypoint);
}
