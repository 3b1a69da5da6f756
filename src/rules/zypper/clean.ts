import { hasWord } from '../../facts/hadolint.js';
import { cleanRule } from '../clean-rule.js';

export default cleanRule({
  id: 'zypper/clean',
  alias: 'DL3036',
  commands: ['zypper'],
  cleaners: ['zypper'],
  fetching: new Set(['install', 'update', 'patch', 'dist-upgrade', 'source-install', 'refresh']),
  otherwise: ['--root', '-R', '--installroot', '--cache-dir', '-C', '--no-refresh', '--dry-run', '-D', '--help', '-h'],
  caches: ['/var/cache/zypp'],
  clean: 'clean --all',
  hadolint: {
    verbs: ['install', 'in'],
    cleans: (command) =>
      command.name === 'zypper' ? hasWord(command, 'clean', 'cc') : command.name === 'rm' && hasWord(command, '-rf'),
  },
});
