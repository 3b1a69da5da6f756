import { hadolintPipes } from '../../facts/hadolint-pipes.js';
import { hiddenFailure } from '../../facts/pipelines.js';
import type { ScriptUse, StageFacts } from '../../facts/types.js';
import { defineRule, semantics } from '../define-rule.js';

/** `curl ... | tar x` succeeds as long as the last command does: half a download becomes a layer, and the build is green. */
export default defineRule({
  id: 'shell/pipefail',
  summary: 'Let a pipe fail when any of its commands does',
  category: 'correctness',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL4006'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    pipe: ({ shell }: { shell: string }) => ({
      message: 'a pipe has the status of its last command unless pipefail is on, and no SHELL above turns it on',
      help: `write \`SHELL ["${shell}", "-o", "pipefail", "-c"]\` above`,
    }),
    hidden: ({ name, advice }: { name: string; advice: string }) => ({
      message: `where \`${name}\` fails, the build goes on: a pipe has the status of its last command`,
      help: advice,
      label: `the failure of ${name} ends here`,
    }),
  },
  check({ facts, options, report }) {
    if (options.semantics === 'hadolint') {
      for (const { pipe, instruction } of hadolintPipes(facts)) {
        const isAsh = facts.stageOf(instruction)?.image.dialect === 'ash';
        report('pipe', { at: pipe, data: { shell: isAsh ? '/bin/ash' : '/bin/bash' } });
      }
      return;
    }
    for (const instruction of facts.instructions('RUN')) {
      const stage = facts.stageOf(instruction);
      for (const use of facts.scriptsOf(instruction)) {
        const first = hiddenFailure(use);
        if (!first) continue;
        report('hidden', { at: first.pipe, data: { name: first.command.name, advice: adviceFor(use, stage) } });
        break;
      }
    }
  },
});

/** What works depends on the shell: dash, the `sh` of Debian and Ubuntu, has no pipefail in most releases. */
function adviceFor({ shell, from }: ScriptUse, stage: StageFacts | null): string {
  const own = shell.explicit ? shell.dialect : (stage?.image.dialect ?? null);
  const setting =
    from === 'heredoc' ? 'begin the script with `set -eo pipefail`' : 'begin the RUN with `set -o pipefail &&`';
  if (own === 'bash' || own === 'ksh' || own === 'zsh') return setting;
  const ashHere = own === 'ash' || (own === 'sh' && stage?.image.dialect === 'ash');
  if (ashHere) return `${setting}, or write \`SHELL ["/bin/ash", "-eo", "pipefail", "-c"]\` above`;
  if (stage?.image.pipefail === true) return setting;
  return 'write `SHELL ["/bin/bash", "-o", "pipefail", "-c"]` above: `sh` may not have pipefail, and bash does';
}
