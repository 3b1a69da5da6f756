import { type Command, hasFlag } from '../shell/types.js';
import type { Facts, StageFacts } from './types.js';

/** A command that starts something in the background and ends, and with it the container. */
export interface Daemon {
  /** As a message names it. */
  readonly text: string;
  /** What keeps it in the foreground; null where there is no one way. */
  readonly foreground: string | null;
}

/**
 * What a command leaves running in the background; null where it stays in the foreground, or a configuration that is not
 * known may keep it there.
 */
export function daemonOf(command: Command, stage: StageFacts, facts: Facts): Daemon | null {
  const { name, nameWord, operands, words } = command;
  const text = words.map(({ value }) => value).join(' ');
  const verb = words.at(-1)?.value ?? '';
  const isScript = /^\/etc\/(?:rc\.d\/)?init\.d\/[\w.-]+$/.test(nameWord?.value ?? '');
  if ((name === 'service' && operands.length === 2) || (isScript && words.length === 2)) {
    const isOwn = bringsFiles(/^\/etc\/(?:rc\.d\/)?init\.d/, stage);
    return /^(?:re)?start$/.test(verb) && !isOwn ? { text, foreground: null } : null;
  }
  switch (name) {
    case 'apachectl':
    case 'apache2ctl':
      return text.includes('FOREGROUND') || !/(?:ctl|start)$/.test(text)
        ? null
        : { text, foreground: `${name} -D FOREGROUND` };
    case 'nginx':
      return words.length === 1 && !mayConfigure(stage, facts) ? { text, foreground: 'nginx -g "daemon off;"' } : null;
    case 'sshd':
      return words.length === 1 ? { text, foreground: `${nameWord?.value ?? name} -D` } : null;
    case 'cron':
      return words.length === 1 ? { text, foreground: 'cron -f' } : null;
    case 'crond':
      return words.length === 1 ? { text, foreground: CROND[stage.image.distribution ?? ''] ?? null } : null;
    case 'redis-server':
      return hasFlag(command, '--daemonize') && /--daemonize(?: |=)yes\b/.test(text)
        ? { text, foreground: 'redis-server' }
        : null;
    case 'mongod':
      return hasFlag(command, '--fork') ? { text, foreground: 'mongod' } : null;
    case 'gunicorn':
      return hasFlag(command, '--daemon') ? { text, foreground: 'gunicorn' } : null;
    default:
      return null;
  }
}

/** The flag of each implementation of it. */
const CROND: Readonly<Record<string, string>> = { alpine: 'crond -f', busybox: 'crond -f', rhel: 'crond -n' };

/** True where the file may put `daemon off;` into the configuration: it names that, or brings files of the server. */
function mayConfigure(stage: StageFacts, facts: Facts): boolean {
  if (facts.document.source.text.includes('daemon off')) return true;
  return !stage.image.known || bringsFiles(/^\/etc|nginx|^$/, stage);
}

/** True where a COPY or ADD of the stage, or of one that it is built on, writes to such a directory or to all of `/`. */
function bringsFiles(path: RegExp, stage: StageFacts): boolean {
  for (let one: StageFacts | null = stage; one; one = one.parent) {
    if (one.copies.some(({ destination }) => /^\/(?:etc\/?)?$/.test(destination ?? '') || path.test(destination ?? '')))
      return true;
  }
  return false;
}
