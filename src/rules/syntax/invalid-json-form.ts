import { syntaxRule } from '../syntax-rule.js';

/** Brackets that are no JSON are taken for text, so that a shell or a path gets them. */
export default syntaxRule({ kind: 'invalid-json-form', summary: 'Write exec forms as JSON', severity: 'warning' });
