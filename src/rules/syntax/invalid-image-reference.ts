import { syntaxRule } from '../syntax-rule.js';

/** A name that no registry can hold stops the build before anything is pulled. */
export default syntaxRule({ kind: 'invalid-image-reference', summary: 'Name images as registries do' });
