import { DNF_CACHES, DNF_COMMANDS } from '../facts/dnf.js';
import { hasWord } from '../facts/hadolint.js';
import { cleanRule } from './clean-rule.js';
import type { Rule } from './define-rule.js';

const FETCHING = new Set([
  'install',
  'reinstall',
  'upgrade',
  'upgrade-minimal',
  'downgrade',
  'distro-sync',
  'swap',
  'builddep',
  'group install',
  'group update',
  'makecache',
]);

/** The rule for one or more of the names of dnf. */
export function dnfCleanRule(id: string, alias: string, commands: readonly string[], verbs: readonly string[]): Rule {
  return cleanRule({
    id,
    alias,
    commands,
    cleaners: [...DNF_COMMANDS, 'dnf5', 'tdnf'],
    fetching: FETCHING,
    otherwise: ['--installroot', '-C', '--cacheonly', '--downloadonly', '--assumeno', '--help', '-h'],
    caches: DNF_CACHES,
    clean: 'clean all',
    hadolint: {
      verbs,
      cleans: (command, tool) =>
        command.name === tool ? hasWord(command, 'clean', 'all') : command.name === 'rm' && hasWord(command, '-rf'),
    },
  });
}
