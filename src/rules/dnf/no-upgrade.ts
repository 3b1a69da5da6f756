import { DNF_COMMANDS } from '../../facts/dnf.js';
import { noUpgradeRule } from '../no-upgrade-rule.js';

export default noUpgradeRule({
  id: 'dnf/no-upgrade',
  commands: DNF_COMMANDS,
  upgrades: new Set(['upgrade', 'distro-sync']),
  narrowed: [
    '--security',
    '--advisory',
    '--advisories',
    '--cve',
    '--cves',
    '--bz',
    '--bzs',
    '--bugfix',
    '--sec-severity',
    '--secseverity',
    '--installroot',
    '--downloadonly',
    '--assumeno',
  ],
});
