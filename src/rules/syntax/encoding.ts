import { syntaxRule } from '../syntax-rule.js';

/** BuildKit reads UTF-8 and nothing else. */
export default syntaxRule({ kind: 'encoding', summary: 'Save Dockerfiles as UTF-8', milder: 'warning', fix: null });
