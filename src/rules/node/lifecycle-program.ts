import { installSpan, installText } from '../../facts/install-inputs.js';
import { lifecycleSteps } from '../../facts/lifecycle.js';
import { alone, omittedProgram } from '../../facts/omitted-programs.js';
import { shorten } from '../../model/shorten.js';
import { defineRule } from '../define-rule.js';

/** An install without devDependencies runs `prepare` all the same, and husky, tsc or patch-package are not there. */
export default defineRule({
  id: 'node/lifecycle-program',
  summary: 'Let lifecycle scripts do without the devDependencies that are left out',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  supersedes: ['node/lifecycle-inputs'],
  messages: {
    missing: ({ program, pack, install, script, advice }: Told) => ({
      message: `\`${install}\` stops at the script \`${script}\`: \`${program}\` is not found, since the devDependency ${pack} is left out`,
      help: advice,
    }),
    likely: ({ program, pack, install, script, advice }: Told) => ({
      message: `\`${install}\` most likely stops at the script \`${script}\`: \`${program}\` comes from the devDependency ${pack}, which is left out`,
      help: advice,
    }),
  },
  check({ facts, report }) {
    for (const install of facts.node.installs) {
      if (install.omitsDev !== true || !install.project) continue;
      const seen = alone(install, facts);
      if (!seen) continue;
      for (const step of lifecycleSteps(install, facts)) {
        if (!step.certain) continue;
        const found = omittedProgram(step.command, seen, install.instruction.span.start, facts);
        if (!found || found.fetched) continue;
        const { program, package: pack, proven, wanted } = found;
        const script = step.hook;
        const data = {
          program,
          pack,
          script,
          install: installText(install),
          advice: adviceOf(program, script, step.command.words.map(({ value }) => value).join(' ')),
        };
        report(proven ? 'missing' : 'likely', {
          at: installSpan(install),
          data,
          related: [
            { at: step.place, message: 'is run by the install' },
            { at: { file: install.project.manifest.source, span: wanted.span }, message: 'is a devDependency' },
          ],
          ...(proven ? {} : { severity: 'warning' }),
        });
        break;
      }
    }
  },
});

interface Told {
  readonly program: string;
  readonly pack: string;
  readonly install: string;
  readonly script: string;
  readonly advice: string;
}

/** Programs that set up hooks for git, which no image needs. */
const HOOKS = /^(?:husky|simple-git-hooks|lefthook|pre-commit|yorkie)$/;

function adviceOf(program: string, script: string, text: string): string {
  if (HOOKS.test(program))
    return `write \`${shorten(text)} || true\` in that script, or run \`npm pkg delete scripts.${script}\` before the install`;
  if (program === 'patch-package') return 'move patch-package to dependencies: the patches are for the image too';
  return `install with \`--ignore-scripts\`, or run \`npm pkg delete scripts.${script}\` before it, if the image needs none of it`;
}
