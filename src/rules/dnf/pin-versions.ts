import { pinnedPackagesRule, unpinnedPackages } from '../pinned-packages-rule.js';

export default pinnedPackagesRule({
  id: 'dnf/pin-versions',
  alias: 'DL3041',
  commands: ['dnf', 'microdnf'],
  unpinned: unpinnedPackages,
  hadolint: {
    commands: ['dnf', 'microdnf'],
    verbs: ['install'],
    takesValue: [],
    isPinned: (text) => /-\d|\.rpm$/.test(text),
  },
  help: (name) => `write \`${name}-\` and the version that you test with`,
});
