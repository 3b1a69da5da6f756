import { aptSetting } from '../../facts/apt.js';
import { packageInstalls } from '../../facts/packages.js';
import { mayPass } from '../../facts/variable-arguments.js';
import { defineRule, hasFlag, insertAfter, list } from '../define-rule.js';

/** apt also installs "Recommends" unless told otherwise: the usual cause of an unexplained 100 MB layer. */
export default defineRule({
  id: 'apt/no-recommends',
  summary: 'Pass --no-install-recommends to apt-get install',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3015'],
  like: { hadolint: { severity: 'info' } },
  fix: 'suggestion',
  options: { allow: list({ describe: 'Packages that may bring what they recommend' }) },
  messages: {
    missing: ({ tool }: { tool: string }) => ({
      message: `\`${tool} install\` also brings every recommended package into the layer`,
      help: 'add --no-install-recommends, and name what you do need of them',
    }),
  },
  check({ facts, options, report }) {
    if (facts.target?.isDevelopment) return;
    for (const { use, tool, packages } of packageInstalls(facts)) {
      const { command, script, stage } = use;
      if (!stage?.isShipped) continue;
      const { subcommandWord, operands } = command;
      if (tool !== 'apt' || command.name === 'aptitude' || !subcommandWord || operands.length === 0) continue;
      const isAllowed =
        packages.length === operands.length && packages.every(({ name }) => options.allow.includes(name));
      if (isAllowed || hasFlag(command, '--no-install-recommends')) continue;
      const setting = aptSetting('APT::Install-Recommends', use, facts);
      if (setting === 'off' || setting === 'unknown' || mayPass(/--no-install-recommends/, use, facts)) continue;
      report('missing', {
        at: subcommandWord.span,
        data: { tool: command.name },
        fix: script && {
          title: 'Add --no-install-recommends',
          edits: [insertAfter(subcommandWord, ' --no-install-recommends')],
        },
      });
    }
  },
});
