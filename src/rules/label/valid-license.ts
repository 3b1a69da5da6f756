import { isLicenseExpression, licenseMeant } from '../../facts/license.js';
import { labelValueRule } from '../label-value-rule.js';

export default labelValueRule({
  id: 'label/valid-license',
  summary: 'Name licences by their SPDX identifiers',
  code: 'DL3054',
  wanted: 'an SPDX licence expression',
  labels: ['org.opencontainers.image.licenses'],
  cost: 'licence scanners read it as no licence at all',
  isValid: isLicenseExpression,
  help: (value) => {
    const meant = licenseMeant(value);
    return meant === null
      ? 'write identifiers of spdx.org/licenses joined by `AND` or `OR`, or `LicenseRef-<name>` for one of your own'
      : `write \`${meant}\``;
  },
});
