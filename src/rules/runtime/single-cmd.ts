import { overriddenRule } from '../overridden-rule.js';

/** Only the last CMD of a stage counts; an earlier one is dead, and whoever edits it wonders why nothing changes. */
export default overriddenRule({
  keyword: 'CMD',
  aliases: ['DL4003', 'MultipleInstructionsDisallowed'],
  hadolint: 'warning',
});
