import { overriddenRule } from '../overridden-rule.js';

/** Only the last ENTRYPOINT of a stage counts; what an earlier one prepares never happens. */
export default overriddenRule({
  keyword: 'ENTRYPOINT',
  aliases: ['DL4004', 'MultipleInstructionsDisallowed'],
  hadolint: 'error',
});
