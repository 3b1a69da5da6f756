import { writeJsonForm } from '../../dockerfile/json-form.js';
import { type DirectStart, directStart } from '../../facts/direct-start.js';
import type { CommandUse, NodeStart } from '../../facts/types.js';
import { cover, type Span } from '../../model/span.js';
import type { Command, ShellWord } from '../../shell/types.js';
import { defineRule, type FixInput } from '../define-rule.js';

/** The package manager stays as a parent of the app for as long as the container lives, for nothing. */
export default defineRule({
  id: 'node/no-npm-start',
  summary: 'Start node itself rather than through a package manager',
  category: 'runtime',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'suggestion',
  // The command that it names is in exec form.
  supersedes: ['runtime/exec-form'],
  messages: {
    known: ({ start, manager, command, form }: { start: string; manager: string; command: string; form: string }) => ({
      message: `\`${start}\` keeps ${manager} running in front of \`${command}\`: it takes memory, and signals and exit codes go through it`,
      help: `write ${form}`,
    }),
    unknown: ({ start, manager }: { start: string; manager: string }) => ({
      message: `\`${start}\` keeps ${manager} running in front of the app: it takes memory, and signals and exit codes go through it`,
      help: 'name the program that the script runs, as in CMD ["node", "server.js"]',
    }),
  },
  check({ facts, report }) {
    const { start } = facts.node;
    if (!start?.script || !facts.target || facts.target.isDevelopment) return;
    const { script, use, project, place } = start;
    const at = spanOf(use);
    const data = { start: textOf(use.command), manager: script.manager };
    if (!project || script.text === null) {
      if (!facts.context && script.name === 'start') report('unknown', { at, data, severity: 'info' });
      return;
    }
    const direct = directStart(start, facts);
    if (!direct) return;
    report('known', {
      at,
      data: { ...data, command: direct.words.join(' '), form: formOf(direct, start) },
      related: [{ at: place, message: 'what it runs' }],
      fix: fixOf(direct, start),
    });
  },
});

/** What to write; where the instruction runs other commands too, what to put in the place of the manager. */
function formOf(direct: DirectStart, { use }: NodeStart): string {
  const set = direct.variables.map(({ name, value }) => `ENV ${name}=${value ?? '...'}`);
  if (isOneOfSeveral(use)) {
    return `\`exec ${direct.source}\` in its place${set.length > 0 ? `, and ${set.join(' and ')}` : ''}`;
  }
  const { instruction, command } = use;
  // `tini -- npm start`, `gosu node npm start`: what stands before the manager stays.
  if (command.wrappers.some(({ span }) => span.start >= instruction.span.start))
    return `\`${direct.source}\` in its place`;
  const directory = direct.directory === null ? [] : [`WORKDIR ${direct.directory}`];
  return [...set, ...directory, `${instruction.keyword} ${writeJsonForm(direct.words)}`].join(' and ');
}

function lastWord({ nameWord, words, operands, subcommandWord, subcommand }: Command) {
  return (subcommand === 'start' ? subcommandWord : operands[0]) ?? words.at(-1) ?? nameWord;
}

function isOneOfSeveral({ script }: CommandUse): boolean {
  return (script?.commands.length ?? 1) > 1;
}

/** From the manager to the name of the script; of the manager alone where CMD gives the name to ENTRYPOINT. */
function spanOf({ command, instruction }: CommandUse): Span {
  const last = lastWord(command);
  if (command.nameWord && last && last.span.end > instruction.span.end) return command.nameWord.span;
  return command.nameWord && last ? cover(command.nameWord.span, last.span) : command.span;
}

function textOf(command: Command): string {
  const last = lastWord(command);
  const words: readonly (ShellWord | null)[] = command.words;
  const from = words.indexOf(command.nameWord) + 1;
  const to = words.indexOf(last) + 1;
  return [command.name, ...command.words.slice(from, Math.max(from, to)).map((word) => word.value)].join(' ');
}

/** Where the instruction holds nothing but the manager and the script's name. */
function fixOf(direct: DirectStart, { use }: NodeStart): FixInput | null {
  const { instruction, command } = use;
  if (instruction.keyword !== 'CMD' && instruction.keyword !== 'ENTRYPOINT') return null;
  const form = instruction.command;
  const { words, flags, wrappers, operands, redirects, assignments, nameWord, span } = command;
  if (direct.variables.length > 0 || direct.directory !== null) return null;
  if ((nameWord?.span.start ?? span.start) < instruction.span.start) return null;
  const extra = operands.length - (command.subcommand === 'start' ? 0 : 1);
  if (flags.length + wrappers.length + redirects.length + assignments.length + extra > 0) return null;
  const whole = form.form === 'exec' ? form.strings.length === words.length : use.script?.commands.length === 1;
  if (!whole || instruction.heredocs.length > 0) return null;
  return {
    title: `Start \`${direct.source}\` directly`,
    edits: [{ span: form.span, text: writeJsonForm(direct.words) }],
  };
}
