import { overriddenRule } from '../overridden-rule.js';

/** Only the last HEALTHCHECK of a stage counts; what an earlier one watches is not watched. */
export default overriddenRule({
  keyword: 'HEALTHCHECK',
  aliases: ['DL3012', 'MultipleInstructionsDisallowed'],
  hadolint: 'error',
});
