import { syntaxRule } from '../syntax-rule.js';

/** A flag that the instruction does not have stops the build. */
export default syntaxRule({ kind: 'unknown-flag', summary: 'Use flags that the instruction has' });
