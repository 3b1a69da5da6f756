import { syntaxRule } from '../syntax-rule.js';

/** A blank line does not end a continued instruction, whatever it looks like. */
export default syntaxRule({
  kind: 'empty-continuation',
  summary: 'Leave no blank line inside an instruction',
  aliases: ['NoEmptyContinuation'],
  like: { buildkit: { severity: 'warning' } },
  severity: 'warning',
  fix: 'safe',
});
