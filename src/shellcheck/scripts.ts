import type { RunInstruction } from '../dockerfile/ast.js';
import type { Facts, ScriptUse, StageState } from '../facts/types.js';
import { type Frame, joinedFrame, plainFrame } from '../shell/frame.js';
import type { Dialect } from '../shell/types.js';
import { isPlain } from './plain.js';
import type { CheckedScript, ShellcheckSettings } from './types.js';

/**
 * The scripts of every RUN that ShellCheck may have something to say of: shell forms and heredocs, those of ONBUILD too.
 *
 * It reads what the shell will read: continued lines are joined, as BuildKit does, and comment lines between them are
 * gone. ARG, ENV and the variables of secret mounts count as set.
 */
export function scriptsToCheck(facts: Facts, semantics: ShellcheckSettings['semantics']): readonly CheckedScript[] {
  return facts.instructions('RUN').flatMap((instruction) => {
    return facts.scriptsOf(instruction).flatMap((use) => checkedScript(instruction, use, facts, semantics) ?? []);
  });
}

function checkedScript(
  instruction: RunInstruction,
  use: ScriptUse,
  facts: Facts,
  semantics: ShellcheckSettings['semantics'],
): CheckedScript | null {
  const { script, shell, from } = use;
  const isKnown = shell.explicit || shell.dialect !== null;
  const dialect = semantics === 'hadolint' && !shell.explicit ? 'sh' : (shell.dialect ?? 'sh');
  const program = PROGRAMS[dialect];
  if (program === null || isPlain(script)) return null;
  const isJoined = from === 'instruction';
  const { text, offset } = script.source;
  const frame = isJoined ? joinedFrame(text, offset) : plainFrame(text, offset);
  // hadolint does not tell ShellCheck that the shell stops at the first error.
  const stops = semantics === 'plimsoll' && shell.options.has('errexit');
  const head = `#!/bin/${program}${stops ? ' -e' : ''}\n${exportsOf(frame.text, instruction, facts, semantics)}\n`;
  return {
    instruction,
    text: head + withoutShebang(frame),
    frame,
    isJoined,
    isShellKnown: semantics === 'hadolint' || isKnown,
  };
}

/** What names the dialect on a `#!` line; null: ShellCheck cannot read it. */
const PROGRAMS: Readonly<Record<Dialect, string | null>> = {
  sh: 'sh',
  bash: 'bash',
  dash: 'dash',
  ash: 'busybox sh',
  ksh: 'ksh',
  zsh: null,
};

/** A script brings its own `#!` line in a heredoc; ours names the same shell and stands above it. */
function withoutShebang({ text }: Frame): string {
  if (!text.startsWith('#!')) return text;
  const end = text.search(/\n|$/);
  return ' '.repeat(end) + text.slice(end);
}

/**
 * `export A=1 B=1`: the variables in the script that have a value before it begins. hadolint names all of them, and ShellCheck
 * then takes a variable that it does not know for a misspelling of one that it does.
 */
function exportsOf(
  text: string,
  instruction: RunInstruction,
  facts: Facts,
  semantics: ShellcheckSettings['semantics'],
): string {
  if (!text.includes('$') && !text.includes('((')) return '';
  const state = facts.stateAt(instruction);
  const secrets = new Set(instruction.mounts.flatMap(({ options }) => options.get('env') ?? []));
  const names = new Set<string>();
  for (const [name] of text.matchAll(/[A-Za-z_]\w*/g)) if (isSet(name, state, secrets)) names.add(name);
  if (semantics === 'hadolint') {
    for (const { pairs } of facts.instructions('ENV', 'ARG'))
      for (const { key } of pairs) if (NAME.test(key.text) && isSet(key.text, state, secrets)) names.add(key.text);
  }
  const sorted = [...names].sort();
  return sorted.length === 0 ? '' : `export ${sorted.map((name) => `${name}=1`).join(' ')}`;
}

const NAME = /^[A-Za-z_]\w*$/;

function isSet(name: string, { env, args }: StageState, secrets: ReadonlySet<string>): boolean {
  return env.get(name) !== undefined || args.get(name) !== undefined || secrets.has(name) || PREDEFINED.has(name);
}

/** Build arguments that every stage has without an ARG: https://docs.docker.com/reference/dockerfile/#predefined-args */
const PREDEFINED = new Set(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
);
