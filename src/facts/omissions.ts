import { joinPath } from '../context/paths.js';
import type { Place } from '../model/finding.js';
import type { Span } from '../model/span.js';
import { isMounted } from './compose-environment.js';
import { stopsInstruction } from './failure.js';
import { certainProject } from './manifest-at.js';
import { installWithoutDev, type OmittedProgram, omittedProgram, type SeenInstall } from './omitted-programs.js';
import { scriptSteps } from './package-scripts.js';
import { plainStart, scriptRuns, startDirectory } from './script-runs.js';
import type { CommandUse, Facts } from './types.js';
import { directoryOf } from './working-directory.js';

/** A command of the build, or of the container, that calls a program which the install before it has left out. */
export interface Omission {
  readonly use: CommandUse;
  /** The word of the Dockerfile that runs the program, or the script that does. */
  readonly at: Span;
  readonly related: readonly { at: Place | Span; message: string }[];
  readonly seen: SeenInstall;
  readonly found: OmittedProgram;
  readonly when: 'build' | 'start';
}

/** Every {@link Omission}, those of scripts of package.json first. */
export function* omissions(facts: Facts): Generator<Omission> {
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
    if (use.stage?.role === 'unreachable' || !stopsInstruction(use, facts)) continue;
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
