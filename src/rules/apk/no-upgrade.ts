import { noUpgradeRule } from '../no-upgrade-rule.js';

export default noUpgradeRule({
  id: 'apk/no-upgrade',
  commands: ['apk'],
  upgrades: new Set(['upgrade']),
  narrowed: ['-s', '--simulate', '-p', '--root', '--self-upgrade-only'],
});
