import { writeJsonForm } from '../dockerfile/json-form.js';
import { shorten } from '../model/shorten.js';
import type { ShellStart } from './shell-form.js';

/** What to write in the place of a shell form. */
export function execAdvice({ argv, inner, isSimple, last, withExec }: ShellStart, keyword: string): string {
  const samples = [
    argv && `${keyword} ${writeJsonForm(argv)}`,
    inner && `${keyword} ["${inner}", "-c", "..."]`,
    withExec && `${keyword} ${isSimple ? writeJsonForm(['sh', '-c', withExec]) : withExec}`,
  ];
  const sample = samples.find((one) => typeof one === 'string') ?? null;
  if (sample !== null && sample.length < MAX_SAMPLE) return `write ${sample}`;
  return argv
    ? `write the words as a JSON array: ${keyword} ["${shorten(argv[0] ?? '')}", "..."]`
    : `put exec before \`${shorten(last.nameWord?.text ?? '')}\`, so that it takes the place of the shell`;
}

const MAX_SAMPLE = 170;
