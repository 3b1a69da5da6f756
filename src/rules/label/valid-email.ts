import { isEmail } from '../../facts/label-values.js';
import { labelValueRule } from '../label-value-rule.js';

// No label of the OCI: `authors` is free text.
export default labelValueRule({
  id: 'label/valid-email',
  summary: 'Write an address that mail can be sent to',
  code: 'DL3058',
  wanted: 'an e-mail address',
  cost: 'who has a question about the image cannot send it',
  isValid: isEmail,
  help: () => 'write the address alone: `team@example.com`',
});
