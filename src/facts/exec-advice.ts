import { shorten } from '../model/shorten.js';
import type { ShellStart } from './shell-form.js';

/** What to write in the place of a shell form. */
export function execAdvice({ argv, inner, isSimple, last, withExec }: ShellStart, keyword: string): string {
  const samples = [
    argv && `${keyword} ${jsonOf(argv)}`,
    inner && `${keyword} ["${inner}", "-c", "..."]`,
    withExec && `${keyword} ${isSimple ? jsonOf(['sh', '-c', withExec]) : withExec}`,
  ];
  const sample = samples.find((one) => typeof one === 'string') ?? null;
  if (sample !== null && sample.length < MAX_SAMPLE) return `write ${sample}`;
  return argv
    ? `write the words as a JSON array: ${keyword} ["${shorten(argv[0] ?? '')}", "..."]`
    : `put exec before \`${shorten(last.nameWord?.text ?? '')}\`, so that it takes the place of the shell`;
}

/** The exec form of a command. */
export function jsonOf(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}

const MAX_SAMPLE = 170;
