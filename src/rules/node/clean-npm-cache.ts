import { installSpan, installText } from '../../facts/install-inputs.js';
import { isKeptOutOfLayer } from '../../facts/mounts.js';
import { valueAt } from '../../facts/node.js';
import { privilegeAt } from '../../facts/privileges.js';
import type { Facts, NodeInstall } from '../../facts/types.js';
import { defineRule, hasFlag, insertAfter } from '../define-rule.js';

/** npm keeps the archive of every package beside the unpacked one; pnpm and bun link theirs, which takes no room. */
export default defineRule({
  id: 'node/clean-npm-cache',
  summary: 'Clean the cache of npm in the RUN that fills it',
  category: 'size',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    kept: ({ install, cache }: { install: string; cache: string }) => ({
      message: `\`${install}\` keeps the archive of every package in ${cache}, which stays in the image`,
      help: `end the RUN with \`&& npm cache clean --force\`, or mount a cache there: \`RUN --mount=type=cache,target=${cache}${cache.startsWith('/root') ? '' : ',uid=1000'}\``,
    }),
  },
  check({ facts, report }) {
    const told = new Set<object>();
    for (const install of facts.node.installs) {
      const { instruction, stage, use, manager } = install;
      if (manager !== 'npm' || told.has(instruction) || !stage.isShipped || stage.isDevelopment || instruction.onbuild)
        continue;
      const home = homeOf(install, facts);
      if (home === null || isElsewhere(install, facts)) continue;
      const cache = `${home}/.npm`;
      if (isKeptOutOfLayer(instruction, cache) || isKeptOutOfLayer(instruction, `${cache}/_cacache`)) continue;
      if (CLEANED.test(instruction.argumentsText)) continue;
      told.add(instruction);
      const { command } = use;
      const isLast =
        use.script?.commands.at(-1) === command && command.nesting.length === 0 && command.redirects.length === 0;
      report('kept', {
        at: installSpan(install),
        data: { install: installText(install), cache },
        fix: isLast
          ? { title: 'Clean the cache of npm', edits: [insertAfter(command, ' && npm cache clean --force')] }
          : null,
      });
    }
  },
});

const CLEANED = /\bcache\s+(?:clean|rm|clear)\b|\.npm\b|_cacache|\brm\b[^\n;&|]*(?:cache|\/root|\/tmp)|\.sh\b/;

const CHANGES_USER = /^(?:su|sudo|gosu|su-exec|runuser|setpriv|chroot|doas)$/;

/** Null where it is not known who runs it. */
function homeOf({ instruction, use }: NodeInstall, facts: Facts): string | null {
  if (use.command.wrappers.some(({ name }) => CHANGES_USER.test(name))) return null;
  const { user, env } = facts.stateAt(instruction);
  if (env.get('HOME')) return null;
  if (privilegeAt(instruction, facts) === 'root') return '/root';
  return user?.value && /^node(?::|$)/.test(user.value) ? '/home/node' : null;
}

function isElsewhere({ use, project }: NodeInstall, facts: Facts): boolean {
  if (hasFlag(use.command, '--cache', '--offline', '--prefix', '--userconfig')) return true;
  if (project?.npmrc?.has('cache')) return true;
  return ['npm_config_cache', 'NPM_CONFIG_CACHE', 'HOME'].some((name) => valueAt(name, use, facts) !== undefined);
}
