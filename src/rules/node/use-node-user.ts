import { canonicalImageName } from '../../facts/image-table.js';
import { finalPrivilege, hasPlainStart, mayDropPrivileges } from '../../facts/privileges.js';
import type { Facts, StageFacts } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

/** These images ship an ordinary user and leave it to the Dockerfile to switch to it. */
export default defineRule({
  id: 'node/use-node-user',
  summary: 'Start the container as the user that the image of Node.js, Bun or Deno ships',
  category: 'security',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  supersedes: ['user/no-root'],
  messages: {
    root: ({ image, user }: { image: string; user: string }) => ({
      message: `the container starts as root, although \`${image}\` has a user \`${user}\` for it`,
      help: `write \`USER ${user}\` before it, and \`COPY --chown=${user}\` for what the app itself writes`,
    }),
  },
  check({ facts, report }) {
    const { target } = facts;
    const user = target && userOf(target);
    if (!user || target.isDevelopment || target.final.user || finalPrivilege(target) !== 'root') return;
    const start = target.cmd ?? target.entrypoint;
    if (!start || !target.image.word || !hasPlainStart(target) || mayDropPrivileges(target, facts)) return;
    if (hasScript(target, facts) || bindsLowPort(target, facts) || isSetElsewhere(facts)) return;
    report('root', {
      at: start.keywordSpan,
      data: { image: target.image.word.text, user },
      related: [{ at: target.image.word.span, message: 'runs as root unless it is told otherwise' }],
    });
  },
});

const USERS: Readonly<Record<string, string>> = {
  'docker.io/library/node': 'node',
  'docker.io/oven/bun': 'bun',
  'docker.io/denoland/deno': 'deno',
};

/** Null where the stage deletes or renames users, so that this one may be gone. */
function userOf({ image, history }: StageFacts): string | null {
  const user = image.reference ? USERS[canonicalImageName(image.reference)] : undefined;
  if (user === undefined || /distroless|windows/.test(image.tag ?? '')) return null;
  const isGone = history.some(
    ({ keyword, argumentsText }) => keyword === 'RUN' && /\b(?:deluser|userdel|usermod)\b/.test(argumentsText),
  );
  return isGone ? null : user;
}

/** A script may need root first, and give it up in a way that is not seen here. */
function hasScript(target: StageFacts, facts: Facts): boolean {
  const starts = [target.entrypoint, target.cmd].flatMap((one) => (one ? facts.commandsOf(one) : []));
  return starts.some(
    ({ command }) =>
      /\.sh$|entry-?point/.test(command.nameWord?.value ?? '') || command.name === 'sh' || command.name === 'bash',
  );
}

/** Not every runtime lets an ordinary user bind a port below 1024. */
function bindsLowPort({ exposes }: StageFacts, { ports }: Facts): boolean {
  const isLow = (port: number): boolean => port > 0 && port < 1024;
  return (
    ports.some(({ port }) => isLow(port)) ||
    exposes.some(({ words }) => words.some(({ text }) => isLow(Number.parseInt(text, 10))))
  );
}

const COMPOSE = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** Compose may say who the container runs as, or give it what only root may use. */
function isSetElsewhere({ context }: Facts): boolean {
  return COMPOSE.some((path) => /^\s+(?:user|devices|privileged|cap_add):/m.test(context?.read(path)?.text ?? ''));
}
