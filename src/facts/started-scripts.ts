import { isWithin } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import type { RunInstruction } from '../dockerfile/ast.js';
import { parseExec } from '../shell/exec.js';
import { dialectOf } from '../shell/shells.js';
import type { Command, ShellWord } from '../shell/types.js';
import { broughtBy, copiesByInstruction } from './copies.js';
import { isOnItsOwn } from './entrypoint-role.js';
import { memoise } from './lazy.js';
import { hasBoundFiles } from './mounts.js';
import { lineage } from './node.js';
import { certainContext, contextSources, sendingOf } from './sent-files.js';
import type { CommandUse, CopyFacts, Facts, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';
import { directoryOf } from './working-directory.js';

/** A file of the build context that an image has at some path. */
export interface CopiedFile {
  /** Relative to the context. */
  readonly path: string;
  readonly imagePath: string;
  readonly copy: CopyFacts;
  /** Commands of each RUN that came after, in the stages on the way; in no order. */
  readonly after: readonly CommandUse[];
  /** Not all that ran after can be read. */
  readonly opaque: boolean;
}

/** A file of the build context that an image starts, or a RUN. */
export interface StartedScript {
  readonly use: CommandUse;
  /** The word that names it. */
  readonly word: ShellWord;
  /**
   * `kernel`: the runtime has the kernel start it. `program`: an init or the like has. `shell`: a shell does, which reads a
   * file by itself that the kernel cannot start. `read`: a shell is given its name, and reads it.
   */
  readonly by: 'kernel' | 'program' | 'shell' | 'read';
  readonly file: CopiedFile;
}

/** So many commands of RUN are looked at; no person writes more. */
const MOST_COMMANDS = 200;

/** All that is started from the context where that is certain: by the target, and by RUN instructions that it needs. */
export const startedScripts = memoise<Facts, readonly StartedScript[]>((facts) => {
  const context = certainContext(facts);
  const { target } = facts;
  if (!context || !target || target.image.windows) return [];
  const { healthcheck } = target;
  const atStart = [
    ...commandsAtStart(facts, target),
    ...(healthcheck ? facts.commandsOf(healthcheck).map((use) => ({ ...use, stage: target })) : []),
  ];
  const atBuild = facts
    .commands()
    .filter(
      ({ command, instruction, stage }) =>
        instruction.keyword === 'RUN' &&
        mayStart(command) &&
        !instruction.onbuild &&
        stage?.role !== 'unreachable' &&
        !hasBoundFiles(instruction),
    )
    .slice(0, MOST_COMMANDS);
  return [...atStart, ...atBuild].flatMap((use) => startOf(use, facts, context) ?? []);
});

/** What ENTRYPOINT and CMD come to; nothing where an entrypoint that is not known gets the words of CMD. */
function commandsAtStart(facts: Facts, target: StageFacts): readonly CommandUse[] {
  const { entrypoint, cmd } = target;
  if (entrypoint?.command.form === 'exec' && cmd?.command.form === 'exec') {
    const joined = parseExec([...entrypoint.command.strings, ...cmd.command.strings]);
    return joined.map((command) => {
      const at = command.nameWord?.span.start ?? 0;
      const instruction = at >= cmd.span.start && at < cmd.span.end ? cmd : entrypoint;
      return { command, script: null, instruction, stage: target };
    });
  }
  const start = entrypoint ?? (cmd && isOnItsOwn(cmd, target) ? cmd : null);
  return start ? facts.commandsOf(start).map((use) => ({ ...use, stage: target })) : [];
}

/** True for a command that is a path to a file of the project, or reads one as a shell does. */
function mayStart({ name, nameWord }: Command): boolean {
  return /[./]/.test(nameWord?.value ?? '') || dialectOf(name) !== null || name === 'source';
}

/** Where programs are looked for by name. */
const PROGRAM_DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** True for a COPY that may put programs where they are found by name. */
export function mayBringPrograms({ origin, destination }: CopyFacts): boolean {
  if (destination === null) return true;
  return PROGRAM_DIRECTORIES.some(
    (one) => isWithin(one, destination) || (origin !== 'context' && isWithin(destination, one)),
  );
}

function startOf(use: CommandUse, facts: Facts, context: BuildContext): StartedScript | null {
  const { command, stage, instruction } = use;
  const isRead = dialectOf(command.name) !== null || command.name === '.' || command.name === 'source';
  const word = isRead ? scriptWord(command) : command.nameWord;
  if (
    !stage ||
    !word?.literal ||
    !/[./]/.test(word.value) ||
    command.flags.some((flag) => isRead && flag.name === '-c')
  )
    return null;
  const run = instruction.keyword === 'RUN' ? instruction : null;
  const workdir = run ? undefined : stage.final.workdir ? stage.final.workdir.value : stage.image.workdir;
  const directory = directoryOf(use, facts, workdir);
  // A shell looks for the script that it is to read in the working directory first.
  const isPath = word.value.includes('/') || dialectOf(command.name) !== null;
  const places = isPath
    ? [resolveInImage(directory, word.value)]
    : PROGRAM_DIRECTORIES.map((one) => (isRead ? null : `${one}/${word.value}`));
  const file = places.map((place) => fileAt(stage, place, run, facts, context)).find((one) => one !== null);
  if (!file) return null;
  const before =
    run && use.script ? facts.commandsOf(run).filter((one) => one.command.span.start < command.span.start) : [];
  return { use, word, by: isRead ? 'read' : starterOf(use), file: { ...file, after: [...file.after, ...before] } };
}

/** The script that a shell is given to read; null where a flag may take the word. */
function scriptWord({ operands, flags, words }: Command): ShellWord | null {
  const [first] = operands;
  return first && (flags.every((flag) => /^-[a-z]$/.test(flag.name)) || words[1] === first) ? first : null;
}

function starterOf({ command, script, instruction, stage }: CommandUse): StartedScript['by'] {
  if (script || command.nesting.length > 0) return 'shell';
  if (command.wrappers.length > 0) return 'program';
  // The entrypoint of node's image is a shell script that runs CMD.
  return instruction.keyword === 'CMD' && !stage?.entrypoint && stage?.image.entrypoint?.length !== 0
    ? 'shell'
    : 'kernel';
}

/** The file of the context that stands at a path of the image; null where it does not come from there, or may not. */
function fileAt(
  stage: StageFacts,
  imagePath: string | null,
  before: RunInstruction | null,
  facts: Facts,
  context: BuildContext,
): CopiedFile | null {
  if (imagePath === null) return null;
  const after: CommandUse[] = [];
  let opaque = false;
  for (const one of lineage(stage)) {
    const start = one === stage && before ? before.span.start : Number.POSITIVE_INFINITY;
    for (const instruction of one.stage.instructions.toReversed()) {
      if (instruction.span.start >= start) continue;
      if (instruction.keyword === 'RUN') {
        const uses = facts.commandsOf(instruction);
        after.push(...uses);
        opaque ||= uses.length === 0 || facts.scriptsOf(instruction).some(({ script }) => script.errors.length > 0);
      }
      if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') continue;
      const copy = copiesByInstruction(one).get(instruction);
      if (!copy || copy.destination === null) return null;
      const origin = broughtBy(copy, imagePath, context);
      if (origin === null) {
        if (mayBring(copy, imagePath)) return null;
        continue;
      }
      if (copy.origin === 'context') {
        const isExact = sendingOf(facts, copy, origin)?.imagePath === imagePath;
        return isExact && !hasUnknownSource(copy) ? { path: origin, imagePath, copy, after, opaque } : null;
      }
      const inner = copy.fromStage && copy.fromStage.index < one.index ? copy.fromStage : null;
      const found = inner && fileAt(inner, resolveInImage('/', origin), null, facts, context);
      return found && !hasMode(copy)
        ? { ...found, imagePath, after: [...found.after, ...after], opaque: opaque || found.opaque }
        : null;
    }
  }
  return null;
}

/** True for a COPY that may put something at the path although nothing shows that it does. */
function mayBring(copy: CopyFacts, imagePath: string): boolean {
  const { destination, instruction, origin } = copy;
  if (destination === null || !isWithin(destination, imagePath)) return false;
  return (
    origin !== 'context' ||
    instruction.heredocs.length > 0 ||
    hasUnknownSource(copy) ||
    copy.sources.some(
      ({ path, remote }) => remote || (instruction.keyword === 'ADD' && /\.(?:tar|tgz|t?[gx]z|bz2)/.test(path ?? '')),
    )
  );
}

function hasUnknownSource(copy: CopyFacts): boolean {
  return (
    copy.sources.some(({ path }) => path === null) ||
    contextSources(copy).some(({ match }) => match.status === 'unknown')
  );
}

/** True where the COPY sets the mode of what it brings. */
export function hasMode({ instruction }: CopyFacts): boolean {
  return instruction.flags.some(({ name }) => name === 'chmod');
}

/** Commands that run what cannot be seen here. */
const RUNNERS = /^(?:make|cmake|just|task|ansible.*|python\d?(?:\.\d+)?|perl|ruby|php|eval|xargs|find|source|\.)$/;

/** Commands that change files which they name. */
const CHANGERS =
  /^(?:chmod|cp|mv|ln|install|rsync|setfacl|tar|unzip|git|sed|gsed|perl|awk|tee|dos2unix|fromdos|tr|envsubst|rm|curl|wget)$/;

/** True where a command that ran after the COPY may have changed the file, be it content or mode. */
export function mayHaveChanged(
  { path, imagePath, after, opaque }: CopiedFile,
  facts: Facts,
  harmless: (command: Command) => boolean,
): boolean {
  if (opaque) return true;
  const name = imagePath.slice(imagePath.lastIndexOf('/') + 1);
  return after.some((use) => {
    const { command } = use;
    if (harmless(command)) return false;
    if (command.name === '' || RUNNERS.test(command.name) || readsScript(command)) return true;
    if (command.redirects.some(({ target }) => target?.value.endsWith(name))) return true;
    if (!CHANGERS.test(command.name)) return false;
    const directory = directoryOf(use, facts);
    return command.operands.some((word) => {
      if (!word.literal || word.value.endsWith(name) || path.endsWith(word.value)) return true;
      const place = resolveInImage(directory, word.value);
      return place === null || isWithin(place, imagePath);
    });
  });
}

/** `./prepare.sh`, `sh prepare.sh` */
function readsScript({ name, nameWord, operands }: Command): boolean {
  const isOwn = /^(?!\/(?:usr|s?bin|opt)\/).*\//.test(nameWord?.value ?? '');
  return isOwn || (dialectOf(name) !== null && operands.length > 0);
}
