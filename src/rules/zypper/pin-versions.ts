import { pinnedPackagesRule, unpinnedPackages } from '../pinned-packages-rule.js';

export default pinnedPackagesRule({
  id: 'zypper/pin-versions',
  alias: 'DL3037',
  commands: ['zypper'],
  // A pattern or a patch has no version to be chosen.
  unpinned: (use) =>
    use.command.flags.some(({ name }) => name === '-t' || name === '--type') ? [] : unpinnedPackages(use),
  hadolint: {
    commands: ['zypper'],
    verbs: ['install', 'in'],
    takesValue: [],
    isPinned: (text) => /[=<>]|\.rpm$/.test(text),
  },
  help: (name) => `write \`${name}=\` and the version that you test with`,
});
