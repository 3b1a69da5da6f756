import type { Place } from '../model/finding.js';
import { cover, type Span } from '../model/span.js';
import type { Command } from '../shell/types.js';
import type { CommandUse, NodeStart } from './types.js';

/** True for a command that runs whenever its script does. */
export function isCertain({ conditional, nesting }: Command): boolean {
  return !conditional && nesting.every((one) => one === 'group' || one === 'inner-script');
}

/** Where a command of {@link NodeStart.commands} is reported: at the command of the Dockerfile that leads to it. */
export function whereStarted(
  start: NodeStart,
  command: Command,
): { readonly at: Span; readonly related: readonly { readonly at: Place; readonly message: string }[] } {
  const { script, scriptPlace, use } = start;
  if (!script) return { at: wordsOf(command, use), related: [] };
  return {
    at: wordsOf(use.command, use),
    related: scriptPlace ? [{ at: scriptPlace, message: 'what it runs' }] : [],
  };
}

/** The words of a command that stand in its instruction: ENTRYPOINT and CMD may share them. */
function wordsOf({ nameWord, words, span }: Command, { instruction }: CommandUse): Span {
  const inside = words.filter(
    (word) => word.span.start >= instruction.span.start && word.span.end <= instruction.span.end,
  );
  const last = inside.at(-1);
  const first = nameWord && inside.includes(nameWord) ? nameWord : inside[0];
  return first && last ? cover(first.span, last.span) : span;
}
