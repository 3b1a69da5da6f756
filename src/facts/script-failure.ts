import { optionAt } from '../shell/parse.js';
import type { Command, Script } from '../shell/types.js';

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
  const { commands, errors } = script;
  const at = commands.indexOf(command);
  if (at < 0 || errors.length > 0 || command.conditional || command.pipeline !== -1) return false;
  if (command.nesting.some((one) => one !== 'group')) return false;
  if (commands.slice(0, at).some(isQuestion)) return false;
  const stops = optionAt(script, 'errexit', command.span.start) === true;
  return commands.slice(at).every((one) => {
    if (one.nesting.length > command.nesting.length) return true;
    return one.next === null || one.next === '&&' || (one.next === ';' && stops);
  });
}

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
