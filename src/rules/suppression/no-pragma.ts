import { defineRule, semantics } from '../define-rule.js';

/** What is said of a comment; the engine calls it, see below. */
export const messages = {
  pragma: (_: object) => ({
    message: 'this comment decides in the file itself what is not reported, which this project does not allow',
    help: 'mend what it hides, or turn the rule off in the configuration, where everybody sees it',
  }),
};

/** Where a linter guards a rule of the house, a comment is a way around it that nobody reviews. */
export default defineRule({
  id: 'suppression/no-pragma',
  summary: 'Silence findings in the configuration, not in comments',
  category: 'style',
  severity: 'info',
  presets: [],
  since: '0.2.0',
  aliases: ['DL1001'],
  like: { hadolint: { severity: 'info', off: true, options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages,
  // The engine reports it when it reads the comments.
  check() {},
});
