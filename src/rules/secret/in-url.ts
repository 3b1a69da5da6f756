import type { Instruction } from '../../dockerfile/ast.js';
import { instructionAt } from '../../facts/instruction-at.js';
import { secretKind } from '../../facts/secrets.js';
import { passwordsInUrls } from '../../facts/url-passwords.js';
import { contains, type Span } from '../../model/span.js';
import { defineRule } from '../define-rule.js';

/** A URL is written down wherever it is used: in the file, the history of the image, logs and the settings of tools. */
export default defineRule({
  id: 'secret/in-url',
  summary: 'Keep passwords out of URLs',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    password: ({ host }: { host: string }) => ({
      message: `the password for \`${host}\` stands in this URL, for everyone who has this file or the image`,
      help: 'change the password, and hand the new one to the RUN that needs it with --mount=type=secret',
    }),
  },
  check({ document, report }) {
    const { text } = document.source;
    if (!text.includes('@')) return;
    const holder = instructionAt(document);
    for (const { host, password } of passwordsInUrls(text)) {
      const instruction = holder(password.start);
      if (!instruction || isOfSecretVariable(password, instruction)) continue;
      report('password', { at: password, data: { host }, sensitive: [password] });
    }
  },
});

/** secret/arg-or-env speaks of variables that are named like secrets. */
function isOfSecretVariable(span: Span, instruction: Instruction): boolean {
  if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') return false;
  return instruction.pairs.some(
    ({ key, value }) => value && contains(value.span, span) && secretKind(key.text) !== null,
  );
}
