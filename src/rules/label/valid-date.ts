import { isTimestamp } from '../../facts/label-values.js';
import { labelValueRule } from '../label-value-rule.js';

export default labelValueRule({
  id: 'label/valid-date',
  summary: 'Write dates of labels as RFC 3339 has them',
  code: 'DL3053',
  wanted: 'a date and time of RFC 3339',
  labels: ['org.opencontainers.image.created'],
  cost: 'tools that sort or expire images by it cannot read it',
  isValid: isTimestamp,
  help: (value) =>
    isTimestamp(`${value}T00:00:00Z`)
      ? `write the time and its zone too: \`${value}T00:00:00Z\``
      : 'write it like `2026-01-31T08:00:00Z`, with `T` before the time and a zone behind it',
});
