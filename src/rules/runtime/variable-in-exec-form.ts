import { isOnItsOwn } from '../../facts/entrypoint-role.js';
import { type ExecVariable, execVariable, type StartInstruction } from '../../facts/exec-variables.js';
import { hasNoShell } from '../../facts/shell-form.js';
import type { Facts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, type FixInput } from '../define-rule.js';

/** No shell reads an exec form, and BuildKit expands nothing in it: the program gets the dollar sign and the name. */
export default defineRule({
  id: 'runtime/variable-in-exec-form',
  summary: 'Let a shell expand variables, not a JSON array',
  category: 'runtime',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    argument: ({ variable, program, advice }: Data) => ({
      message: `\`${program}\` gets the text \`${variable}\` itself: no shell is there to put a value in its place`,
      help: advice,
    }),
    program: ({ variable, advice }: Data) => ({
      message: `there is no program of the name \`${variable}\`, and nothing puts a value in its place: the start fails`,
      help: advice,
    }),
  },
  check({ document, facts, report }) {
    if (!document.source.text.includes('$')) return;
    for (const instruction of facts.instructions('CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'RUN')) {
      const found = execVariable(instruction, facts);
      if (!found) continue;
      const line = shellLine(instruction, facts);
      report(found.isProgram ? 'program' : 'argument', {
        at: found.string.span,
        data: {
          variable: shorten(found.string.value),
          program: shorten(found.program),
          advice: adviceFor(found, instruction, line, facts),
        },
        severity: found.certain ? 'error' : 'warning',
        fix: fixOf(found, instruction, line, facts),
      });
    }
  },
});

interface Data {
  readonly variable: string;
  readonly program: string;
  readonly advice: string;
}

/** The same as a shell form or as a script for `sh -c`; null where that is not plain. */
function shellLine(instruction: StartInstruction, facts: Facts): string | null {
  const stage = facts.stageOf(instruction);
  if (instruction.command?.form !== 'exec' || !stage || hasNoShell(instruction, stage, facts)) return null;
  // What ENTRYPOINT is given behind it would be lost, and what stands behind one is no command.
  if (instruction.keyword === 'ENTRYPOINT' && stage.cmd) return null;
  if (instruction.keyword === 'CMD' && !isOnItsOwn(instruction, stage)) return null;
  const words = instruction.command.strings.map(({ value }) => quoted(value));
  if (words.some((word) => word === null)) return null;
  return words.join(' ');
}

function quoted(value: string): string | null {
  if (/^[\w@%+=:,./-]+$/.test(value)) return value;
  if (/^\$\{?\w*(?:OPTS|OPTIONS|ARGS|FLAGS)\}?$/.test(value)) return value;
  if (!value.includes('$')) return value.includes("'") ? null : `'${value}'`;
  return /["\\`!]|\$[^\w{]|\$\{\w+[^\w}]|\$$/.test(value) ? null : `"${value}"`;
}

function adviceFor({ name }: ExecVariable, instruction: StartInstruction, line: string | null, facts: Facts): string {
  const { keyword } = instruction;
  if (keyword !== 'RUN' && isArgOnly(name, instruction, facts))
    return `write \`ENV ${shorten(name)}=$${shorten(name)}\` too, since an ARG ends with the build, and start it by way of a shell`;
  if (line !== null && keyword === 'RUN') return shorten(`write RUN ${line}`, 150);
  const sample =
    line !== null && keyword !== 'HEALTHCHECK'
      ? `${keyword} ${JSON.stringify(['sh', '-c', `exec ${line}`]).replaceAll('","', '", "')}`
      : null;
  if (sample !== null && sample.length < 150) return `write ${sample}`;
  return keyword === 'HEALTHCHECK' || keyword === 'RUN'
    ? 'write it without brackets and quotes, so that a shell runs it'
    : `start it by way of a shell: ${keyword} ["sh", "-c", "exec ... $${shorten(name)}"]`;
}

/** A container sees what ENV sets; ARG is gone by then. */
function isArgOnly(name: string, instruction: StartInstruction, facts: Facts): boolean {
  const { env, args } = facts.stateAt(instruction);
  return env.get(name) === undefined && args.get(name) !== undefined;
}

function fixOf(found: ExecVariable, instruction: StartInstruction, line: string | null, facts: Facts): FixInput | null {
  const { command, keyword } = instruction;
  if (line === null || !command) return null;
  if (keyword !== 'RUN' && isArgOnly(found.name, instruction, facts)) return null;
  const array = JSON.stringify(['sh', '-c', `exec ${line}`]).replaceAll('","', '", "');
  const text = keyword === 'RUN' || keyword === 'HEALTHCHECK' ? line : array;
  return { title: 'Let a shell expand it', edits: [{ span: command.span, text }] };
}
