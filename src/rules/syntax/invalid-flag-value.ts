import { syntaxRule } from '../syntax-rule.js';

/** A value that the flag does not take stops the build. */
export default syntaxRule({ kind: 'invalid-flag-value', summary: 'Give flags values that they take' });
