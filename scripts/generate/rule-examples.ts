/** What `npm run new-rule` begins with: a rule that works, to be written over. */
export interface RuleExample {
  readonly imports: string;
  /** The lines within `check`. */
  readonly check: string;
  /** A Dockerfile on which it fires, and one on which it does not. */
  readonly bad: string;
  readonly ok: string;
  /** Files that stand beside the first. */
  readonly badFiles: readonly string[];
}

export const EXAMPLES: Readonly<Record<string, RuleExample>> = {
  command: {
    imports: "import { defineRule, hasFlag } from '../define-rule.js';",
    check: `    for (const { command } of facts.commands('some-tool')) {
      if (hasFlag(command, '--good')) continue;
      report('found', { at: command.span, data: { word: command.name } });
    }`,
    bad: 'FROM debian:13\nRUN some-tool run\n',
    ok: 'FROM debian:13\nRUN some-tool run --good\n',
    badFiles: [],
  },
  instruction: {
    imports: "import { defineRule } from '../define-rule.js';",
    check: `    for (const instruction of facts.instructions('STOPSIGNAL')) {
      if (!facts.stageOf(instruction)?.isShipped || instruction.argumentsText !== 'SIGBAD') continue;
      report('found', { at: instruction.argumentsSpan, data: { word: instruction.argumentsText } });
    }`,
    bad: 'FROM debian:13\nSTOPSIGNAL SIGBAD\n',
    ok: 'FROM debian:13\nSTOPSIGNAL SIGINT\n',
    badFiles: [],
  },
  context: {
    imports: `import { certainContext, contextSources, neededCopies } from '../../facts/sent-files.js';
import { defineRule } from '../define-rule.js';`,
    check: `    const context = certainContext(facts);
    if (!context) return;
    for (const copy of neededCopies(facts)) {
      for (const { word, path } of contextSources(copy)) {
        if (!path.endsWith('.bad') || !context.isSent(path)) continue;
        report('found', { at: word.span, data: { word: path } });
      }
    }`,
    bad: 'FROM debian:13\nCOPY file.bad /\n',
    ok: 'FROM debian:13\nCOPY file.good /\n',
    badFiles: ['file.bad'],
  },
};
