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
    `write \`"${name}~=1.2"\` with the version you test with: a branch of Alpine keeps only its newest revision, so leave that out`,
});
