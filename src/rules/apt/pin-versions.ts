import { pinnedPackagesRule, unpinnedPackages } from '../pinned-packages-rule.js';

/** A repository that shows the archive as it was on a day: what is not pinned by version is pinned by that. */
const SNAPSHOT = /\bsnapshot(?:-cloudflare)?\.(?:debian|ubuntu)\.|--snapshot\b/;

export default pinnedPackagesRule({
  id: 'apt/pin-versions',
  alias: 'DL3008',
  commands: ['apt-get', 'apt', 'aptitude'],
  unpinned(use, facts) {
    const unpinned = unpinnedPackages(use);
    return unpinned.length > 0 && SNAPSHOT.test(facts.document.source.text) ? [] : unpinned;
  },
  hadolint: {
    commands: ['apt-get'],
    verbs: ['install'],
    takesValue: ['t', 'target-release'],
    isPinned: (text) => /[=/]|\.deb$/.test(text),
  },
  help: (name) =>
    `write \`${name}=\` and a version; since old ones leave the archive, install from a dated snapshot of it to keep builds going`,
});
