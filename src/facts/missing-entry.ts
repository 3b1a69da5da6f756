import type { Place } from '../model/finding.js';
import type { Span } from '../model/span.js';
import type { Command } from '../shell/types.js';
import { isOutputPath } from './build-output.js';
import { isMounted } from './compose-environment.js';
import { stopsInstruction } from './failure.js';
import { lineage } from './node.js';
import { isListing, scriptSteps } from './package-scripts.js';
import { type Presence, presenceAtEnd, presenceFor } from './presence.js';
import { type ProgramFile, programFile } from './program-files.js';
import { plainStart, scriptRuns, startDirectory } from './script-runs.js';
import { neededCopies } from './sent-files.js';
import type { CommandUse, Facts, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';
import { directoryOf } from './working-directory.js';
import { mayComeLater, wouldComeFrom } from './would-be.js';

/** A command of the build or of the container that runs a JavaScript file which is not in the image. */
export interface MissingEntry {
  readonly use: CommandUse;
  readonly command: Command;
  readonly file: ProgramFile;
  /** In the image. */
  readonly path: string;
  /** The word of the Dockerfile, or of package.json, that names the file. */
  readonly at: Place | Span;
  /** The word of the Dockerfile that runs the script in which the file is named; null where it names the file itself. */
  readonly by: Span | null;
  readonly when: 'build' | 'start' | 'health';
  /** The paths of the context from which COPY would have brought it. */
  readonly origins: readonly string[];
}

/** Programs that run a file and are not what the file makes. */
const RUNTIMES = ['node', 'nodejs', 'tsx', 'ts-node', 'ts-node-dev', 'nodemon'];
const RUNTIME: ReadonlySet<string> = new Set(RUNTIMES);

/** Before these commands of a script nothing is made. */
const MAKES_NOTHING = /^(?:echo|printf|true|:|cross-env|export|set|rimraf|rm)$/;

/** Each {@link MissingEntry} that is certain. */
export function missingEntries(facts: Facts): readonly MissingEntry[] {
  const { context, target } = facts;
  if (!context) return [];
  const found: MissingEntry[] = [];
  const add = (entry: MissingEntry | null): void => {
    if (entry) found.push(entry);
  };
  for (const use of facts.commands(...RUNTIMES)) {
    if (use.instruction.keyword !== 'RUN' || use.instruction.onbuild || use.stage?.role === 'unreachable') continue;
    if (stopsInstruction(use, facts)) add(direct(use, directoryOf(use, facts), 'build', facts));
  }
  const start = plainStart(facts);
  if (start && RUNTIME.has(start.command.name) && stopsInstruction(start, facts))
    add(direct(start, startDirectory(start, facts), 'start', facts));
  const { healthcheck } = target ?? {};
  if (target && healthcheck && facts.stageOf(healthcheck) === target) {
    const [use, ...more] = facts.commandsOf(healthcheck);
    if (use && more.length === 0 && RUNTIME.has(use.command.name))
      add(direct(use, startDirectory(use, facts), 'health', facts));
  }
  for (const { use, call, project, directory, when } of scriptRuns(facts)) {
    for (const step of scriptSteps(project, call)) {
      const { command, certain, place } = step;
      const file = certain && RUNTIME.has(command.name) ? programFile(command) : null;
      if (file) {
        const at = file.word && place.span === command.span ? { file: place.file, span: file.word.span } : place;
        add(judge({ use, command, file, at, by: call.word.span, when }, directory, facts));
      }
      if (!isListing(step, project) && !MAKES_NOTHING.test(command.name)) break;
    }
  }
  return found;
}

function direct(
  use: CommandUse,
  directory: string | null,
  when: MissingEntry['when'],
  facts: Facts,
): MissingEntry | null {
  const { command } = use;
  const file = programFile(command);
  if (!file?.word || directory === null) return null;
  return judge({ use, command, file, at: file.word.span, by: null, when }, directory, facts);
}

function judge(entry: Omit<MissingEntry, 'path' | 'origins'>, directory: string, facts: Facts): MissingEntry | null {
  const { use, file, when } = entry;
  const { context, target } = facts;
  const stage = when === 'build' ? use.stage : target;
  const path = resolveInImage(directory, file.path);
  if (!stage || !context || path === null) return null;
  const paths = file.candidates.flatMap((candidate) => resolveInImage(directory, candidate) ?? []);
  if (paths.some((one) => presence(use, stage, one, when, facts).status !== 'absent')) return null;
  const before = when === 'build' ? use.instruction : null;
  const origins = [...new Set(paths.flatMap((one) => [...wouldComeFrom(stage, before, one, facts)]))];
  if (origins.some((origin) => mayComeLater(origin, context))) return null;
  // What compilers write may be made before the build, unless that is done here.
  const isMade = isOutputPath(path) || origins.some((origin) => hasSource(origin, facts));
  if (isMade && !compiles(stage, facts)) return null;
  if (when !== 'build' && (isMounted(path, facts) || !hasSources(facts))) return null;
  return { ...entry, path, origins };
}

function presence(
  use: CommandUse,
  stage: StageFacts,
  path: string,
  when: MissingEntry['when'],
  facts: Facts,
): Presence {
  return when === 'build' ? presenceFor(use, path, facts) : presenceAtEnd(stage, path, facts);
}

/** True where a stage that the file could come from compiles TypeScript. */
function compiles(stage: StageFacts, facts: Facts): boolean {
  const stages = new Set<StageFacts>(lineage(stage));
  for (const one of stages) for (const other of [...one.copiesFrom, ...lineage(one)]) stages.add(other);
  const isCompiler = ({ name }: Command): boolean => name === 'tsc' || name === 'nest';
  const within = (use: CommandUse): boolean => use.stage !== null && stages.has(use.stage);
  return (
    facts.commands('tsc', 'nest').some(within) ||
    scriptRuns(facts).some(
      ({ use, call, project, when }) =>
        when === 'build' && within(use) && scriptSteps(project, call).some(({ command }) => isCompiler(command)),
    )
  );
}

/** `index.js` beside an `index.ts` is compiled where it lies. */
function hasSource(origin: string, { context }: Facts): boolean {
  const stem = origin.replace(/\.[cm]?jsx?$/, '');
  return ['.ts', '.tsx', '.mts', '.cts', '.coffee'].some((ending) => context?.kindOf(stem + ending) != null);
}

/** True where sources are copied at all: an image of nothing but modules is meant to have them mounted. */
function hasSources(facts: Facts): boolean {
  return neededCopies(facts).some(({ matches }) =>
    matches.some((match) =>
      match.matches.some(({ kind, path }) => kind === 'directory' || /\.[cm]?[jt]sx?$/.test(path)),
    ),
  );
}
