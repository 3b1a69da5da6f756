import { compileName } from '../context/glob.js';
import { walkTo } from '../context/ignore-walk.js';
import { baseName, joinPath, parentOf } from '../context/paths.js';
import type { BuildContext, IgnorePattern } from '../context/types.js';
import { type CommandInput, commandInputs, scriptInputs } from './command-inputs.js';
import { isMounted } from './compose-environment.js';
import { broughtBy, originOf } from './copies.js';
import { stopsInstruction } from './failure.js';
import { hasBoundFiles } from './mounts.js';
import { copiesBefore, lineage } from './node.js';
import { presenceAtEnd, presenceFor } from './presence.js';
import { certainContext } from './sent-files.js';
import type { CommandUse, CopyFacts, Facts, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';
import { directoryOf } from './working-directory.js';

/** A file of the context that a command needs, that a COPY would bring, and that the ignore file leaves out. */
export interface ExcludedInput {
  readonly use: CommandUse;
  /** Relative to the context. */
  readonly path: string;
  /** Absolute, in the image. */
  readonly target: string;
  readonly by: IgnorePattern;
  /** What would bring it. */
  readonly copy: CopyFacts;
  /** The command goes on without it, and does nothing of use. */
  readonly optional: boolean;
}

/** Every input that a command of a RUN lacks, and the program that an exec form of the target cannot start. */
export function excludedInputs(facts: Facts): readonly ExcludedInput[] {
  const context = certainContext(facts);
  if (!context?.ignoreFile || context.ignoreFile.patterns.every(({ negated }) => negated)) return [];
  const found: ExcludedInput[] = [];
  for (const use of [...facts.commands(), ...startOf(facts)]) {
    const { stage } = use;
    const inputs = commandInputs(use.command);
    if (inputs.length === 0 || !stage || stage.role === 'unreachable' || !isBaseKnown(stage)) continue;
    if ((use.instruction.keyword === 'RUN' && hasBoundFiles(use.instruction)) || !stopsInstruction(use, facts))
      continue;
    const directory = workingDirectory(use, stage, facts);
    if (directory === null) continue;
    const copies =
      use.instruction.keyword === 'RUN'
        ? copiesBefore(stage, use.instruction)
        : lineage(stage).flatMap((one) => one.copies);
    for (const input of [...inputs, ...inputsOfScript(use, directory, copies, context)]) {
      const lacking = excludedBy(input, copies, directory, context);
      if (!lacking || found.some((one) => one.path === lacking.path && one.use.stage === stage)) continue;
      if (mayBeThere(input, use, stage, directory, facts) || isElsewhere(use, lacking.target, facts)) continue;
      found.push({ use, ...lacking, optional: input.optional === true });
    }
  }
  return found;
}

/** The exec form that starts the target, where nothing else is started before it. */
function startOf(facts: Facts): readonly CommandUse[] {
  const { target } = facts;
  if (!target || target.isDevelopment) return [];
  const instruction = target.entrypoint ?? target.cmd;
  if (instruction?.command.form !== 'exec') return [];
  if (!target.entrypoint && target.image.entrypoint?.length !== 0 && target.image.family === null) return [];
  const uses = facts.commandsOf(instruction);
  return uses.length === 1 ? uses.map((use) => ({ ...use, stage: target })) : [];
}

/** An image that is not known may have anything in it. */
function isBaseKnown(stage: StageFacts): boolean {
  if (stage.image.windows) return false;
  return (stage.image.known || stage.image.scratch) && !/onbuild/.test(stage.image.tag ?? '');
}

function workingDirectory(use: CommandUse, stage: StageFacts, facts: Facts): string | null {
  if (use.instruction.keyword === 'RUN') return directoryOf(use, facts);
  return stage.final.workdir ? stage.final.workdir.value : stage.image.workdir;
}

/** `npm run build` of a script that calls the compiler first. */
function inputsOfScript(
  { command }: CommandUse,
  directory: string,
  copies: readonly CopyFacts[],
  context: BuildContext,
): readonly CommandInput[] {
  const [name] = command.operands;
  if (command.subcommand !== 'run' || !name?.literal || command.flags.length > 0) return [];
  for (const copy of copies) {
    const path = copy.origin === 'context' ? broughtBy(copy, joinPath(directory, 'package.json'), context) : null;
    if (path === null) continue;
    const script = context.node(parentOf(path))?.manifest.scripts.get(name.value);
    return script ? scriptInputs(script.value) : [];
  }
  return [];
}

type Lacking = Pick<ExcludedInput, 'path' | 'target' | 'by' | 'copy'>;

function excludedBy(
  { anyOf }: CommandInput,
  copies: readonly CopyFacts[],
  directory: string,
  context: BuildContext,
): Lacking | null {
  let lacking: Lacking | null = null;
  for (const file of anyOf) {
    const target = resolveInImage(directory, file);
    if (target === null) return null;
    for (const copy of copies) {
      const path = candidateOf(copy, target);
      if (path === null || lacking || context.kindOf(path) !== 'file') continue;
      const { ignored, by } = context.decide(path);
      if (ignored && by && walkTo(context.ignoreFile?.patterns ?? [], path).ignored)
        lacking = { path, target, by, copy };
    }
  }
  return lacking;
}

/** True unless each file that would do is known to be missing where the command runs. */
function mayBeThere(
  { anyOf, upwards }: CommandInput,
  use: CommandUse,
  stage: StageFacts,
  directory: string,
  facts: Facts,
): boolean {
  const isAbsent = (path: string): boolean => {
    const isRun = use.instruction.keyword === 'RUN';
    return (isRun ? presenceFor(use, path, facts) : presenceAtEnd(stage, path, facts)).status === 'absent';
  };
  return anyOf.some((file) => {
    const target = resolveInImage(directory, file);
    return target === null || ![target, ...(upwards ? above(target) : [])].every(isAbsent);
  });
}

/** A file of the same name in each directory above. */
function above(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = parentOf(path); at !== '/' && at !== '.'; at = parentOf(at))
    found.push(joinPath(parentOf(at), baseName(path)));
  return found;
}

/** The path of the context that a COPY puts at a place of the image, or would if it were sent. */
function candidateOf(copy: CopyFacts, target: string): string | null {
  if (copy.origin !== 'context') return null;
  const path = originOf(copy, target);
  if (path !== null || copy.destination !== parentOf(target)) return path;
  for (const { source, glob, status } of copy.matches) {
    if (!glob || status !== 'ok' || /[*?[]/.test(parentOf(source))) continue;
    if (compileName(baseName(source))?.(baseName(target))) return joinPath(parentOf(source), baseName(target));
  }
  return null;
}

/** Variables by which a command is told to read another file, or none. */
const ELSEWHERE =
  /\b(?:GO111MODULE|GOFLAGS|GOWORK|BUNDLE_GEMFILE|COMPOSER|MAVEN_ARGS|npm_config_prefix|NPM_CONFIG_PREFIX)[= ]/;

/** True where a variable names another file, or the file is mounted when the container starts. */
function isElsewhere({ command, instruction }: CommandUse, target: string, facts: Facts): boolean {
  if (ELSEWHERE.test(facts.document.source.text)) return true;
  if (instruction.keyword === 'RUN') return command.name === 'go' && target.startsWith('/go/src/');
  return isMounted(target, facts);
}
