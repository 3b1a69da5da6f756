import type { VolumeInstruction } from '../ast.js';
import { checkExpansion, consequence, type Draft, report, wordsOf } from '../draft.js';
import { checkFlags } from '../flags.js';
import { parseJsonForm } from '../json-form.js';
import { splitBlanks } from '../words.js';
import { jsonWords, reportFailedJson } from './command-form.js';

export function readVolume(draft: Draft): VolumeInstruction {
  const { base, line, parts } = draft;
  const { argumentsStart, argumentsEnd } = parts;
  checkFlags(draft);
  const json = parseJsonForm(line.text, argumentsStart, argumentsEnd);
  const exec = json.kind === 'strings';
  if (!exec) reportFailedJson(draft, json, argumentsStart, argumentsEnd);
  const paths = exec
    ? jsonWords(draft, json.items)
    : wordsOf(draft, splitBlanks(line.text, argumentsStart, argumentsEnd));
  if (paths.length === 0) {
    report(draft, 'missing-arguments', {
      message: `VOLUME names no path: ${consequence(draft)}`,
      help: 'Write VOLUME /path',
      span: exec ? base.argumentsSpan : base.keywordSpan,
    });
  }
  for (const path of paths) {
    checkExpansion(draft, path);
    if (path.text.trim() !== '') continue;
    report(draft, 'invalid-value', {
      message: `a path of VOLUME is empty: ${consequence(draft)}`,
      span: path.span,
    });
  }
  return { ...base, keyword: 'VOLUME', words: exec ? [] : paths, paths, exec };
}
