import type { KeyValue, PairsInstruction } from '../ast.js';
import { checkExpansion, consequence, type Draft, report, wordOf, wordsOf } from '../draft.js';
import { checkFlags } from '../flags.js';
import { parseNameValues } from '../name-value.js';
import { parseWords } from '../words.js';

export function readPairs(draft: Draft, keyword: 'ENV' | 'LABEL' | 'ARG'): PairsInstruction {
  const { line, parts, base, context } = draft;
  const { argumentsStart, argumentsEnd } = parts;
  checkFlags(draft);
  const tokens = parseWords(line.text, context.escape, argumentsStart, argumentsEnd);
  const read = parseNameValues(line.text, tokens, keyword, argumentsStart, argumentsEnd);
  const pairs: KeyValue[] = read.pairs.map((pair) => {
    const key = wordOf(draft, pair.key);
    const value = pair.value && wordOf(draft, pair.value);
    return { key, value, span: { start: key.span.start, end: (value ?? key).span.end }, legacy: pair.legacy };
  });
  if (read.problem) {
    const at = read.problem.at;
    report(draft, read.problem.kind, {
      message: `${read.problem.message}: ${consequence(draft)}`,
      help: read.problem.help,
      span: at ? wordOf(draft, at).span : base.keywordSpan,
    });
  }
  for (const pair of pairs) {
    if (pair.key.text === '' && !read.problem) {
      report(draft, 'invalid-value', {
        message: `there is no name before the \`=\`: ${consequence(draft)}`,
        help: `write ${keyword} NAME=value, without spaces around the \`=\``,
        span: pair.span.end > pair.span.start ? pair.span : { start: pair.span.start, end: pair.span.start + 1 },
      });
      break;
    }
    checkExpansion(draft, pair.key);
    if (pair.value) checkExpansion(draft, pair.value);
  }
  return { ...base, keyword, words: wordsOf(draft, tokens), pairs };
}
