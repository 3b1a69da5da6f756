import { syntaxRule } from '../syntax-rule.js';

/** A file without FROM builds nothing. */
export default syntaxRule({ kind: 'no-instructions', summary: 'Begin every Dockerfile with FROM', fix: null });
