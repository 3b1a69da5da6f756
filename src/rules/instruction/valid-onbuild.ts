import { syntaxRule } from '../syntax-rule.js';

/** A trigger runs inside a stage of another Dockerfile, where some instructions have no place. */
export default syntaxRule({
  kind: 'invalid-trigger',
  id: 'instruction/valid-onbuild',
  since: '0.2.0',
  summary: 'Give ONBUILD an instruction that it can trigger',
  aliases: ['DL3043'],
  like: { hadolint: { severity: 'error' } },
  fix: null,
});
