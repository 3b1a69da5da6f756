import { defineRule, flag } from '../define-rule.js';

/** What is said of a suppression; the engine calls it, see below. */
export const messages = {
  unused: (d: { name: string; where: string }) => ({
    message:
      d.name === 'all'
        ? `nothing is reported ${d.where}, so there is nothing to silence`
        : `\`${d.name}\` reports nothing ${d.where}, so there is nothing to silence`,
    help: 'remove it, or it will hide a finding that nobody has seen yet',
    label: 'unused',
  }),
};

/** A suppression outlives its reason quietly, and then hides the next finding of that rule too. */
export default defineRule({
  id: 'suppression/unused',
  summary: 'Remove suppressions that silence nothing',
  category: 'style',
  severity: 'info',
  presets: ['recommended'],
  since: '0.1.0',
  fix: 'safe',
  options: {
    // Who has such comments mostly runs hadolint, which may still need them.
    hadolint: flag({ describe: "Report hadolint's comments too, for rules that plimsoll has" }),
  },
  messages,
  // The engine reports it after all other rules have run, as only then it is known what was silenced.
  check() {},
});
