import { hadolintCommands } from '../../facts/hadolint.js';
import type { CommandUse } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import type { Command } from '../../shell/types.js';
import { defineRule, type FixInput, semantics } from '../define-rule.js';

/** SHELL changes what runs the RUN instructions, and nothing else of the image. */
export default defineRule({
  id: 'shell/use-shell-instruction',
  summary: 'Change the shell of RUN with SHELL',
  category: 'correctness',
  severity: 'warning',
  presets: ['strict'],
  since: '0.2.0',
  aliases: ['DL4005'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  fix: 'suggestion',
  options: { semantics: semantics('hadolint') },
  messages: {
    linked: ({ shell }: { shell: string }) => ({
      message:
        'every script of the image now runs under another `sh` than its distribution has, until an update of the package puts it back',
      help: `write \`SHELL ["${shell}", "-c"]\`, which changes it for the instructions below only`,
    }),
  },
  check({ facts, options, report }) {
    const isBlunt = options.semantics === 'hadolint';
    for (const use of isBlunt ? hadolintCommands(facts, 'ln') : facts.commands('ln')) {
      const { command } = use;
      const link = command.operands.at(-1);
      const shell = shellOf(command);
      if (!link || (isBlunt ? link.value !== '/bin/sh' : shell === null)) continue;
      report('linked', {
        at: link.span,
        data: { shell: shell ?? shorten(command.operands[0]?.value ?? '') },
        fix: instead(use, shell),
      });
    }
  },
});

/** The path of the shell that a command makes `sh` of; null where it does not. */
function shellOf({ operands }: Command): string | null {
  const [target, link, more] = operands;
  if (!target || !link || more || !/^(?:\/usr)?\/bin\/sh$/.test(link.value)) return null;
  const name = /^(?:(?:\/usr(?:\/local)?)?\/bin\/)?((?:ba|k|mk|z)sh)$/.exec(target.value)?.[1];
  return name === undefined ? null : target.value.startsWith('/') ? target.value : `/bin/${name}`;
}

/** Where the RUN does nothing else but take the old link away. */
function instead({ instruction, script }: CommandUse, shell: string | null): FixInput | null {
  if (shell === null || !script || script.errors.length > 0 || instruction.onbuild) return null;
  if (instruction.flags.length > 0 || instruction.heredocs.length > 0) return null;
  const isAll = script.commands.every(
    ({ name, operands, nesting }) =>
      nesting.length === 0 && (name === 'ln' || (name === 'rm' && operands.every(({ value }) => /\/sh$/.test(value)))),
  );
  if (!isAll || script.commands.length > 2) return null;
  return { title: 'Write SHELL', edits: [{ span: instruction.span, text: `SHELL ["${shell}", "-c"]` }] };
}
