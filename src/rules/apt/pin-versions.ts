import { memoise } from '../../facts/lazy.js';
import type { Facts } from '../../facts/types.js';
import { pinnedPackagesRule, unpinnedPackages } from '../pinned-packages-rule.js';

/** A repository that shows the archive as it was on a day: what is not pinned by version is pinned by that. */
const namesSnapshot = memoise(({ document }: Facts) =>
  /\bsnapshot(?:-cloudflare)?\.(?:debian|ubuntu)\.|--snapshot\b/.test(document.source.text),
);

export default pinnedPackagesRule({
  id: 'apt/pin-versions',
  alias: 'DL3008',
  commands: ['apt-get', 'apt', 'aptitude'],
  unpinned(use, facts) {
    const unpinned = unpinnedPackages(use);
    return unpinned.length > 0 && namesSnapshot(facts) ? [] : unpinned;
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
