import { optionAt } from '../shell/parse.js';
import type { Command, Joint, Nesting, Script } from '../shell/types.js';
import { memoise, remember } from './lazy.js';
import type { CommandUse, Facts } from './types.js';

/** What a command may stand in and still be sure to run, and to hand its status on. */
const OPEN: ReadonlySet<Nesting> = new Set(['group', 'inner-script', 'subshell']);

/** Questions: what follows them by `&&` is not meant to run always. */
const QUESTIONS: ReadonlySet<string> = new Set(
  '[ [[ test command which type hash grep is-ci is-in-ci in-ci not-in-publish in-publish if-env is-docker ci-info exit exec'.split(
    ' ',
  ),
);

/**
 * True where a command is certain to run, and its failure is that of the whole instruction: no branch, no question before it,
 * nothing that catches the failure, no later command whose status counts instead.
 */
export function stopsInstruction({ command, script, instruction }: CommandUse, facts: Facts): boolean {
  if (!script) {
    const commands = facts.commandsOf(instruction).map((use) => use.command);
    // Words of ENTRYPOINT and CMD together are no command of either: what else they hold is not at hand.
    const isOfBoth = !commands.includes(command);
    return isOfBoth ? command.nesting.length === 0 && command.next === null : isDecisive(command, commands, false);
  }
  const isStrict = facts.scriptsOf(instruction).some(({ shell }) => shell.options.has('errexit'));
  return failsScript(command, script, isStrict);
}

/**
 * The same of a script by itself.
 *
 * @param isStrict the shell that reads it was started with `-e`
 */
export function failsScript(command: Command, script: Script, isStrict = false): boolean {
  if (script.errors.length > 0) return false;
  return isDecisive(command, script.commands, optionAt(script, 'errexit', command.span.start) ?? isStrict);
}

function isDecisive(command: Command, commands: readonly Command[], isStrict: boolean): boolean {
  const { conditional, pipeline, nesting, next } = command;
  if (conditional || pipeline !== -1 || !nesting.every((one) => OPEN.has(one))) return false;
  const { places, firstQuestion, lastJoint } = courseOf(commands);
  const at = places.get(command);
  if (at === undefined || firstQuestion < at) return false;
  const isJoined = (joint: NonNullable<Joint>): boolean => next === joint || lastJoint(joint)(nesting.length) > at;
  if (isJoined('||') || isJoined('&') || isJoined('|') || isJoined('|&')) return false;
  if (!isJoined(';')) return true;
  // `set -e` does not end a script at what stands before `&&`.
  return isStrict && (nesting.length === 0 ? next === ';' : !isJoined('&&'));
}

/** What is the same for all commands of a script, which may be very many. */
const courseOf = memoise((commands: readonly Command[]) => {
  const question = commands.findIndex(isQuestion);
  return {
    places: new Map(commands.map((command, index) => [command, index])),
    firstQuestion: question === -1 ? commands.length : question,
    /**
     * The last command, nested so deeply at most, that is joined so to another; -1: none is. How a group or a subshell is
     * joined to what comes after it stands at the latter.
     */
    lastJoint: remember((joint: NonNullable<Joint>) =>
      remember((depth: number) =>
        commands.findLastIndex(
          ({ nesting, previous, next }) => nesting.length <= depth && (previous === joint || next === joint),
        ),
      ),
    ),
  };
});

function isQuestion(command: Command): boolean {
  const { name, flags, nameWord } = command;
  // A bare assignment asks nothing; a name with a variable in it may do anything.
  if (name === '') return nameWord !== null;
  if (QUESTIONS.has(name)) return true;
  return (
    /^(?:node|nodejs|sh|bash|python3?)$/.test(name) &&
    flags.some((flag) => /^-(?:e|p|c)$|^--(?:eval|print)$/.test(flag.name))
  );
}

/** True where a command has nothing that can go wrong: `true`, `exit 0`, `echo` of what the shell need not ask for. */
export function alwaysSucceeds({ name, operands, words, assignments }: Command): boolean {
  if (assignments.length > 0 || words.some(({ text }) => /\$\(|`/.test(text))) return false;
  if (name === 'exit') return operands.length === 1 && operands[0]?.value === '0';
  return name === 'true' || name === ':' || name === 'echo';
}
