import { optionAt } from '../shell/parse.js';
import type { Command, Script } from '../shell/types.js';
import { memoise, remember } from './lazy.js';

/** Questions: what follows them by `&&` is not meant to run always. */
const QUESTIONS: ReadonlySet<string> = new Set(
  '[ [[ test command which type hash grep is-ci is-in-ci in-ci not-in-publish in-publish if-env is-docker ci-info exit exec'.split(
    ' ',
  ),
);

/**
 * True where a command of a script is certain to run, and the script fails with it: no condition, no question before it, no
 * `|| true` behind it, no pipe.
 *
 * @param script null for an exec form, which is one command
 */
export function failsWith(command: Command, script: Script | null): boolean {
  if (!script) return !command.conditional && command.nesting.every((one) => one === 'inner-script' || one === 'group');
  if (script.errors.length > 0 || command.conditional || command.pipeline !== -1) return false;
  if (command.nesting.some((one) => one !== 'group')) return false;
  const { places, firstQuestion, lastRescue } = courseOf(script);
  const at = places.get(command);
  if (at === undefined || firstQuestion < at) return false;
  const stops = optionAt(script, 'errexit', command.span.start) === true;
  return lastRescue(stops ? 'errexit' : 'plain')(command.nesting.length) < at;
}

/** What is the same for all commands of a script. */
const courseOf = memoise(({ commands }: Script) => {
  const question = commands.findIndex(isQuestion);
  return {
    places: new Map(commands.map((command, index) => [command, index])),
    firstQuestion: question === -1 ? commands.length : question,
    /** Behind which command, nested so deeply at most, the script last goes on though it has failed; -1: it never does. */
    lastRescue: remember((mode: 'errexit' | 'plain') =>
      remember((depth: number) =>
        commands.findLastIndex(
          ({ nesting, next }) =>
            nesting.length <= depth && next !== null && next !== '&&' && !(next === ';' && mode === 'errexit'),
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
