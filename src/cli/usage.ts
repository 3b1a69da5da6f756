import { didYouMean, nearest } from '../engine/rule-names.js';
import { UsageError } from '../model/errors.js';
import type { Values } from './values.js';

/** Options of one command, as yargs takes them. */
export type OptionTable = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly alias?: string; readonly hidden?: boolean }>
>;

/** @throws UsageError for what yargs lets pass: `--no-format`, `--format ''`, `--fix=file`. */
export function refuseMisuse(values: Values, argv: readonly string[], options: OptionTable): void {
  for (const [name, { type }] of Object.entries(options)) {
    const given = [values[name]].flat();
    if (type === 'string') {
      if (given.includes(false) && name === 'shellcheck') throw new UsageError('write --shellcheck off');
      if (given.includes(false) && name !== 'config') throw new UsageError(`unknown option --no-${name}`);
      if (given.includes('')) throw new UsageError(`--${name} needs a value`);
    } else if (argv.some((word) => word.startsWith(`--${name}=`) && !/=(?:true|false)$/.test(word))) {
      throw new UsageError(`--${name} takes no value`);
    }
  }
}

/** @throws UsageError where a command that takes no words, or no more of them, is given some. */
export function refuseWords(words: readonly (string | number)[]): void {
  if (words.length > 0) throw new UsageError(`unexpected argument "${words[0]}"; see plimsoll --help`);
}

export function unknownValue(name: string, what: string, known: readonly string[]): string {
  return `unknown ${what} "${name}"${didYouMean(nearest(name, known)) || `; there are ${known.join(', ')}`}`;
}
