import type { Command } from '../shell/types.js';

/**
 * The words of a command that hadolint takes for neither flags nor their values: it knows flags by their dash, and of each
 * code only those in `valued` take the next word.
 */
export function hadolintOperands({ words }: Command, valued: ReadonlySet<string>): readonly string[] {
  const values = words.slice(1).map(({ value }) => value);
  return values.filter((value, index) => !value.startsWith('-') && !valued.has(values[index - 1] ?? ''));
}
