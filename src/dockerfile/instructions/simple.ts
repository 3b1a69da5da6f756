import type { SimpleInstruction, UnknownInstruction } from '../ast.js';
import { checkExpansion, consequence, type Draft, report, wordsOf } from '../draft.js';
import { checkFlags } from '../flags.js';
import { splitBlanks } from '../words.js';

const NEEDS = {
  EXPOSE: { what: 'no port', help: 'write EXPOSE 8080' },
  MAINTAINER: { what: 'no name', help: 'write LABEL org.opencontainers.image.authors="name" instead' },
  STOPSIGNAL: { what: 'no signal', help: 'write STOPSIGNAL SIGTERM' },
  USER: { what: 'no user', help: 'write USER name or USER uid:gid' },
  WORKDIR: { what: 'no directory', help: 'write WORKDIR /path' },
} as const;

export function readSimple(draft: Draft, keyword: SimpleInstruction['keyword']): SimpleInstruction {
  const { base, line, parts } = draft;
  const { argumentsStart, argumentsEnd } = parts;
  checkFlags(draft);
  const words = wordsOf(draft, splitBlanks(line.text, argumentsStart, argumentsEnd));
  if (words.length === 0) {
    report(draft, 'missing-arguments', {
      message: `${keyword} names ${NEEDS[keyword].what}: ${consequence(draft)}`,
      help: NEEDS[keyword].help,
      span: base.keywordSpan,
    });
  } else if (keyword === 'EXPOSE') {
    for (const word of words) checkExpansion(draft, word);
  } else if (keyword !== 'MAINTAINER') {
    checkExpansion(draft, { text: base.argumentsText, span: base.argumentsSpan });
  }
  return { ...base, keyword, words };
}

export function readUnknown(draft: Draft): UnknownInstruction {
  const { base, line, parts } = draft;
  return {
    ...base,
    keyword: 'UNKNOWN',
    words: wordsOf(draft, splitBlanks(line.text, parts.argumentsStart, parts.argumentsEnd)),
  };
}
