import { defineRule } from '../define-rule.js';

/** What is said of a comment; the engine calls it, see below. */
export const messages = {
  unknown: (d: { name: string; suggestion: string | null }) => ({
    message: `this comment silences nothing: there is no rule \`${d.name}\``,
    help: d.suggestion === null ? 'run `plimsoll rules` for the names' : `did you mean \`${d.suggestion}\`?`,
    label: 'unknown rule',
  }),
  malformed: (_: object) => ({
    message: 'this comment silences nothing: it is not written as plimsoll reads it',
    help: 'write `# plimsoll ignore=<rule>[,<rule>] -- reason`, with `stage` or `global` before `ignore` to reach further',
  }),
  trailing: (_: object) => ({
    message: 'the text behind the list of rules is neither a rule nor a reason',
    help: 'put ` -- ` before a reason, and commas between rules',
  }),
};

/** A misspelt suppression looks as if it worked, until the finding it was to silence fails a build. */
export default defineRule({
  id: 'suppression/unknown-rule',
  summary: 'Name a rule that exists in a plimsoll comment',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended'],
  since: '0.1.0',
  fix: 'suggestion',
  messages,
  // The engine reports it when it reads the comments, as a rule does not see which names exist.
  check() {},
});
