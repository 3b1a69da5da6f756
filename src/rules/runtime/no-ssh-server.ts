import { exposedPorts } from '../../facts/exposed-ports.js';
import { packageInstallOf } from '../../facts/packages.js';
import type { Facts, StageFacts } from '../../facts/types.js';
import type { Span } from '../../model/span.js';
import { defineRule, flag } from '../define-rule.js';

const PACKAGES = new Set(['openssh-server', 'openssh', 'dropbear', 'dropbear-bin', 'ssh']);

/** What speaks SSH to its users, or among its own machines. */
const PURPOSE =
  /\b(?:gitea|forgejo|gitlab|gogs|gitolite|gerrit|gitblit|soft-serve|git-shell|bitbucket|phabricator|sftp|rsync|borg\w*|bastion|jumphost|jenkins|ansible|slurm|openmpi|mpich|mpirun|hadoop|spark|cowrie|honeypot|sshd?-?(?:agent|proxy|bastion|gateway|slave|tunnel))\b/i;

/** A second way into the container, with accounts, keys and updates of its own; `docker exec` gives a shell without. */
export default defineRule({
  id: 'runtime/no-ssh-server',
  summary: 'Leave out the SSH server',
  category: 'security',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  options: {
    alone: flag({ describe: 'Report `EXPOSE 22` without a server in sight, too' }),
  },
  messages: {
    server: (_: object) => ({
      message:
        'the SSH server is one more way into the container, with passwords, keys and updates that somebody has to keep',
      help: 'leave it out: `docker exec -it` and `kubectl exec -it` give a shell without a server',
    }),
    port: (_: object) => ({
      message:
        'port 22 is that of SSH: a server for it is one more way into the container that somebody has to keep safe',
      help: 'leave it out, unless the image is there to be spoken to by SSH',
    }),
  },
  check({ document, facts, options, report }) {
    const { target } = facts;
    if (!target || target.exposes.length === 0) return;
    const port = exposedPorts(facts).written.find(({ ports }) => ports.includes(22));
    if (!port || PURPOSE.test(document.source.text) || PURPOSE.test(document.source.path)) return;
    const server = serverOf(target, facts);
    // An image that starts nothing else is there to be spoken to by SSH.
    if (server && !startsOnlyServer(target, facts))
      report('server', { at: port.word.span, data: {}, related: [{ at: server, message: 'the server' }] });
    else if (options.alone) report('port', { at: port.word.span, data: {}, severity: 'info' });
  },
});

function serverOf(target: StageFacts, facts: Facts): Span | null {
  for (const start of [target.entrypoint, target.cmd]) {
    const command =
      start &&
      facts.commandsOf(start).find(({ command: { name, operands } }) => {
        return name === 'sshd' || (name === 'service' && /^sshd?$/.test(operands[0]?.value ?? ''));
      });
    if (command) return command.command.span;
  }
  for (const use of facts.commands('apt-get', 'apt', 'aptitude', 'apk', 'dnf', 'yum', 'microdnf', 'zypper')) {
    const packages = use.stage?.isShipped ? (packageInstallOf(use)?.packages ?? []) : [];
    const found = packages.find(({ name }) => PACKAGES.has(name));
    if (found) return found.word.span;
  }
  return null;
}

function startsOnlyServer({ entrypoint, cmd }: StageFacts, facts: Facts): boolean {
  const uses = [entrypoint, cmd].flatMap((start) => (start ? facts.commandsOf(start) : []));
  return uses.length === 1 && uses[0]?.command.name === 'sshd';
}
