import type { Instruction } from '../dockerfile/ast.js';
import { findFlag } from '../shell/types.js';
import { traceToContext } from './copies.js';
import type { CommandUse, Facts, StageFacts, StageState } from './types.js';

/** Who runs something: root (on Windows, an administrator), somebody else, or not known. */
export type Privilege = 'root' | 'other' | 'unknown';

/** The user that a RUN runs as. */
export function privilegeAt(instruction: Instruction, facts: Facts): Privilege {
  const stage = facts.stageOf(instruction);
  return stage ? privilegeOf(facts.stateAt(instruction), stage) : 'unknown';
}

/** The user that a container of a stage starts as. */
export function finalPrivilege(stage: StageFacts): Privilege {
  return privilegeOf(stage.final, stage);
}

function privilegeOf({ user }: StageState, stage: StageFacts): Privilege {
  const name = user ? user.value : stage.image.user;
  if (name === null || name === '') return 'unknown';
  return isRoot(name) ? 'root' : 'other';
}

/** `root`, `0`, `0:0`, `root:wheel`. */
export function isRoot(user: string): boolean {
  return /^(?:root|0+)(?::|$)/.test(user);
}

/** Programs that change to another user and run what follows. */
const CHANGERS = new Set([
  'gosu',
  'su-exec',
  'setpriv',
  'runuser',
  'su',
  'chroot',
  's6-setuidgid',
  'setuidgid',
  'chpst',
  'capsh',
  'start-stop-daemon',
]);

/** Servers and supervisors that need root to start and run their work as somebody else. */
const SUPERVISORS =
  /^(?:init|systemd|s6-\w+|supervisord|runsvdir|runit\w*|my_init|dinit|monit|nginx|openresty|apache2?(?:ctl|-foreground)?|httpd(?:-foreground)?|php-fpm[\d.]*|sshd|crond?|supercronic|dockerd(?:-entrypoint\.sh)?|haproxy|named|dnsmasq|unbound|squid|postfix|dovecot|openvpn|bird|chronyd|ntpd|smbd|rsyslogd|syslog-ng)$/;

const CHANGES_IN_TEXT =
  /\b(?:gosu|su-exec|setpriv|runuser|s6-setuidgid|setuidgid|chpst|start-stop-daemon|capsh)\b|\bsu\s+(?:-\S*\s+)*[-\w$"{}]|\bsudo\s+(?:-\w+\s+)*-u|--userspec|--user[= ]/;

/**
 * True where what a stage starts may give up root by itself: its command names such a program, the entrypoint script
 * that the build context has does, or the stage installs one.
 */
export function mayDropPrivileges(stage: StageFacts, facts: Facts): boolean {
  const starts = [stage.entrypoint, stage.cmd].flatMap((one) => (one ? facts.commandsOf(one) : []));
  const isOpen = ({ command }: CommandUse) => command.name === '' && command.nameWord !== null;
  if (starts.some((use) => changesUser(use) || SUPERVISORS.test(use.command.name) || isOpen(use))) return true;
  const scripts = starts.flatMap((use) => scriptText(use, stage, facts) ?? []);
  if (scripts.some((text) => CHANGES_IN_TEXT.test(text))) return true;
  return stage.history.some((instruction) => {
    if (instruction.keyword !== 'RUN' && instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return false;
    return /\b(?:gosu|su-exec|s6-overlay|supervisord?)\b/.test(instruction.argumentsText);
  });
}

function changesUser({ command }: CommandUse): boolean {
  const names = [command.name, ...command.wrappers.map(({ name }) => name)];
  if (names.some((name) => CHANGERS.has(name))) return true;
  if (command.wrappers.some(({ name, flags }) => name === 'sudo' && flags.some((flag) => flag.name === '-u')))
    return true;
  return findFlag(command, '--user', '--userid', '--runas', '--setuid') !== undefined;
}

/** The text of the script that a command is, where it comes from the build context. */
function scriptText(use: CommandUse, stage: StageFacts, facts: Facts): string | null {
  const path = [use.command.nameWord, ...use.command.operands].find(
    (word) => word?.literal && word.value.includes('/'),
  );
  const origin = path && facts.context ? traceToContext(stage, path.value) : null;
  return origin === null ? null : (facts.context?.read(origin)?.text ?? null);
}

/** Interpreters, which stay who they are, and scripts that do nothing about users. */
const PLAIN = /(?:^|\/)(?:node|java|python[\d.]*|ruby|dotnet|__cacert_entrypoint\.sh)$/;

/** True where the image is known to have no ENTRYPOINT of its own that could give up root. */
export function hasPlainStart({ image, entrypoint }: StageFacts): boolean {
  if (entrypoint) return true;
  const program = image.entrypoint?.[0];
  // The entrypoint of these runs the command as it is.
  return (
    image.entrypoint?.length === 0 ||
    (program !== undefined && PLAIN.test(program)) ||
    image.family === 'node' ||
    image.family === 'bun' ||
    image.family === 'deno'
  );
}
