import { volatileAdds } from '../../facts/untouched-work.js';
import { shorten } from '../../model/shorten.js';
import { locate } from '../../model/source.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly address: string;
  readonly label: string;
  readonly line: number;
  readonly isGit: boolean;
}

/** ADD looks at its address in each build; where another thing is there, all below it runs again. */
export default defineRule({
  id: 'cache/volatile-add',
  summary: 'ADD what changes by itself below the packages that do not need it',
  category: 'cache',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    early: ({ address, label, line, isGit }: Data) => ({
      message: `whenever ${address} changes, \`${label}\` below it runs again, which needs nothing of it`,
      help: `move this ADD below line ${line}, or name ${isGit ? 'a commit' : 'a fixed version with its checksum'}`,
    }),
  },
  check({ document, facts, report }) {
    if (facts.instructions('ADD').length === 0) return;
    for (const { word, path, layers } of volatileAdds(facts)) {
      const last = layers.at(-1)?.instruction.span.end ?? word.span.end;
      const command = layers[0]?.work[0]?.use.command;
      report('early', {
        at: word.span,
        data: {
          address: shorten(path.replace(/^\w+:\/\/(?:[^/@]*@)?/, ''), 60),
          label: layers[0]?.work[0]?.label ?? 'RUN',
          line: locate(document.source, last).line,
          isGit: /\.git(?:#|$)|^git[@:]/.test(path),
        },
        related: command ? [{ at: command.nameWord?.span ?? command.span, message: 'runs again' }] : [],
      });
    }
  },
});
