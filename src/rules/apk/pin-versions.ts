import { pinnedPackagesRule, unpinnedPackages } from '../pinned-packages-rule.js';

export default pinnedPackagesRule({
  id: 'apk/pin-versions',
  alias: 'DL3018',
  commands: ['apk'],
  unpinned: unpinnedPackages,
  hadolint: {
    commands: ['apk'],
    verbs: ['add'],
    takesValue: ['t', 'virtual', 'X', 'repository'],
    isPinned: (text) => /[=<>~]|\.apk$/.test(text),
  },
  help: (name) =>
    `write \`${name}~=\` and the version that you test with, without its -r revision: a branch of Alpine keeps only the newest`,
});
