import { cover, type Span } from '../model/span.js';
import type { Command } from '../shell/types.js';

/** The command as a person would say it, without its flags: `npm ci`, `yarn`. */
export function commandText({ name, subcommandWord }: Command): string {
  return subcommandWord ? `${name} ${subcommandWord.value}` : name;
}

/** The place of {@link commandText}; of the subcommand alone where flags stand between the two. */
export function commandSpan({ nameWord, subcommandWord, words, span }: Command): Span {
  if (!nameWord) return span;
  if (!subcommandWord) return nameWord.span;
  const adjacent = words[words.indexOf(nameWord) + 1] === subcommandWord;
  return adjacent ? cover(nameWord.span, subcommandWord.span) : subcommandWord.span;
}
