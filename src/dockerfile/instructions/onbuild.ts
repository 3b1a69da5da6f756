import type { Instruction, OnbuildInstruction } from '../ast.js';
import { type Draft, report, wordOf, wordsOf } from '../draft.js';
import { checkFlags } from '../flags.js';
import { splitBlanks } from '../words.js';

const FORBIDDEN: ReadonlySet<string> = new Set(['ONBUILD', 'FROM', 'MAINTAINER']);

/** `readTrigger` reads the instruction that begins at an offset of the logical line. */
export function readOnbuild(draft: Draft, readTrigger: (from: number) => Instruction): OnbuildInstruction {
  const { base, line, parts } = draft;
  const { argumentsStart, argumentsEnd } = parts;
  checkFlags(draft);
  const tokens = splitBlanks(line.text, argumentsStart, argumentsEnd);
  const first = tokens[0];
  let trigger: Instruction | null = null;
  if (!first) {
    report(draft, 'missing-arguments', {
      message: 'ONBUILD names no instruction: the build stops here',
      help: 'write the instruction to run later behind it: ONBUILD COPY . .',
      span: base.keywordSpan,
    });
  } else if (FORBIDDEN.has(first.text.toUpperCase())) {
    report(draft, 'invalid-value', {
      message: `${first.text.toUpperCase()} cannot be a trigger of ONBUILD: the build stops here`,
      help: first.text.toUpperCase() === 'ONBUILD' ? 'write ONBUILD once' : null,
      span: wordOf(draft, first).span,
    });
  } else {
    trigger = readTrigger(argumentsStart);
  }
  return { ...base, keyword: 'ONBUILD', words: wordsOf(draft, tokens), trigger };
}
