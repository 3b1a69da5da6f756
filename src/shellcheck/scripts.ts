import type { RunInstruction } from '../dockerfile/ast.js';
import type { Facts, ScriptUse, StageState } from '../facts/types.js';
import { type Frame, joinedFrame, plainFrame } from '../shell/frame.js';
import type { Dialect } from '../shell/types.js';
import { type HadolintView, hadolintViews } from './hadolint-view.js';
import { isPlain } from './plain.js';
import type { CheckedScript, ShellcheckSettings } from './types.js';

/**
 * The scripts of every RUN that ShellCheck may have something to say of: shell forms and heredocs, those of ONBUILD too.
 *
 * It reads what the shell will read: continued lines are joined, as BuildKit does, and comment lines between them are
 * gone. ARG, ENV and the variables of secret mounts count as set.
 */
export function scriptsToCheck(facts: Facts, semantics: ShellcheckSettings['semantics']): readonly CheckedScript[] {
  const viewOf = semantics === 'hadolint' ? hadolintViews(facts.document) : null;
  return facts.instructions('RUN').flatMap((instruction) => {
    return facts.scriptsOf(instruction).flatMap((use) => {
      return checkedScript(instruction, use, facts, viewOf?.(instruction) ?? null) ?? [];
    });
  });
}

/** @param view what hadolint knows at that place; null: our own reading */
function checkedScript(
  instruction: RunInstruction,
  use: ScriptUse,
  facts: Facts,
  view: HadolintView | null,
): CheckedScript | null {
  const { script, shell, from } = use;
  const known = shell.explicit ? shell.dialect : view ? view.dialect : shell.dialect;
  const program = PROGRAMS[known ?? 'sh'];
  if (program === null || isPlain(script)) return null;
  // An image that nobody knows, and a script that only Windows can run.
  if (!view && known === null && WINDOWS_PATH.test(script.source.text)) return null;
  const isJoined = from === 'instruction';
  const { text, offset } = script.source;
  const frame = isJoined ? joinedFrame(text, offset) : plainFrame(text, offset);
  // hadolint does not tell ShellCheck that the shell stops at the first error.
  const stops = !view && shell.options.has('errexit');
  const names = view ? view.names : setNames(frame.text, instruction, facts);
  const sorted = [...new Set(names)].sort();
  const exports = sorted.length === 0 ? '' : `export ${sorted.map((name) => `${name}=1`).join(' ')}`;
  return {
    instruction,
    text: `#!/bin/${program}${stops ? ' -e' : ''}\n${exports}\n${withoutShebang(frame)}`,
    frame,
    isJoined,
    script,
    dialect: known,
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

const WINDOWS_PATH = /(?:^|[\s"'=])(?:[A-Za-z]:\\\w|%\w{1,60}%\\)/;

/** A script brings its own `#!` line in a heredoc; ours names the same shell and stands above it. */
function withoutShebang({ text }: Frame): string {
  if (!text.startsWith('#!')) return text;
  const end = text.search(/\n|$/);
  return ' '.repeat(end) + text.slice(end);
}

/** Variables that the script names and that have a value before it begins. */
function setNames(text: string, instruction: RunInstruction, facts: Facts): readonly string[] {
  if (!text.includes('$') && !text.includes('((')) return [];
  const state = facts.stateAt(instruction);
  const secrets = new Set(instruction.mounts.flatMap(({ options }) => options.get('env') ?? []));
  return [...text.matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name).filter((name) => isSet(name, state, secrets));
}

function isSet(name: string, { env, args }: StageState, secrets: ReadonlySet<string>): boolean {
  return env.get(name) !== undefined || args.get(name) !== undefined || secrets.has(name) || PREDEFINED.has(name);
}

/** Build arguments that every stage has without an ARG: https://docs.docker.com/reference/dockerfile/#predefined-args */
const PREDEFINED = new Set(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
);
