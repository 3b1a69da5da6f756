import type { Command, ShellWord } from '../shell/types.js';
import type { CommandUse, Facts } from './types.js';

/**
 * Commands with one of the names as hadolint sees them, for rules under its semantics: those of RUN that the script itself
 * calls by that name. It looks into substitutions, branches and loops, but neither through `sudo` and `env` nor into
 * `sh -c '...'`.
 */
export function hadolintCommands(facts: Facts, ...names: readonly string[]): readonly CommandUse[] {
  return facts.commands(...names).filter(({ command }) => isPlain(command) && names.includes(command.name));
}

function isPlain({ wrappers, nesting }: Command): boolean {
  return wrappers.length === 0 && !nesting.includes('inner-script');
}

/** True where a command has one of the words as an argument, wherever it stands. */
export function hasWord({ words }: Command, ...values: readonly string[]): boolean {
  return words.some(({ value }, index) => index > 0 && values.includes(value));
}

/** Names of a command's flags as hadolint has them, without a table: each letter behind one dash, all behind two. */
export function hadolintFlags({ words }: Command): readonly string[] {
  return words.slice(1).flatMap(flagNames);
}

/** Arguments that are no flags to hadolint; the word behind one of the flags `takesValue` is left out too. */
export function hadolintOperands({ words }: Command, ...takesValue: readonly string[]): readonly ShellWord[] {
  return words.filter((word, index) => {
    const before = words[index - 1];
    if (!before || flagNames(word).length > 0) return false;
    return !flagNames(before).some((name) => takesValue.includes(name));
  });
}

function flagNames({ value }: ShellWord): readonly string[] {
  if (value.startsWith('--')) return value.length > 2 ? [value.slice(2).replace(/=.*/s, '')] : [];
  return value.startsWith('-') ? [...value.slice(1)] : [];
}
