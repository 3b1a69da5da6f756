import { isSemanticVersion } from '../../facts/label-values.js';
import { labelValueRule } from '../label-value-rule.js';

// No label of the OCI: `version` may be semantic, and need not.
export default labelValueRule({
  id: 'label/valid-version',
  summary: 'Write versions as Semantic Versioning has them',
  code: 'DL3056',
  wanted: 'a semantic version',
  cost: 'tools that compare versions cannot order it',
  isValid: isSemanticVersion,
  help: (value) =>
    isSemanticVersion(value.replace(/^v/i, ''))
      ? `leave out the \`v\`: \`${value.slice(1)}\``
      : isSemanticVersion(`${value}.0`)
        ? `write all three parts: \`${value}.0\``
        : 'write major, minor and patch, such as `1.4.0` or `2.0.0-rc.1`',
});
