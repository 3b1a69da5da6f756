import { hadolintCommands } from '../../facts/hadolint.js';
import type { CommandUse } from '../../facts/types.js';
import { defineRule, semantics } from '../define-rule.js';

const BLUNT = ['ssh', 'vim', 'shutdown', 'service', 'ps', 'free', 'top', 'kill', 'mount'];
const EDITORS = ['vim', 'vi', 'nano', 'top', 'htop'];
const POWER = ['shutdown', 'reboot', 'halt', 'poweroff'];

/** A RUN has no terminal, no init system and no rights over the machine, and its processes end with it. */
export default defineRule({
  id: 'shell/no-pointless-command',
  summary: 'Leave out commands that do nothing in a build',
  category: 'correctness',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  aliases: ['DL3001'],
  like: { hadolint: { severity: 'info', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    terminal: ({ name }: { name: string }) => ({
      message: `\`${name}\` waits for a terminal, and a build has none`,
      help: 'leave it out, or write the change as a command',
    }),
    power: ({ name }: { name: string }) => ({
      message: `\`${name}\` has no machine to act on: a RUN is one process in a container`,
      help: 'leave it out',
    }),
    mount: () => ({
      message: '`mount` is not permitted in a build, and a layer would not keep it',
      help: 'use `RUN --mount`, or a volume when the container runs',
    }),
    pointless: ({ name }: { name: string }) => ({
      message: `\`${name}\` is about running processes or another machine: it leaves nothing behind in the image`,
      help: 'leave it out, unless something in the same RUN needs it',
    }),
  },
  check({ facts, options, report }) {
    if (options.semantics === 'hadolint') {
      for (const { command } of hadolintCommands(facts, ...BLUNT))
        report('pointless', { at: (command.nameWord ?? command).span, data: { name: command.name } });
      return;
    }
    for (const use of facts.commands(...EDITORS, ...POWER, 'mount')) {
      const { command, instruction } = use;
      const { name } = command;
      if (!command.nameWord || command.conditional || command.next === '||' || instruction.heredocs.length > 0)
        continue;
      const place = { at: command.nameWord.span, data: { name } };
      if (EDITORS.includes(name)) {
        // With arguments it may well work by itself: `vim +PlugInstall +qall`, `top -bn1`.
        if (command.words.length === 1 && isAlone(use)) report('terminal', place);
      } else if (POWER.includes(name)) report('power', place);
      else if (command.operands.length > 1 && instruction.flags.every((flag) => flag.name !== 'security'))
        report('mount', { at: place.at });
    }
  },
});

function isAlone({ command }: CommandUse): boolean {
  return command.pipeline === -1 && command.redirects.length === 0;
}
