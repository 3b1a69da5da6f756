import { syntaxRule } from '../syntax-rule.js';

/** Words that an instruction has no place for stop the build. */
export default syntaxRule({ kind: 'extra-arguments', summary: 'Give no instruction more than it takes' });
