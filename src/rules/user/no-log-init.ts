import { hadolintCommands } from '../../facts/hadolint.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, findFlag, hasFlag, insertAfter, semantics } from '../define-rule.js';

/** useradd writes to files that are indexed by the number of the user: for a high one they become gigabytes of nothing. */
export default defineRule({
  id: 'user/no-log-init',
  summary: 'Pass --no-log-init to useradd for a high user id',
  category: 'size',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3046'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  fix: 'safe',
  options: { semantics: semantics('hadolint') },
  messages: {
    sparse: ({ id, literal }: { id: string; literal: boolean }) => ({
      message: `${literal ? `for user id ${id}` : `where ${id} is high,`} \`useradd\` writes far into /var/log/lastlog and faillog, which may make the layer huge and the build hang`,
      help: 'add --no-log-init, which leaves these files alone',
    }),
  },
  check({ facts, options, report }) {
    const isBlunt = options.semantics === 'hadolint';
    for (const { command, script } of isBlunt ? hadolintCommands(facts, 'useradd') : facts.commands('useradd')) {
      const id = findFlag(command, '-u', '--uid');
      if (!id?.value || !command.nameWord || hasFlag(command, '-l', '--no-log-init')) continue;
      const isHigh = isBlunt ? id.name === '-u' && id.value.length > 5 : id.literal && /^0*[1-9]\d{5,}$/.test(id.value);
      if (!isHigh) continue;
      report('sparse', {
        at: id.span,
        data: { id: shorten(id.value), literal: id.literal },
        fix: script && { title: 'Add --no-log-init', edits: [insertAfter(command.nameWord, ' --no-log-init')] },
      });
    }
  },
});
