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
    known: ({
      start,
      manager,
      command,
      form,
      variables,
    }: {
      start: string;
      manager: string;
      command: string;
      form: string;
      variables: string;
    }) => ({
      message: `\`${start}\` keeps ${manager} running in front of \`${command}\`: it takes memory, and may not pass on signals`,
      help: `write ${form}${variables}`,
    }),
    unknown: ({ start, manager }: { start: string; manager: string }) => ({
      message: `\`${start}\` keeps ${manager} running in front of the app: it takes memory, and may not pass on signals`,
      help: 'name the program that the script runs, as in CMD ["node", "server.js"]',
    }),
  },
  check({ facts, report }) {
    const { start } = facts.node;
    if (!start?.script || !facts.target || facts.target.isDevelopment) return;
    const { script, use, project } = start;
    const span = spanOf(use);
    const text = textOf(use.command);
    if (!project || script.text === null) {
      if (facts.context || script.name !== 'start') return;
      report('unknown', { at: span, data: { start: text, manager: script.manager }, severity: 'info' });
      return;
    }
    if (!runsNode(start) || hasHooks(start)) return;
    const { command, place } = start;
    const form = isOneOfSeveral(start)
      ? `\`exec ${command.words.map((word) => word.text).join(' ')}\` in its place`
      : `${use.instruction.keyword} ${execForm(command)}`;
    const set = command.assignments.map((one) => one.name);
    const variables = set.length === 0 ? '' : `, and set ${set.join(', ')} with ENV`;
    const from = use.command.nameWord?.span.start ?? use.command.span.start;
    report('known', {
      at: span,
      data: {
        start: text,
        manager: script.manager,
        command: command.words.map((word) => word.text).join(' '),
        form,
        variables,
      },
      related: [{ at: place, message: 'what it runs' }],
      fix: set.length === 0 && from >= use.instruction.span.start ? fixOf(start) : null,
    });
  },
});

/** `node FILE` without anything that only the shell of a script would do. */
function runsNode({ simple, command, use }: NodeStart): boolean {
  return (
    simple &&
    command.name === 'node' &&
    command.operands.length > 0 &&
    command.wrappers.every((wrapper) => wrapper.name === 'cross-env' || wrapper.name === 'exec') &&
    command.redirects.length === 0 &&
    command.next === null &&
    command.words.every((word) => word.literal) &&
    command !== use.command
  );
}

/** `prestart` and `poststart` run with the script, and would no longer. */
function hasHooks({ script, project }: NodeStart): boolean {
  const scripts = project?.manifest.scripts;
  return script?.chain.some((name) => scripts?.has(`pre${name}`) || scripts?.has(`post${name}`)) ?? true;
}

function execForm(command: Command): string {
  return `[${command.words.map((word) => JSON.stringify(word.value)).join(', ')}]`;
}

function lastWord({ nameWord, words, operands, subcommandWord, subcommand }: Command) {
  return (subcommand === 'start' ? subcommandWord : operands[0]) ?? words.at(-1) ?? nameWord;
}

function isOneOfSeveral({ use }: NodeStart): boolean {
  return (use.script?.commands.length ?? 1) > 1;
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
function fixOf(start: NodeStart): FixInput | null {
  const { use, command } = start;
  const { instruction } = use;
  if (instruction.keyword !== 'CMD' && instruction.keyword !== 'ENTRYPOINT') return null;
  const form = instruction.command;
  const { words, flags, wrappers, operands, redirects, assignments } = use.command;
  const extra = operands.length - (use.command.subcommand === 'start' ? 0 : 1);
  if (flags.length + wrappers.length + redirects.length + assignments.length + extra > 0) return null;
  const whole = form.form === 'exec' ? form.strings.length === words.length : use.script?.commands.length === 1;
  if (!whole || instruction.heredocs.length > 0) return null;
  return {
    title: `Start \`${command.words.map((word) => word.text).join(' ')}\` directly`,
    edits: [{ span: form.span, text: execForm(command) }],
  };
}
