import type { VolumeInstruction } from '../ast.js';
import { checkExpansion, consequence, type Draft, report } from '../draft.js';
import { checkFlags } from '../flags.js';
import { readPaths } from './command-form.js';

export function readVolume(draft: Draft): VolumeInstruction {
  const { base } = draft;
  checkFlags(draft);
  const { exec, words: paths } = readPaths(draft);
  if (paths.length === 0) {
    report(draft, 'missing-arguments', {
      message: `VOLUME names no path: ${consequence(draft)}`,
      help: 'write VOLUME /path',
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
