import { hadolintPipInstalls, leavesVersionOpen, type PipInstall, pipInstalls } from '../../facts/pip.js';
import type { Facts } from '../../facts/types.js';
import { defineRule, findFlag, hasFlag, semantics } from '../define-rule.js';

/** PyPI keeps old versions for good, so that a pinned one goes on to install, unlike one of a distribution. */
export default defineRule({
  id: 'python/pin-versions',
  summary: 'Name the version of what pip installs',
  category: 'reproducibility',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3013'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    open: ({ name, others }: { name: string; others: number }) => ({
      message: `which version of ${name}${others > 0 ? ` (and of ${others} more)` : ''} is installed depends on the day of the build`,
      help: `write \`${name}==VERSION\`, or install from a requirements file that names versions`,
    }),
    some: () => ({
      message: 'which version is installed depends on the day of the build',
      help: 'write `==VERSION` behind each package, or install from a requirements file that names versions',
    }),
  },
  check({ facts, options, report }) {
    if (options.semantics === 'hadolint') {
      const seen = new Set<object>();
      for (const use of hadolintPipInstalls(facts)) {
        if (seen.has(use.instruction) || !leavesVersionOpen(use)) continue;
        seen.add(use.instruction);
        report('some', { at: (use.command.subcommandWord ?? use.command).span });
      }
      return;
    }
    for (const install of pipInstalls(facts)) {
      if (isFixedElsewhere(install, facts)) continue;
      const renewed = hasFlag(install.use.command, '--upgrade', '-U');
      // `pip install --upgrade pip` asks for the newest, and is how a build begins.
      const open = install.unpinned.filter(({ value }) => !(renewed && TOOLS.has(value.toLowerCase())));
      const [first, ...more] = open;
      if (!first) continue;
      const name = /^[\w.-]+/.exec(first.value)?.[0] ?? first.value;
      report('open', { at: first.span, data: { name, others: more.length } });
    }
  },
});

const TOOLS = new Set(['pip', 'setuptools', 'wheel', 'virtualenv']);

/** By a constraints file, by another file that may name the versions, or since there is but what a directory has. */
function isFixedElsewhere({ use }: PipInstall, facts: Facts): boolean {
  const { command, instruction, script } = use;
  if (hasFlag(command, '-c', '--constraint', '--no-index', '--require-hashes', '--dry-run', '--uploaded-prior-to'))
    return true;
  // `pip install -r requirements.txt gunicorn` may take the version from there.
  if (findFlag(command, '-r', '--requirement', '--group') || command.flags.some(({ unknown }) => unknown)) return true;
  const { env, args } = facts.stateAt(instruction);
  return ['PIP_CONSTRAINT', 'PIP_NO_INDEX', 'PIP_FIND_LINKS'].some(
    (name) =>
      env.get(name) || args.get(name) || script?.assigned.has(name) || command.assignments.some((a) => a.name === name),
  );
}
