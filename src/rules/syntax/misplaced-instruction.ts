import { syntaxRule } from '../syntax-rule.js';

/** Before the first FROM there is nothing that an instruction could work on. */
export default syntaxRule({
  kind: 'misplaced-instruction',
  summary: 'Begin with FROM; only ARG may stand before it',
  aliases: ['DL3061'],
  like: { hadolint: { severity: 'error' } },
  fix: null,
});
