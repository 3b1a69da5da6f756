import { joinPath } from '../../context/paths.js';
import { broughtBy } from '../../facts/copies.js';
import { copiesBefore } from '../../facts/node.js';
import { isGlobal } from '../../facts/npm-packages.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { directoryOf } from '../../facts/working-directory.js';
import type { ShellWord } from '../../shell/types.js';
import { defineRule, hasFlag } from '../define-rule.js';

/** What is added in the Dockerfile is in neither package.json nor the lockfile of the project. */
export default defineRule({
  id: 'node/no-adhoc-install',
  summary: 'List packages in package.json instead of adding them in the Dockerfile',
  category: 'reproducibility',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  messages: {
    added: ({ command, name, others }: { command: string; name: string; others: number }) => ({
      message: `\`${command}\` adds ${name}${others > 0 ? ` (and ${others} more)` : ''} to package.json and the lockfile in the image alone, where nobody sees or tests it`,
      help: `run \`${command} ${name}\` in the project, and commit what it changes`,
    }),
  },
  check({ facts, report }) {
    for (const use of facts.commands('npm', 'yarn', 'pnpm', 'bun')) {
      const { command, stage, instruction } = use;
      if (!VERBS[command.name]?.test(command.subcommand ?? '') || isGlobal(command) || !stage) continue;
      if (instruction.keyword !== 'RUN' || instruction.onbuild || stage.isDevelopment || stage.role === 'unreachable')
        continue;
      if (hasFlag(command, ...ELSEWHERE) || command.flags.some(({ unknown, literal }) => unknown || !literal)) continue;
      const names = command.operands.filter((word) => word.literal && NAME.test(word.value));
      const [first] = names;
      if (!first || names.length !== command.operands.length || !hasManifest(use, names, facts)) continue;
      const verb = `${command.name} ${command.subcommandWord?.value ?? ''}`;
      report('added', { at: first.span, data: { command: verb, name: first.value, others: names.length - 1 } });
    }
  },
});

const VERBS: Readonly<Record<string, RegExp>> = {
  npm: /^install$/,
  yarn: /^add$/,
  pnpm: /^(?:add|install)$/,
  bun: /^(?:add|install)$/,
};

/** `--no-save` leaves the project as it is; the others are for another machine or place than the project's. */
const ELSEWHERE = [
  '--no-save',
  '--prefix',
  '--cpu',
  '--os',
  '--libc',
  '--platform',
  '--arch',
  '--dir',
  '-C',
  '--cwd',
].concat(['--workspace', '-w', '--filter', '-F', '--no-package-lock', '--no-lockfile']);

const NAME = /^(?:@[\w.~-]+\/)?[A-Za-z0-9][\w.~-]*(?:@[\w.^~*-]+)?$/;

/** A COPY has brought the manifest of a project, and that does not list what is added. */
function hasManifest(use: CommandUse, names: readonly ShellWord[], facts: Facts): boolean {
  const { stage, instruction } = use;
  const directory = directoryOf(use, facts);
  if (!stage || directory === null) return false;
  const path = joinPath(directory, 'package.json');
  for (const copy of copiesBefore(stage, instruction).filter(({ origin }) => origin === 'context')) {
    if (facts.context) {
      const origin = broughtBy(copy, path, facts.context);
      if (origin === null) continue;
      const project = facts.context.node(origin.replace(/\/?package\.json$/, '') || '.');
      if (!project) return false;
      const { dependencies, devDependencies, optionalDependencies } = project.manifest;
      return names.every(({ value }) => {
        const name = value.replace(/(.)@.*$/, '$1');
        return !dependencies.has(name) && !devDependencies.has(name) && !optionalDependencies.has(name);
      });
    }
    const isNamed = copy.sources.some((one) => /^(?:\.\/)?package(?:\*|\.json|\*\.json)$/.test(one.path ?? ''));
    if (isNamed && (copy.destination === directory || copy.destination === path)) return true;
  }
  return false;
}
