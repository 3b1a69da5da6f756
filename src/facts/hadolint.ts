import type { Instruction, RunInstruction } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';
import { parseScript } from '../shell/parse.js';
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

/** Commands that begin with the name of a program which runs the rest of the words, `sudo` for instance. */
export function hadolintCallsOf(facts: Facts, runner: string): readonly CommandUse[] {
  return facts.commands().filter(({ command: { name, wrappers } }) => (wrappers[0]?.name ?? name) === runner);
}

/** The first of them in each instruction, as hadolint has one finding for each instruction and code. */
export function firstOfEach(uses: readonly CommandUse[]): readonly CommandUse[] {
  return uses.filter(({ instruction }, index) => instruction !== uses[index - 1]?.instruction);
}

/** True for a path that hadolint takes for absolute, or as one that may be: it begins with a variable. Quotes are its own. */
export function isAbsoluteToHadolint(path: string): boolean {
  return /^["']?(?:[/$]|[A-Za-z]:)/.test(path);
}

/** True where hadolint cannot tell what a word is, since it expands no variables. */
export function isVariableToHadolint(word: string): boolean {
  return /^["']?\$/.test(word);
}

/** By its name alone; hadolint finds these words within any other, and looks at no value. */
export function isSecretToHadolint(name: string): boolean {
  return /password|secret|token|username|api_?key|aws_access_key|private_key/i.test(name);
}

/** True for what hadolint grants to ADD: an archive by the end of its name, or an address. */
export function isArchiveToHadolint(source: string): boolean {
  return /^["']?https?:|\.(?:tar|gz|bz2|xz|zst|lz|lzma|z|tz|tb2|tbz2?|tgz|tlz|tpz|txz)["']?$/i.test(source);
}

/** Every shell form that something starts with; what it does, and whether it counts in the end, is all the same. */
export function shellFormsToHadolint(
  facts: Facts,
): readonly { readonly instruction: Instruction; readonly span: Span }[] {
  return facts.instructions('CMD', 'ENTRYPOINT', 'HEALTHCHECK').flatMap((instruction) => {
    const { command } = instruction;
    return command?.form === 'shell' ? [{ instruction, span: command.span }] : [];
  });
}

function isPlain({ wrappers, nesting }: Command): boolean {
  return wrappers.length === 0 && !nesting.includes('inner-script');
}

/**
 * How many commands hadolint sees in a RUN. It reads every script as one of a POSIX shell, those of PowerShell too, and none
 * in a script that it cannot read.
 */
export function hadolintCommandCount(run: RunInstruction, facts: Facts): number {
  const uses = facts.commandsOf(run).filter(({ command }) => !command.nesting.includes('inner-script'));
  if (uses.length > 0 || run.command.form === 'exec') return uses.length;
  const script = parseScript({ text: run.argumentsText, offset: run.argumentsSpan.start }, 'sh');
  return script.errors.length > 0 ? 0 : script.commands.length;
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
    return before.value.includes('=') || !flagNames(before).some((name) => takesValue.includes(name));
  });
}

function flagNames({ value }: ShellWord): readonly string[] {
  if (value.startsWith('--')) return value.length > 2 ? [value.slice(2).replace(/=.*/s, '')] : [];
  return value.startsWith('-') ? [...value.slice(1)] : [];
}
