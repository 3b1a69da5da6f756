import { mayAssumeYes } from '../facts/dnf.js';
import { assumeYesRule } from './assume-yes-rule.js';
import type { Rule } from './define-rule.js';

const ASKING = new Set([
  'install',
  'reinstall',
  'upgrade',
  'upgrade-minimal',
  'downgrade',
  'distro-sync',
  'remove',
  'autoremove',
  'swap',
  'builddep',
  'group install',
  'group remove',
  'group update',
]);

/** The rule for one or more of the names of dnf, which asks before every change. */
export function dnfAssumeYesRule(id: string, alias: string, commands: readonly string[]): Rule {
  return assumeYesRule({
    id,
    alias,
    commands,
    asking: ASKING,
    answered: ['-y', '--assumeyes', '--assumeno', '--downloadonly', '--help', '-h', '--version'],
    answeredText: /(?:^|[\s"'=])(?:-\w*y\w*|--assumeyes)(?=$|[\s"'])/,
    flag: '-y',
    beforeSubcommand: false,
    isConfigured: mayAssumeYes,
    hadolint: { verbs: ['install', 'groupinstall', 'localinstall'], flags: ['y', 'assumeyes'] },
  });
}
