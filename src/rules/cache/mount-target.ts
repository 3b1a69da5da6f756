import type { Mount } from '../../dockerfile/ast.js';
import { type LostCache, lostCache } from '../../facts/tool-caches.js';
import type { Facts } from '../../facts/types.js';
import type { Span } from '../../model/span.js';
import { defineRule } from '../define-rule.js';

/** A cache mount helps the tool that looks for its cache there, as the user that it runs as, and nobody else. */
export default defineRule({
  id: 'cache/mount-target',
  summary: 'Mount a cache where the tool keeps it, for the user that runs it',
  category: 'cache',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    elsewhere: ({ tool, target, expected, user }: LostCache) => ({
      message: `${tool} runs as ${user} here and keeps its cache in ${expected}, so the mount on ${target} stays empty`,
      help: `write \`target=${expected}\`${user === 'root' ? '' : user === 'node' ? ', with `uid=1000,gid=1000`' : ', with the `uid` and `gid` of that user'}`,
    }),
    'not-writable': ({ tool, user, target }: LostCache) => ({
      message: `${tool} runs as ${user} here, and the cache on ${target} belongs to root: it cannot be written`,
      help:
        user === 'node'
          ? 'add `uid=1000,gid=1000` to the mount'
          : `add the \`uid\` and \`gid\` of ${user} to the mount`,
    }),
    'switched-off': ({ tool, by }: LostCache) => ({
      message: `${by} switches ${tool}'s cache off, so the mount stays empty`,
      help: `leave ${by} out: what is in a cache mount is no part of the image`,
    }),
    cleaned: ({ target }: LostCache) => ({
      message: `this base image deletes what apt downloads after each install, so the mount on ${target} keeps nothing`,
      help: 'write `rm -f /etc/apt/apt.conf.d/docker-clean` before `apt-get install`',
    }),
  },
  check({ document, facts, report }) {
    if (!document.source.text.includes('--mount')) return;
    for (const run of facts.instructions('RUN')) {
      if (run.mounts.length === 0 || run.onbuild) continue;
      const stage = facts.stageOf(run);
      for (const mount of run.mounts) {
        const target = mount.type === 'cache' ? targetOf(mount) : null;
        if (target === null || !stage) continue;
        const lost = lostCache(target, mount.options, facts.commandsOf(run), stage, facts);
        if (!lost) continue;
        const { nameWord, span } = lost.use.command;
        const user = facts.stateAt(run).user?.by;
        report(lost.kind, {
          at: targetSpan(mount, facts),
          data: lost,
          ...(lost.kind === 'cleaned' ? { severity: 'info' } : {}),
          related: [
            {
              at: nameWord?.span ?? span,
              message: lost.kind === 'elsewhere' ? 'looks elsewhere' : 'is meant to use it',
            },
            ...(user && (lost.kind === 'elsewhere' || lost.kind === 'not-writable')
              ? [{ at: user.span, message: 'is the user' }]
              : []),
          ],
        });
      }
    }
  },
});

/** Null for a target with a variable, or none. */
function targetOf({ options }: Mount): string | null {
  const target = options.get('target')?.replace(/(?<=.)\/+$/, '');
  return target === undefined || !/^\/[^$]*$/.test(target) ? null : target;
}

/** The target in the text of the mount; the whole flag where it cannot be found there. */
function targetSpan({ flag, options }: Mount, { document: { source } }: Facts): Span {
  const target = options.get('target') ?? '';
  const at = source.text.slice(flag.span.start, flag.span.end).indexOf(`=${target}`);
  if (target === '' || at < 0) return flag.span;
  const start = flag.span.start + at + 1;
  return { start, end: start + target.length };
}
