import { pinnedPackagesRule, unpinnedPackages } from '../pinned-packages-rule.js';

export default pinnedPackagesRule({
  id: 'yum/pin-versions',
  alias: 'DL3033',
  commands: ['yum'],
  unpinned: unpinnedPackages,
  hadolint: {
    commands: ['yum'],
    verbs: ['install'],
    takesValue: [],
    isPinned: (text) => /-\d|\.rpm$/.test(text),
  },
  help: (name) => `write \`${name}-\` and the version that you test with`,
});
