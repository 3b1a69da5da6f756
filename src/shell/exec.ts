import { cover, type Span } from '../model/span.js';
import { inSourceOrder, makeCommand, newCollected, type Scope } from './collector.js';
import { blurredFrame, plainFrame } from './frame.js';
import type { Command, ShellWord } from './types.js';
import { walkText } from './walk.js';
import { resolveCommand, withoutScript } from './wrappers.js';

/**
 * The commands of an exec form: one, or those of the script in `["sh", "-c", "..."]`.
 *
 * Spans of words are those of the strings with their quotes, and a word's text is its value. Words of an inner script
 * have their exact place where the string has no escapes; otherwise that of the whole string. No shell expands anything
 * in an exec form, so that all its words are literal.
 */
export function parseExec(strings: readonly { readonly value: string; readonly span: Span }[]): readonly Command[] {
  const words = strings.map(toWord);
  const [first] = words;
  if (!first) return [];
  const resolution = resolveCommand(words);
  const { script } = resolution;
  const span = cover(first.span, (words.at(-1) ?? first).span);
  const scope: Scope = {
    nesting: [],
    conditional: false,
    statusUnused: false,
    shell: span,
    wrappers: [],
    assignments: [],
    depth: 0,
  };
  if (script) {
    const commands = innerCommands(words.slice(script.from, script.to), {
      ...scope,
      nesting: ['inner-script'],
      wrappers: resolution.wrappers,
      assignments: resolution.assignments,
      depth: 1,
    });
    if (commands.length > 0) return commands;
  }
  return [
    makeCommand(
      words,
      withoutScript(words, resolution),
      [],
      [],
      scope,
      { previous: null, next: null, pipeline: -1 },
      span,
    ),
  ];
}

function toWord({ value, span }: { readonly value: string; readonly span: Span }): ShellWord {
  return { value, text: value, span, literal: true, variables: [] };
}

function innerCommands(words: readonly ShellWord[], scope: Scope): readonly Command[] {
  const [only] = words;
  if (!only) return [];
  const text = words.map((word) => word.value).join(' ');
  const span = cover(only.span, (words.at(-1) ?? only).span);
  const isExact = words.length === 1 && span.end - span.start === text.length + 2;
  const frame = isExact ? plainFrame(text, span.start + 1) : blurredFrame(text, span);
  const collected = newCollected();
  try {
    walkText(frame, { ...scope, shell: span }, collected, null);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return inSourceOrder(collected).commands;
}
