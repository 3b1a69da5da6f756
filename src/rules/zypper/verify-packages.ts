import { installsOwnFiles } from '../../facts/downloads.js';
import { withoutFlag } from '../../facts/flag-removal.js';
import type { CommandUse } from '../../facts/types.js';
import { defineRule, hasFlag } from '../define-rule.js';

/** zypper checks the signature of repositories and packages, unless it is told not to. */
export default defineRule({
  id: 'zypper/verify-packages',
  summary: 'Let zypper check signatures',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    unchecked: ({ flag }: { flag: string }) => ({
      message: `\`${flag}\` has zypper take repositories and packages with any signature or none: whoever can replace them decides what runs`,
      help: 'leave it out, and import the key of the repository with `rpm --import`',
    }),
  },
  check({ document, facts, report }) {
    for (const use of facts.commands('zypper')) {
      const flag = use.command.flags.find(({ name }) => isSwitch(name, use));
      if (!flag || installsOwnFiles(use, '.rpm', facts)) continue;
      const edit = withoutFlag(flag, use, document.source);
      report('unchecked', {
        at: flag.span,
        data: { flag: flag.name },
        fix: edit && { title: `Remove ${flag.name}`, edits: [edit] },
      });
    }
  },
});

/** {@link https://manpages.opensuse.org/Tumbleweed/zypper/zypper.8.en.html} */
function isSwitch(name: string, { command }: CommandUse): boolean {
  const { subcommand } = command;
  if (name === '--no-gpg-checks')
    return !['clean', 'search', 'info', 'remove'].includes(subcommand ?? '') && !hasFlag(command, '--help');
  if (subcommand === 'addrepo' || subcommand === 'modifyrepo')
    return ['--no-gpgcheck', '-G', '--gpgcheck-allow-unsigned', '--gpgcheck-allow-unsigned-package'].includes(name);
  return subcommand === 'install' && name === '--allow-unsigned-rpm';
}
