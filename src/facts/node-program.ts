import type { Command, ShellWord } from '../shell/types.js';

/** A program of node_modules, however it is called. */
export interface NodeProgram {
  /** As in `node_modules/.bin`; empty where it is not known. */
  readonly name: string;
  /** The words behind its name. */
  readonly words: readonly ShellWord[];
}

/** `node_modules/.bin/next`, `node_modules/next/dist/bin/next`, `node_modules/vite/bin/vite.js` */
const BIN = /(?:^|\/)node_modules\/(?:.+\/)?([\w-]+)(?:\.[cm]?js)?$/;

/**
 * The program that a command starts: `next` of `next dev`, `yarn next dev` and `node node_modules/.bin/next dev`. A manager
 * that runs a script is not seen through; ask {@link NodeStart.command} for what that comes to.
 */
export function programOf(command: Command): NodeProgram {
  const { name, nameWord, words, operands, subcommand } = command;
  const [first] = operands;
  const from = (word: ShellWord | null): readonly ShellWord[] => (word ? words.slice(words.indexOf(word) + 1) : []);
  if (first?.literal && subcommand === null) {
    if (name === 'yarn' || name === 'pnpm' || name === 'bun') return { name: first.value, words: from(first) };
    const bin = name === 'node' || name === 'nodejs' ? BIN.exec(first.value)?.[1] : undefined;
    if (bin) return { name: bin, words: from(first) };
  }
  return {
    name: /\.[cm]?js$/.test(name) ? (BIN.exec(nameWord?.value ?? '')?.[1] ?? name) : name,
    words: from(nameWord),
  };
}

/** The first word of a program that is no flag and no value of one, as far as that shows: `dev` of `next dev -p 80`. */
export function verbOf({ words }: NodeProgram): string | null {
  const [first] = words;
  return first?.literal && !first.value.startsWith('-') ? first.value : null;
}

export function hasWord({ words }: NodeProgram, pattern: RegExp): boolean {
  return words.some((word) => pattern.test(word.value));
}
