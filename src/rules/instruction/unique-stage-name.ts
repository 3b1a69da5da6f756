import type { Word } from '../../dockerfile/ast.js';
import { shorten } from '../../model/shorten.js';
import { defineRule } from '../define-rule.js';

/** BuildKit keeps one stage for each name, so that `COPY --from` finds the last one wherever it stands itself. */
export default defineRule({
  id: 'instruction/unique-stage-name',
  summary: 'Give each stage a name of its own',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3024', 'DuplicateStageName'],
  like: { hadolint: { severity: 'error' }, buildkit: { severity: 'warning' } },
  messages: {
    taken: ({ name, first }: { name: string; first: string }) => ({
      message:
        name === first
          ? `a stage above is called \`${name}\` too: \`--from\` and \`--target\` only ever find the last of them`
          : `a stage above is called \`${first}\`, and case does not count: \`--from\` and \`--target\` only find the last one`,
      help: 'give one of the stages another name, and use it where that stage is meant',
    }),
  },
  check({ document, report }) {
    const names = new Map<string, Word>();
    for (const { name, from } of document.stages) {
      // A name that BuildKit refuses is reported as such.
      if (name === null || !from.name || !/^[a-z][a-z0-9\-_.]*$/.test(name)) continue;
      const first = names.get(name);
      if (!first) names.set(name, from.name);
      else {
        report('taken', {
          at: from.name.span,
          data: { name: shorten(from.name.text), first: shorten(first.text) },
          related: [{ at: first.span, message: 'the first stage of that name' }],
        });
      }
    }
  },
});
