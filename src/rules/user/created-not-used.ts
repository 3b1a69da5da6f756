import { finalPrivilege, hasPlainStart, mayDropPrivileges } from '../../facts/privileges.js';
import type { CommandUse, Facts, StageFacts } from '../../facts/types.js';
import type { ShellWord } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** What runs its work as the user who starts it, and has no way to become another by itself. */
const RUNTIMES =
  /^(?:node|nodejs|npm|npx|yarn|pnpm|bun|deno|tsx|python[\d.]*|uvicorn|hypercorn|flask|celery|streamlit|java|ruby|bundle|rails|puma|dotnet|go|cargo|perl)$/;

/** A user was made for the process, and the process runs as root all the same. */
export default defineRule({
  id: 'user/created-not-used',
  summary: 'Switch to the user that was made for the process',
  category: 'security',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    unused: ({ user, command }: { user: string; command: string }) => ({
      message: `\`${user}\` is made here, but the container starts \`${command}\` as root: no USER switches to it`,
      help: `write \`USER ${user}\` behind the instructions that need root`,
    }),
  },
  check({ facts, report }) {
    const { target } = facts;
    const made = facts.commands('useradd', 'adduser').filter(({ stage }) => stage?.isShipped);
    if (!target || made.length === 0 || target.isDevelopment) return;
    if (target.final.user !== null || target.image.windows) return;
    if (finalPrivilege(target) !== 'root' || !hasPlainStart(target) || mayDropPrivileges(target, facts)) return;
    const start = startOf(target, facts);
    if (!start) return;
    for (const use of made) {
      const user = userOf(use);
      if (!user || isUsed(user.value, use, target)) continue;
      report('unused', {
        at: user.span,
        data: { user: user.value, command: start.command.name },
        related: [{ at: start.command.span, message: 'runs as root' }],
      });
      return;
    }
  },
});

/** The command that the container starts, where it is one that stays who it is. */
function startOf(target: StageFacts, facts: Facts): CommandUse | null {
  const start = target.entrypoint ?? target.cmd;
  const uses = start ? facts.commandsOf(start) : [];
  const [only] = uses;
  return uses.length === 1 && only && RUNTIMES.test(only.command.name) ? only : null;
}

function userOf({ command }: CommandUse): ShellWord | null {
  const word = command.operands[0];
  // Two names put a user into a group.
  const isOne = command.name === 'useradd' || command.operands.length === 1;
  return isOne && word?.literal && command.flags.every(({ unknown }) => !unknown) ? word : null;
}

/** Some are made for a server, or for one step of the build. */
function isUsed(user: string, { instruction }: CommandUse, target: StageFacts): boolean {
  const escaped = user.replace(/[^\w]/g, '\\$&');
  const switched = new RegExp(`\\b(?:su|sudo|runuser|gosu|su-exec|setpriv|chpst)\\b[^\\n;&|]*\\b${escaped}\\b`);
  return target.history.some(
    (one) => (one.keyword === 'RUN' || one === instruction) && switched.test(one.argumentsText),
  );
}
