import { noUpgradeRule } from '../no-upgrade-rule.js';

export default noUpgradeRule({
  id: 'apt/no-upgrade',
  commands: ['apt-get', 'apt', 'aptitude'],
  upgrades: new Set(['upgrade', 'dist-upgrade', 'full-upgrade', 'safe-upgrade', 'dselect-upgrade']),
  narrowed: [
    '-s',
    '--simulate',
    '--just-print',
    '--dry-run',
    '--recon',
    '--no-act',
    '-d',
    '--download-only',
    '--print-uris',
  ],
});
