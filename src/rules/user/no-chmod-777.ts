import type { Instruction } from '../../dockerfile/ast.js';
import { modeChanges, readMode } from '../../facts/file-modes.js';
import { remember } from '../../facts/lazy.js';
import type { Facts } from '../../facts/types.js';
import type { ShellWord } from '../../shell/types.js';
import { defineRule, hasFlag } from '../define-rule.js';

/** What every user may write, every process of the container may replace: a program, a script, a setting. */
export default defineRule({
  id: 'user/no-chmod-777',
  summary: 'Give files to the user that needs them rather than to everybody',
  category: 'security',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    everybody: ({ mode, path }: { mode: string; path: string | null }) => ({
      message: `\`${mode}\` lets every process of the container, whatever user it runs as, change ${path === null ? 'these files' : `\`${path}\``}`,
      help: 'give them to the user that writes: `COPY --chown=app` or `chown`, with mode 755 or 644',
    }),
  },
  check({ facts, report }) {
    const removedBy = operandsOf('rm', facts);
    const madeBy = operandsOf('mkdir', facts);
    for (const { use, mode, word, files } of modeChanges(facts)) {
      if (!mode.worldWritable || use.stage?.isShipped !== true || files.every(isScratch)) continue;
      if (files.every(({ value }) => (removedBy(use.instruction).get(plain(value)) ?? -1) > word.span.start)) continue;
      const path = files.length === 1 ? (files[0]?.value ?? null) : null;
      const isNew = ({ value }: ShellWord) => (madeBy(use.instruction).get(plain(value)) ?? Infinity) < word.span.start;
      report('everybody', {
        at: word.span,
        data: { mode: word.value, path },
        // Images that may run as any user have such directories for their data, with nothing in them to replace.
        ...(!hasFlag(use.command, '-R', '--recursive') && files.every(isNew) && { severity: 'info' }),
      });
    }
    for (const instruction of facts.instructions('COPY', 'ADD')) {
      const flag = instruction.flags.findLast(({ name }) => name === 'chmod');
      if (!flag?.value || facts.stageOf(instruction)?.isShipped !== true) continue;
      const value = facts.expand(flag.value, instruction);
      const text = value.ok ? value.value : null;
      if (
        text === null ||
        readMode(text)?.worldWritable !== true ||
        /^\/?tmp\//.test(instruction.destination?.text ?? '')
      )
        continue;
      report('everybody', { at: flag.value.span, data: { mode: text, path: null } });
    }
  },
});

/** Meant for everybody, or not of the image at all. */
function isScratch({ value }: ShellWord): boolean {
  return /^\/(?:tmp|var\/tmp|dev|proc|sys|run\/lock|var\/lock)(?:\/|$)/.test(value);
}

/** What each RUN removes or makes, with the last place that does so: a script may be made, run and removed. */
function operandsOf(name: string, facts: Facts): (instruction: Instruction) => ReadonlyMap<string, number> {
  return remember((instruction) => {
    const uses = facts.commandsOf(instruction).filter(({ command }) => command.name === name);
    return new Map(
      uses.flatMap(({ command }) => command.operands.map(({ value, span }) => [plain(value), span.start])),
    );
  });
}

function plain(path: string): string {
  return path.replace(/(?<=.)\/$/, '');
}
