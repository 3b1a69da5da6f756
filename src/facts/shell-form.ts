import type { CmdInstruction, EntrypointInstruction, Instruction } from '../dockerfile/ast.js';
import { textAt } from '../model/source.js';
import { dialectOf } from '../shell/shells.js';
import type { Command, ShellWord } from '../shell/types.js';
import type { EntrypointRole } from './entrypoint-role.js';
import { toolAt } from './tools-inside.js';
import type { Facts, ShellFacts, StageFacts } from './types.js';

/** The shell form of a CMD or ENTRYPOINT, as far as it can be turned into something that gets signals. */
export interface ShellStart {
  /** The command that the shell comes to last, and that keeps running. */
  readonly last: Command;
  /** Where an `exec` has to stand for {@link last} to take the place of the shell. */
  readonly execAt: number;
  /** The text with that `exec`; null where it is written on several lines. */
  readonly withExec: string | null;
  /** The shell that the script calls itself (`bash -c "..."`); null for none. */
  readonly inner: string | null;
  /** True where the whole script is this one command. */
  readonly isSimple: boolean;
  /** What an exec form would hold; null where only a shell can say that. */
  readonly argv: readonly string[] | null;
  readonly shell: ShellFacts;
}

/** They are part of the shell, so that no process can take its place with them. */
const BUILTINS: ReadonlySet<string> = new Set(
  '. : alias bg break cd command continue eval exec exit export fg getopts hash jobs local popd pushd read readonly return set shift source times trap type typeset ulimit umask unalias unset wait'.split(
    ' ',
  ),
);

/**
 * What a shell form starts; null for an exec form, where a shell has to stay (a pipe, a loop, something in the
 * background, a builtin at the end), where it hands over already (`exec`), and where the shell is one that the file
 * chose or that we cannot read.
 */
export function shellStart(instruction: CmdInstruction | EntrypointInstruction, facts: Facts): ShellStart | null {
  const { command: form } = instruction;
  if (form.form !== 'shell' || form.failedJson || facts.document.escape === '`') return null;
  const use = facts.scriptsOf(instruction)[0];
  if (!use || use.shell.explicit || use.shell.foreign || use.script.errors.length > 0) return null;
  const { commands } = use.script;
  const own = commands.filter(({ nesting }) => !nesting.some((one) => one.endsWith('substitution')));
  const last = own.at(-1);
  if (!last?.nameWord || BUILTINS.has(last.name) || /\.exe$/i.test(last.name)) return null;
  // A shell to type into ends with its terminal.
  if (own.length === 1 && last.words.length === 1 && last.wrappers.length === 0 && dialectOf(last.name)) return null;
  if (own.some(({ next, nesting }) => (next !== null && next !== '&&' && next !== ';') || isCompound(nesting))) {
    return null;
  }
  if (last.wrappers.some((wrapper) => wrapper.name === 'exec') || last.conditional) return null;
  const isSimple = own.length === 1;
  const execAt = last.wrappers[0]?.span.start ?? last.nameWord.span.start;
  const text = textAt(facts.document.source, form.span);
  const cut = execAt - form.span.start;
  return {
    last,
    execAt,
    withExec: /[\r\n]/.test(text) ? null : `${text.slice(0, cut)}exec ${text.slice(cut)}`,
    inner: last.nesting.includes('inner-script') ? (last.wrappers.at(-1)?.name ?? null) : null,
    isSimple,
    argv: isSimple ? argvOf(last, text) : null,
    shell: use.shell,
  };
}

const ENDS_AT_ONCE: ReadonlySet<string> = new Set(
  '[ cat cmp cp date diff echo env false id ls printf pwd tar test true uname whoami'.split(' '),
);

/** True where nobody has to stop what runs last. */
export function endsAtOnce({ last }: ShellStart): boolean {
  return ENDS_AT_ONCE.has(last.name);
}

/** No `/bin/sh` when the container starts: by the table, or since the name of the image says that it is distroless. */
export function hasNoShell(start: Instruction, { image }: StageFacts, facts: Facts): boolean {
  if (image.known) return toolAt('sh', start, facts) === 'absent';
  return image.distribution === 'distroless' && !image.tag?.includes('debug');
}

/**
 * What comes of a shell in front of a program: whether it stays there, or hands over (then only the shape is wrong). Behind
 * an ENTRYPOINT it may end before the program (`behindInit`), or be no more than an `argument`.
 */
export type StartFate = 'stays' | 'mayStay' | 'handsOver' | 'behindInit' | 'argument' | 'noShell';

/**
 * Tried: dash 0.5.12 stays for `-c`, bash gives its place to a command alone, and since 5.1 to the last of a list. Busybox
 * was not tried.
 *
 * @param role of the ENTRYPOINT that gets it; null for none
 * @param hasNone see {@link hasNoShell}
 */
export function startFate(
  { isSimple, shell }: ShellStart,
  role: EntrypointRole | null,
  hasNone: boolean,
  facts: Facts,
): StartFate {
  if (role?.kind === 'program') return 'argument';
  if (hasNone) return 'noShell';
  // Whoever replaces /bin/sh decides what it does.
  const isReplaced = facts.commands('ln').some(({ command }) => command.operands.at(-1)?.value === '/bin/sh');
  if (shell.dialect === 'bash' && isSimple && !isReplaced) return 'handsOver';
  // There the shell is not process 1, so that a signal does end it.
  if (role?.kind === 'init') return 'behindInit';
  return shell.dialect === 'dash' && !isReplaced && role?.kind !== 'script' ? 'stays' : 'mayStay';
}

/** A script within the script (`sh -c`) still counts as one command of the outer one. */
function isCompound(nesting: Command['nesting']): boolean {
  return nesting.some((one) => one !== 'inner-script');
}

/** The words of a command that a shell would add nothing to; null where it would. */
function argvOf(command: Command, text: string): readonly string[] | null {
  if (command.nesting.length + command.assignments.length + command.redirects.length > 0) return null;
  if (command.wrappers.length > 0) {
    // Their words are at hand only where there is nothing to unquote.
    const first = command.wrappers[0]?.name ?? '';
    return !BUILTINS.has(first) && /^[\w@%+:,./ -]+$/.test(text) ? text.trim().split(/ +/) : null;
  }
  return command.words.every(isPlain) ? command.words.map((word) => word.value) : null;
}

/** A shell expands a leading tilde too. */
function isPlain(word: ShellWord): boolean {
  return word.literal && !word.text.startsWith('~');
}
