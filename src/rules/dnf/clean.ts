import { dnfCleanRule } from '../dnf-clean-rule.js';

export default dnfCleanRule(
  'dnf/clean',
  'DL3040',
  ['dnf', 'microdnf'],
  ['install', 'in', 'upgrade', 'up', 'upgrade-minimal', 'up-min', 'reinstall', 'rei'],
);
