import { syntaxRule } from '../syntax-rule.js';

/** A directive at the top that BuildKit cannot take stops the build. */
export default syntaxRule({
  kind: 'invalid-directive',
  summary: 'Write parser directives once, with a value that they take',
  fix: null,
});
