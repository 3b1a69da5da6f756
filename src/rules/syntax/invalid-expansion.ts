import { syntaxRule } from '../syntax-rule.js';

/** An open quote or a broken variable stops the build whatever the values are. */
export default syntaxRule({
  kind: 'invalid-expansion',
  summary: 'Close quotes and braces around variables',
  fix: null,
});
