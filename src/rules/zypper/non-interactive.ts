import { assumeYesRule } from '../assume-yes-rule.js';

export default assumeYesRule({
  id: 'zypper/non-interactive',
  alias: 'DL3034',
  commands: ['zypper'],
  asking: new Set([
    'install',
    'remove',
    'update',
    'patch',
    'dist-upgrade',
    'source-install',
    'verify',
    'install-new-recommends',
  ]),
  // Behind `install`, `-n` means `--name` to zypper itself; who writes it there may know that.
  answered: [
    '-n',
    '--non-interactive',
    '-y',
    '--no-confirm',
    '-D',
    '--dry-run',
    '-d',
    '--download-only',
    '--help',
    '-h',
  ],
  answeredText: /(?:^|[\s"'=])(?:-\w*[ny]\w*|--non-interactive|--no-confirm)(?=$|[\s"'])/,
  flag: '--non-interactive',
  beforeSubcommand: true,
  isConfigured: () => false,
  hadolint: {
    verbs: ['install', 'in', 'remove', 'rm', 'source-install', 'si', 'patch'],
    flags: ['n', 'non-interactive', 'y', 'no-confirm'],
  },
});
