import { isGitHash } from '../../facts/label-values.js';
import { labelValueRule } from '../label-value-rule.js';

// No label of the OCI: `revision` may come from any version control, and from git as a tag too.
export default labelValueRule({
  id: 'label/valid-hash',
  summary: 'Name commits by their hash',
  code: 'DL3055',
  wanted: 'the hash of a git commit',
  cost: 'nobody finds the source that the image was built from',
  isValid: isGitHash,
  help: () => 'write what `git rev-parse HEAD` says, best through a build argument',
});
