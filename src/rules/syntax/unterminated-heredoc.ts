import { syntaxRule } from '../syntax-rule.js';

/** A heredoc that nothing closes takes the rest of the file for its body. */
export default syntaxRule({ kind: 'unterminated-heredoc', summary: 'Close every heredoc' });
