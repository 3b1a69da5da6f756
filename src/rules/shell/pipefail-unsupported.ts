import type { Instruction } from '../../dockerfile/ast.js';
import { lineAbove } from '../../facts/insert-line.js';
import { lazy } from '../../facts/lazy.js';
import type { Facts, ScriptUse, StageFacts } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

/** dash ends at an option that it does not know, and with it ends the build. */
export default defineRule({
  id: 'shell/pipefail-unsupported',
  summary: 'Set pipefail only in a shell that has it',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    fails: ({ image, end }: { image: string; end: string }) => ({
      message: `${end} here: /bin/sh of ${image} is dash, which has no \`pipefail\` and gives up with \`Illegal option\``,
      help: 'write `SHELL ["/bin/bash", "-o", "pipefail", "-c"]` above, and leave the `set` out',
    }),
  },
  check({ document, facts, report }) {
    const isTouched = lazy(() => touchesShell(facts));
    const firsts = new Map<StageFacts, Instruction>();
    for (const instruction of facts.instructions('RUN', 'CMD', 'ENTRYPOINT')) {
      const stage = facts.stageOf(instruction);
      if (stage?.image.pipefail !== false || stage.image.dialect !== 'dash') continue;
      for (const use of facts.scriptsOf(instruction)) {
        const option = unsupported(use);
        if (!option || isTouched() || bringsShell(stage)) continue;
        // One SHELL above the first is enough for all that follow in the stage.
        const first = firsts.get(stage) ?? instruction;
        if (instruction.keyword === 'RUN' && !instruction.onbuild) firsts.set(stage, first);
        report('fails', {
          at: option.span,
          data: {
            image: stage.image.text ?? 'this image',
            end: instruction.keyword === 'RUN' ? 'the build stops' : 'the container ends',
          },
          fix:
            instruction.onbuild || instruction.keyword !== 'RUN'
              ? null
              : {
                  title: 'Run it with bash',
                  edits: [lineAbove(first, 'SHELL ["/bin/bash", "-c"]', document.source)],
                },
        });
        break;
      }
    }
  },
});

/** The option where `set` itself is what the shell of the instruction is certain to run. */
function unsupported({ script, shell }: ScriptUse) {
  if (shell.explicit || script.errors.length > 0) return undefined;
  return script.options.find(({ name, on, span }) => {
    if (name !== 'pipefail' || !on) return false;
    const command = script.commands.find(
      (one) => one.name === 'set' && one.words.some((word) => word.span.start === span.start),
    );
    return (
      command !== undefined &&
      command.nesting.length === 0 &&
      command.wrappers.length === 0 &&
      command.next !== '||' &&
      !command.conditional &&
      command.redirects.length === 0
    );
  });
}

/** Whoever puts another program in the place of `sh` has a pipefail there, or not. */
function touchesShell(facts: Facts): boolean {
  return facts
    .commands(
      'ln',
      'cp',
      'mv',
      'rm',
      'update-alternatives',
      'dpkg-divert',
      'dpkg-reconfigure',
      'debconf-set-selections',
    )
    .some(({ command }) => command.words.some(({ value }) => /(?:^|\/)(?:sh|dash|bash)$/.test(value)));
}

function bringsShell({ copies }: StageFacts): boolean {
  return copies.some(({ destination }) => destination !== null && /^\/(?:usr\/)?(?:bin(?:\/sh)?)?$/.test(destination));
}
