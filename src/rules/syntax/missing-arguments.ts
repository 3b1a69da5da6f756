import { syntaxRule } from '../syntax-rule.js';

/** An instruction without what it works on stops the build, or does nothing. */
export default syntaxRule({
  kind: 'missing-arguments',
  summary: 'Give every instruction what it needs',
  milder: 'warning',
  fix: null,
});
