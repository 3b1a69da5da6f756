import { joinPath } from '../../context/paths.js';
import { installSpan, installText } from '../../facts/install-inputs.js';
import { certainProject } from '../../facts/manifest-at.js';
import { isMounted } from '../../facts/missing-entry.js';
import { nodeMajor } from '../../facts/node-version.js';
import {
  installWithoutDev,
  type OmittedProgram,
  omittedProgram,
  type SeenInstall,
} from '../../facts/omitted-programs.js';
import { scriptSteps } from '../../facts/package-scripts.js';
import { failsWith } from '../../facts/script-failure.js';
import { plainStart, scriptRuns, startDirectory } from '../../facts/script-runs.js';
import type { CommandUse, Facts, NodeInstall } from '../../facts/types.js';
import { directoryOf } from '../../facts/working-directory.js';
import type { Place, Severity } from '../../model/finding.js';
import type { Span } from '../../model/span.js';
import { defineRule, type FixInput, insertAfter, replace } from '../define-rule.js';

/** A compiler that was left out with the devDependencies is missing when the build calls it. */
export default defineRule({
  id: 'node/dev-dependencies-needed',
  summary: 'Install the devDependencies that the build needs',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    missing: ({ program, pack, install, verb }: Told & { verb: string }) => ({
      message: `\`${program}\` ${verb} not found: \`${install}\` leaves out the devDependencies, and only they have ${pack}`,
      help: 'install the devDependencies here too, and leave them out of the stage that is shipped, or prune after the build',
    }),
    container: ({ program, pack, install }: Told) => ({
      message: `the container stops with \`${program}: not found\`: \`${install}\` leaves out ${pack}, a devDependency`,
      help: `move ${pack} to dependencies, or start what a build stage has compiled with plain node`,
    }),
    impostor: ({ install }: Told) => ({
      message: `\`npx tsc\` fails: \`${install}\` leaves out typescript, and the package that npx fetches as tsc is another one`,
      help: 'install the devDependencies here too, and leave them out of the stage that is shipped, or prune after the build',
    }),
    fetched: ({ program, pack, install }: Told) => ({
      message: `\`npx ${program}\` fetches the newest ${pack} at each build: \`${install}\` leaves out the devDependencies that lock it`,
      help: 'install the devDependencies here too, and leave them out of the stage that is shipped, or prune after the build',
    }),
  },
  check({ facts, report }) {
    if (!facts.context || !facts.node.installs.some((one) => one.omitsDev === true)) return;
    const told = new Set<CommandUse['command']>();
    for (const { use, at, related, seen, found, when } of omissions(facts)) {
      if (told.has(use.command)) continue;
      told.add(use.command);
      const { install } = seen;
      const data = { program: found.program, pack: found.package, install: installText(install) };
      const more = [
        ...related,
        { at: installSpan(install), message: 'leaves out the devDependencies' },
        { at: { file: fileOf(install, facts), span: found.wanted.span }, message: 'is a devDependency' },
      ];
      const severity: Severity | null = found.proven ? null : 'warning';
      const place = { at, related: more, fix: when === 'build' ? fixOf(install) : null, ...(severity && { severity }) };
      if (found.fetched && found.program === 'tsc') report('impostor', { ...place, data });
      else if (found.fetched) report('fetched', { ...place, data, severity: 'warning' });
      else if (when === 'start') report('container', { ...place, data });
      else report('missing', { ...place, data: { ...data, verb: found.proven ? 'is' : 'is most likely' } });
    }
  },
});

interface Told {
  readonly program: string;
  readonly pack: string;
  readonly install: string;
}

interface Omission {
  readonly use: CommandUse;
  readonly at: Span;
  readonly related: readonly { at: Place | Span; message: string }[];
  readonly seen: SeenInstall;
  readonly found: OmittedProgram;
  readonly when: 'build' | 'start';
}

function* omissions(facts: Facts): Generator<Omission> {
  for (const { use, call, project, directory, when } of scriptRuns(facts)) {
    const seen = installWithoutDev(use, directory, facts);
    if (!seen || seen.install.project !== project) continue;
    if (when === 'start' && isMounted(joinPath(directory, 'node_modules'), facts)) continue;
    for (const step of scriptSteps(project, call)) {
      const found = step.certain ? omittedProgram(step.command, seen, use.instruction.span.start, facts) : null;
      if (!found) continue;
      const related = [{ at: step.place, message: `the script \`${step.script}\` calls it` }];
      yield { use, at: call.word.span, related, seen, found, when };
      break;
    }
  }
  yield* direct(facts);
}

/** `RUN npx tsc`, `CMD ["npx", "ts-node", "src/main.ts"]` */
function* direct(facts: Facts): Generator<Omission> {
  const start = plainStart(facts);
  const uses = [...facts.commands().filter(isRunByPackage), ...(start && isRunByPackage(start) ? [start] : [])];
  for (const use of uses) {
    const when = use === start ? 'start' : 'build';
    if (use.stage?.role === 'unreachable' || !failsWith(use.command, use.script)) continue;
    const directory = when === 'start' ? startDirectory(use, facts) : directoryOf(use, facts);
    const seen = directory === null ? null : installWithoutDev(use, directory, facts);
    if (!seen || directory === null || certainProject(use, facts, directory) !== seen.install.project) continue;
    const found = omittedProgram(use.command, seen, use.instruction.span.start, facts);
    const at = use.command.nameWord?.span;
    if (found && at) yield { use, at, related: [], seen, found, when };
  }
}

function isRunByPackage({ command, instruction }: CommandUse): boolean {
  if (instruction.keyword === 'HEALTHCHECK' || instruction.onbuild) return false;
  return (
    command.wrappers.some(({ name }) => /^(?:npx|npm|pnpm|yarn)$/.test(name)) ||
    ((command.name === 'yarn' || command.name === 'pnpm') && command.subcommand === null)
  );
}

function fileOf({ project }: NodeInstall, { document }: Facts) {
  return project?.manifest.source ?? document.source;
}

/** The flag that leaves them out is taken away; where NODE_ENV does it, another says that they are wanted all the same. */
function fixOf({ use: { command }, manager, stage }: NodeInstall): FixInput | null {
  const flag = command.flags.find(
    ({ name, value }) =>
      name === '--production' ||
      name === '--prod' ||
      name === '-P' ||
      (/^--(?:omit|only)$/.test(name) && /^(?:dev|prod)/.test(value ?? '')),
  );
  const word = command.subcommandWord ?? command.nameWord;
  if (flag) {
    // With the blank before it.
    return (
      word && {
        title: 'Install the devDependencies too',
        edits: [replace({ span: { start: flag.span.start - 1, end: flag.span.end } }, '')],
      }
    );
  }
  const major = nodeMajor(stage.image);
  if (manager !== 'npm' || !word || (major !== null && major < 15)) return null;
  return { title: 'Add --include=dev', edits: [insertAfter(word, ' --include=dev')] };
}
