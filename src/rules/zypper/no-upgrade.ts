import { noUpgradeRule } from '../no-upgrade-rule.js';

export default noUpgradeRule({
  id: 'zypper/no-upgrade',
  commands: ['zypper'],
  upgrades: new Set(['update', 'dist-upgrade']),
  narrowed: ['--root', '-R', '--installroot', '--dry-run', '-D', '--download-only', '-d'],
  hadolint: { code: 'DL3035', words: ['dist-upgrade', 'dup'] },
});
