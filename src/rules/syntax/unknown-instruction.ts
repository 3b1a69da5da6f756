import { syntaxRule } from '../syntax-rule.js';

/** A keyword that BuildKit does not know stops the build before its first step. */
export default syntaxRule({ kind: 'unknown-instruction', summary: 'Use instructions that BuildKit knows' });
