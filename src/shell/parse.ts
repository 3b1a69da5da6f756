import { inSourceOrder, newCollected, type Scope } from './collector.js';
import { joinedFrame, plainFrame } from './frame.js';
import type { Dialect, Script, ShellOption, ShellSource } from './types.js';
import { walkText } from './walk.js';

export interface ParseOptions {
  /**
   * True for the text of an instruction, whose continued lines BuildKit joins before a shell sees them: a comment then
   * reaches to the end of the instruction, and a backslash at the end of a line is gone even in single quotes. False for
   * the body of a heredoc, which the shell gets as it stands.
   *
   * @see https://docs.docker.com/reference/dockerfile/#escape
   */
  readonly joined?: boolean;
}

/** So many heredocs of one text are no script; the parser takes quadratic time for them. */
const MOST_HEREDOCS = 2000;

/**
 * Finds every simple command of a script, nested ones and those of inner scripts (`sh -c '...'`) among them.
 *
 * Never throws: what cannot be read is in {@link Script.errors}, and commands after that place may be missing. All
 * dialects are read as bash, which takes in what rules ask about.
 */
export function parseScript(source: ShellSource, dialect: Dialect, options: ParseOptions = {}): Script {
  const { text, offset } = source;
  const joins = options.joined === true;
  const collected = newCollected();
  const shell = { start: offset, end: offset + text.length };
  const scope: Scope = {
    nesting: [],
    conditional: false,
    statusUnused: false,
    shell,
    wrappers: [],
    assignments: [],
    depth: 0,
  };
  const textOf = (from: number, to: number) => {
    const written = text.slice(from - offset, to - offset);
    return joins ? written.replaceAll('\\\n', '') : written;
  };
  try {
    if (hasTooManyHeredocs(text)) collected.errors.push({ message: 'too many heredocs to be read', span: shell });
    else walkText(joins ? joinedFrame(text, offset) : plainFrame(text, offset), scope, collected, textOf);
  } catch (error) {
    // The parser's own recursion has no bound for a few constructs, such as `f() f() f() ...`.
    if (!(error instanceof RangeError)) throw error;
    collected.errors.push({ message: 'nested too deep to be read', span: shell });
  }
  const { commands, pipelines } = inSourceOrder(collected);
  return {
    source,
    dialect,
    commands,
    pipelines,
    options: collected.options,
    assigned: collected.assigned,
    errors: collected.errors,
  };
}

/** True where an option holds at an offset of the Dockerfile; null: the script does not say. */
export function optionAt(script: Script, name: string, offset: number): boolean | null {
  const isInForce = (option: ShellOption) =>
    option.name === name && option.scope.start <= offset && offset < option.scope.end;
  return script.options.findLast(isInForce)?.on ?? null;
}

function hasTooManyHeredocs(text: string): boolean {
  let count = 0;
  for (let at = text.indexOf('<<'); at !== -1; at = text.indexOf('<<', at + 2))
    if (++count > MOST_HEREDOCS) return true;
  return false;
}
