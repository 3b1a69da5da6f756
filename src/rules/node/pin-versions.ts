import { fetchedPrograms, hadolintAdditions, packageAdditions } from '../../facts/npm-packages.js';
import { defineRule, semantics } from '../define-rule.js';

/** Nothing locks what is installed by name: the next build may have another tool, and fail or behave otherwise. */
export default defineRule({
  id: 'node/pin-versions',
  summary: 'Name the version of packages that no lockfile locks',
  category: 'reproducibility',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3016'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    open: ({ name, others }: { name: string; others: number }) => ({
      message: `which version of ${name}${others > 0 ? ` (and of ${others} more)` : ''} is installed depends on the day of the build`,
      help: `write \`${name}@VERSION\``,
    }),
    branch: () => ({
      message: 'which state of the repository is installed depends on the day of the build',
      help: 'write `#` and a commit or tag behind the address',
    }),
    fetched: ({ name }: { name: string }) => ({
      message: `which version of ${name} is fetched and run depends on the day of the build`,
      help: `write \`${name}@VERSION\``,
    }),
    some: () => ({
      message: 'which version is installed depends on the day of the build',
      help: 'write `@VERSION` behind each package',
    }),
  },
  check({ facts, options, report }) {
    if (options.semantics === 'hadolint') {
      const seen = new Set<object>();
      for (const { command, instruction } of hadolintAdditions(facts)) {
        if (seen.has(instruction)) continue;
        seen.add(instruction);
        report('some', { at: (command.subcommandWord ?? command).span });
      }
      return;
    }
    for (const { unpinned } of packageAdditions(facts)) {
      const [first, ...more] = unpinned;
      if (!first) continue;
      if (first.value.includes('://')) report('branch', { at: first.span });
      else report('open', { at: first.span, data: { name: first.value, others: more.length } });
    }
    for (const { span, value } of fetchedPrograms(facts)) report('fetched', { at: span, data: { name: value } });
  },
});
