import type { Command } from '../shell/types.js';
import { type Download, downloads } from './downloads.js';
import type { Facts } from './types.js';

/** A download that a program runs as it comes. */
export interface PipedDownload {
  readonly download: Download;
  /** The shell, or the interpreter. */
  readonly runner: Command;
}

const SHELL = /^(?:ba|da|a|z|k)?sh$/;
const INTERPRETER = /^(?:python[\d.]*|node|perl|ruby|php)$/;

/** Every `curl ... | sh`, `sh -c "$(curl ...)"`, `bash <(curl ...)` and the like, one for each that runs. */
export function pipedDownloads(facts: Facts): readonly PipedDownload[] {
  const found = new Map<Command, PipedDownload>();
  for (const download of downloads(facts)) {
    const runner = throughPipe(download) ?? throughSubstitution(download);
    if (runner && !found.has(runner)) found.set(runner, { download, runner });
  }
  return [...found.values()];
}

function throughPipe({ use: { command, script } }: Download): Command | null {
  const members = script?.pipelines[command.pipeline]?.members;
  const last = script?.commands[members?.at(-1) ?? -1];
  return last && last !== command && readsProgram(last) ? last : null;
}

/** Whether it takes its program from its input, rather than data for a program that it is given. */
export function readsProgram({ name, flags, operands, redirects, wrappers }: Command): boolean {
  // xargs takes the input for itself.
  if (wrappers.some((wrapper) => wrapper.name === 'xargs')) return false;
  if (redirects.some(({ operator }) => operator.startsWith('<'))) return false;
  const [first] = operands;
  if (SHELL.test(name)) {
    return (
      !flags.some((flag) => flag.name === '-c') &&
      (!first || first.value === '-' || flags.some((flag) => flag.name === '-s'))
    );
  }
  if (!INTERPRETER.test(name)) return false;
  return first ? first.value === '-' : flags.every((flag) => flag.name === '-' || flag.name === '-u');
}

/** So many commands back a substitution looks for the command that it is an argument of. */
const MOST_BACK = 50;

function throughSubstitution({ use: { command, script } }: Download): Command | null {
  const nested = command.nesting.at(-1);
  if (!script || (nested !== 'substitution' && nested !== 'process-substitution')) return null;
  const index = script.commands.indexOf(command);
  const before = script.commands.slice(Math.max(0, index - MOST_BACK), index);
  const outer = before.findLast(({ span }) => span.start <= command.span.start && command.span.end <= span.end);
  const first = outer?.operands[0];
  if (!outer || !first || first.span.start > command.span.start || first.span.end < command.span.end) return null;
  if (nested === 'process-substitution')
    return first.value.startsWith('<(') &&
      (SHELL.test(outer.name) || /^(?:source|\.)$/.test(outer.name) || INTERPRETER.test(outer.name))
      ? outer
      : null;
  if (!/^(?:\$\(|`)/.test(first.value)) return null;
  return outer.name === 'eval' || (SHELL.test(outer.name) && outer.flags.some(({ name }) => name === '-c'))
    ? outer
    : null;
}
