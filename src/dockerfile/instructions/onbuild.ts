import type { Instruction, OnbuildInstruction } from '../ast.js';
import { type Draft, report, wordOf, wordsOf } from '../draft.js';
import { checkFlags } from '../flags.js';
import { splitBlanks } from '../words.js';

/** What cannot be a trigger, with what to write instead. */
const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['ONBUILD', 'write ONBUILD once: a trigger is for the next image only'],
  ['FROM', 'name the base image in the Dockerfile that builds on this one'],
  ['MAINTAINER', 'write ONBUILD LABEL org.opencontainers.image.authors="name" instead'],
]);

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
    report(draft, 'invalid-trigger', {
      message: `${first.text.toUpperCase()} cannot be a trigger of ONBUILD: the build stops here`,
      help: FORBIDDEN.get(first.text.toUpperCase()) ?? null,
      span: wordOf(draft, first).span,
    });
  } else {
    trigger = readTrigger(argumentsStart);
  }
  return { ...base, keyword: 'ONBUILD', words: wordsOf(draft, tokens), trigger };
}
