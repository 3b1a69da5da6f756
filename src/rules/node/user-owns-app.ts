import { workdirOfRoot } from '../../facts/directory-owner.js';
import { hasDependencies, installSpan, installText } from '../../facts/install-inputs.js';
import { copiesBefore, runsBefore } from '../../facts/node.js';
import { privilegeAt } from '../../facts/privileges.js';
import type { CommandUse, Facts, NodeInstall } from '../../facts/types.js';
import { directoryOf } from '../../facts/working-directory.js';
import type { ShellWord } from '../../shell/types.js';
import { defineRule, hasFlag } from '../define-rule.js';

/** A WORKDIR that root makes is root's, and `COPY --chown` changes only what it copies. */
export default defineRule({
  id: 'node/user-owns-app',
  summary: 'Give the directory of the app to the user that writes there',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    denied: ({ command, directory, user }: { command: string; directory: string; user: string }) => ({
      message: `\`${command}\` fails (permission denied): root made \`${directory}\`, and \`${user}\` may not write there`,
      help: `write \`RUN chown ${user} ${directory}\` after that WORKDIR, before \`USER ${user}\``,
    }),
  },
  check({ facts, report }) {
    const users = facts.instructions('USER');
    if (users.length === 0) return;
    const told = new Set<object>();
    const tell = (
      use: CommandUse,
      directory: string | null,
      at: { start: number; end: number },
      text: string,
    ): void => {
      const { stage, instruction, command } = use;
      if (!stage || directory === null || told.has(stage) || stage.role === 'unreachable') return;
      if (instruction.keyword !== 'RUN' || instruction.onbuild || instruction.mounts.length > 0) return;
      if (!mustSucceed(use) || command.wrappers.length > 0 || privilegeAt(instruction, facts) !== 'other') return;
      const { user } = facts.stateAt(instruction);
      if (user?.by?.argumentsText.includes('$')) return;
      const owned = user?.by && user.value ? workdirOfRoot(directory, stage, instruction, facts) : null;
      if (!owned || !user?.by || user.value === null) return;
      told.add(stage);
      const related = [
        { at: owned.maker.argumentsSpan, message: 'root makes it here' },
        { at: user.by.argumentsSpan, message: 'from here on it is another user' },
      ];
      const name = user.value.replace(/:.*/, '');
      report('denied', {
        at,
        data: { command: text, directory, user: name },
        related: related.sort((a, b) => a.at.start - b.at.start),
        severity: owned.copiedOver ? 'warning' : 'error',
      });
    };
    for (const install of facts.node.installs)
      if (makesModules(install, facts))
        tell(install.use, install.directory, installSpan(install), installText(install));
    for (const use of facts.commands('mkdir')) {
      const made = newDirectory(use);
      if (made) tell(use, directoryOf(use, facts), made.span, `mkdir ${made.value}`);
    }
  },
});

/** False where the RUN may go on after a failure. */
function mustSucceed({ command, script, instruction }: CommandUse): boolean {
  if (command.conditional || command.nesting.length > 0 || command.pipeline >= 0) return false;
  if (command.next === null || command.next === '&&') return true;
  return script !== null && command.next === ';' && /^\s*set -e/.test(instruction.argumentsText);
}

/** Where node_modules is put elsewhere, or something that is there already may be enough, nothing is certain. */
function makesModules({ use, directory, stage, project }: NodeInstall, facts: Facts): boolean {
  const { command } = use;
  if (hasFlag(command, '--dry-run', '--modules-folder', '--modules-dir', '--virtual-store-dir', '--cwd', '--dir'))
    return false;
  if (command.flags.some(({ unknown }) => unknown) || command.words.some(({ literal }) => !literal)) return false;
  if (project && (!hasDependencies(project) || MODULES.some((key) => project.npmrc?.has(key)))) return false;
  const earlier = facts.node.installs.some(
    (one) => one.use.command.span.start < command.span.start && one.directory === directory,
  );
  const copied = stage.copies.some(({ sources }) =>
    sources.some(({ path }) => path?.includes('node_modules') !== false),
  );
  return !earlier && !copied && directory !== null;
}

/** Settings of .npmrc by which pnpm puts the packages elsewhere, or nowhere. */
const MODULES = ['modules-dir', 'virtual-store-dir', 'enable-modules-dir', 'node-linker'];

/** The first directory of a `mkdir` that it makes right where it runs. */
function newDirectory({ command, stage, instruction }: CommandUse): ShellWord | null {
  const [first] = command.operands;
  if (!first?.literal || !stage || instruction.keyword !== 'RUN' || command.flags.some(({ unknown }) => unknown))
    return null;
  if (!/^(?:\.\/)?\.?[\w-][\w.-]*$/.test(first.value)) return null;
  if (!hasFlag(command, '-p', '--parents')) return first;
  // What is there already is no matter to `mkdir -p`; files have a name with a dot in it.
  const isFile = (path: string | null): boolean => path !== null && /\w\.[a-z]+$/.test(path);
  const copies = copiesBefore(stage, instruction);
  const isMade = runsBefore(stage, instruction).some(
    (run) => run !== instruction && run.argumentsText.includes(first.value),
  );
  return !isMade && copies.every(({ sources }) => sources.every(({ path }) => isFile(path))) ? first : null;
}
