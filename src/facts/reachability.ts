import type { CommandUse, Facts } from './types.js';

/** Programs that stand before another one in its container, and names of networks that it shares. */
const IN_BETWEEN =
  /\b(?:nginx|caddy|haproxy|envoy|traefik|httpd|apache2?|varnish|socat|stunnel|supervisord?|s6|runit|monit|tailscaled?|cloudflared|ngrok|sshd|iptables)\b|sidecar|host[- ]?network|net(?:work)?(?:_mode)?[=:\s]+["']?host\b/i;

/** Commands that may stand before the server and open no port. */
const PLAIN =
  /^(?:cd|export|set|echo|printf|sleep|mkdir|chown|chmod|cp|ln|rm|exec|wait|true|npx|npm|yarn|pnpm|prisma|knex|sequelize|typeorm|python3?|alembic|flask)$/;

/**
 * True where something may carry requests to a server that listens on the loopback alone: another program of the image, a
 * network that the container shares, a command beside it.
 */
export function mayBeForwarded(facts: Facts, use: CommandUse): boolean {
  const { document, context } = facts;
  if (IN_BETWEEN.test(document.source.text)) return true;
  if (use.script?.commands.some((command) => command !== use.command && !PLAIN.test(command.name))) return true;
  if (!context) return false;
  if (context.services.some((service) => service.sharesNetwork || service.overridesCommand)) return true;
  return ['README.md', 'readme.md', 'Makefile', 'package.json'].some((name) =>
    /--net(?:work)?[= ]host\b|hostNetwork|sidecar/.test(context.read(name)?.text ?? ''),
  );
}
