import { syntaxRule } from '../syntax-rule.js';

/** A name, path or value that the instruction refuses stops the build. */
export default syntaxRule({
  kind: 'invalid-value',
  summary: 'Give instructions values that they take',
  milder: 'warning',
});
