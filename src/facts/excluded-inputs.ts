import { compileName } from '../context/glob.js';
import { walkTo } from '../context/ignore-walk.js';
import { baseName, joinPath, parentOf } from '../context/paths.js';
import type { BuildContext, IgnorePattern } from '../context/types.js';
import type { RunInstruction } from '../dockerfile/ast.js';
import { type CommandInput, commandInputs, scriptInputs } from './command-inputs.js';
import { broughtBy, originOf } from './copies.js';
import { stopsInstruction } from './failure.js';
import { hasBoundFiles } from './mounts.js';
import { copiesBefore, lineage } from './node.js';
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

/** Programs that put nothing into the directory of a project but what they install. */
const HARMLESS: ReadonlySet<string> = new Set(
  `apt-get apt apk yum dnf microdnf zypper dpkg mkdir chown chmod chgrp useradd adduser addgroup groupadd usermod groupmod rm
  rmdir corepack echo printf export set cd true : rustup gem update-ca-certificates ldconfig locale-gen test [ [[ which
  command exit ls cat sleep date grep id whoami uname mvn docker-php-ext-install docker-php-ext-enable
  docker-php-ext-configure pecl a2enmod a2enconf prisma`.split(/\s+/),
);

/** Subcommands of others that do no more. */
const HARMLESS_SUBCOMMANDS: Readonly<Record<string, RegExp>> = {
  npm: /^(?:install|ci|cache.*|prune|rebuild|audit.*|set|config.*)$/,
  pnpm: /^(?:install|add|fetch|prune|config.*|store.*)$/,
  yarn: /^(?:|install|add|global.*|cache.*|config.*|set.*)$/,
  bun: /^(?:install|ci|add)$/,
  pip: /^(?:install|config.*)$/,
  pip3: /^(?:install|config.*)$/,
  poetry: /^(?:install|config|self.*)$/,
  uv: /^(?:sync|pip install|venv)$/,
  go: /^(?:mod (?:download|verify)|install|get|version)$/,
  cargo: /^(?:fetch|install)$/,
  bundle: /^(?:install|config.*)$/,
  composer: /^install$/,
};

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
      if (mayBeWritten(use, stage, baseName(lacking.path), facts) || isElsewhere(use, lacking.target, facts)) continue;
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
  { anyOf, upwards }: CommandInput,
  copies: readonly CopyFacts[],
  directory: string,
  context: BuildContext,
): Lacking | null {
  let lacking: Lacking | null = null;
  for (const file of anyOf) {
    const target = resolveInImage(directory, file);
    if (target === null || copies.some((copy) => mayBring(copy, target, context))) return null;
    if (upwards && above(target).some((one) => copies.some((copy) => mayBring(copy, one, context)))) return null;
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

/** A file of the same name in each directory above. */
function above(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = parentOf(path); at !== '/' && at !== '.'; at = parentOf(at))
    found.push(joinPath(parentOf(at), baseName(path)));
  return found;
}

/** True where a COPY or ADD brings the file, or may do so in a way that is not seen. */
function mayBring(copy: CopyFacts, target: string, context: BuildContext): boolean {
  const { destination, instruction, sources, origin } = copy;
  if (destination === null) return true;
  const reaches = target === destination || destination === '/' || target.startsWith(`${destination}/`);
  if (!reaches) return false;
  const isArchive = (path: string): boolean =>
    instruction.keyword === 'ADD' && /\.(?:tar(?:\.\w+)?|t[gx]z|tbz2?)$/.test(path);
  if (origin !== 'context' || instruction.heredocs.length > 0) return true;
  if (sources.some(({ path, remote }) => path === null || remote || isArchive(path))) return true;
  if (instruction.flags.some(({ name }) => name === 'exclude')) return true;
  const path = originOf(copy, target);
  return path !== null && context.isSent(path);
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

const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** True where a variable names another file, or the file is mounted when the container starts. */
function isElsewhere({ command, instruction }: CommandUse, target: string, { document, context }: Facts): boolean {
  if (ELSEWHERE.test(document.source.text)) return true;
  if (instruction.keyword === 'RUN') return command.name === 'go' && target.startsWith('/go/src/');
  const mounts = COMPOSE_FILES.map((name) => context?.read(name)?.text ?? '').join('\n');
  return [...above(target).map(parentOf), parentOf(target)].some((one) => one !== '/' && mounts.includes(`:${one}`));
}

/** True where a command before it may write a file of that name. */
function mayBeWritten(use: CommandUse, stage: StageFacts, name: string, facts: Facts): boolean {
  const runs = lineage(stage).flatMap((one) => one.stage.instructions.filter(isRun));
  const end = use.instruction.keyword === 'RUN' ? use.command.span.start : Number.POSITIVE_INFINITY;
  for (const run of runs) {
    if (run.span.start > end) continue;
    const uses = facts.commandsOf(run);
    if (run.argumentsText !== '' && uses.length === 0) return true;
    for (const { command } of uses) {
      if (command.span.start >= end || command === use.command) continue;
      const { redirects } = command;
      if (
        redirects.some(
          ({ operator, target }) => /^>/.test(operator) && (!target?.literal || baseName(target.value) === name),
        )
      )
        return true;
      if (command.nameWord === null) continue;
      const subcommands = Object.hasOwn(HARMLESS_SUBCOMMANDS, command.name) ? HARMLESS_SUBCOMMANDS[command.name] : null;
      if (subcommands ? !subcommands.test(command.subcommand ?? '-') : !HARMLESS.has(command.name)) return true;
    }
  }
  return false;
}

function isRun(instruction: { readonly keyword: string }): instruction is RunInstruction {
  return instruction.keyword === 'RUN';
}
