import { isWithin, joinPath } from '../context/paths.js';
import type { Located } from '../context/types.js';
import { type Command, hasFlag } from '../shell/types.js';
import { ignoresDev } from './development-dependencies.js';
import { isCopied, sentLockfiles } from './install-inputs.js';
import { hasBoundFiles } from './mounts.js';
import { copiesBefore, lineage, omitsDev, valueAt } from './node.js';
import { scriptCall } from './package-scripts.js';
import { devPackageOf, productionState } from './production-packages.js';
import type { CommandUse, CopyFacts, Facts, NodeInstall, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';
import { yarnOfProject } from './yarn.js';

/** A program that a command calls, and that an install has left out with the devDependencies. */
export interface OmittedProgram {
  readonly program: string;
  readonly package: string;
  /** Its version in devDependencies. */
  readonly wanted: Located<string>;
  /** True where the lockfile shows that nothing else brings it; else that is only likely. */
  readonly proven: boolean;
  /** `npx tsc`: the newest package of that name is fetched and run in its place. */
  readonly fetched: boolean;
}

/** An install without devDependencies that fills the node_modules which a command sees. */
export interface SeenInstall {
  readonly install: NodeInstall;
  /** The COPY that brings its node_modules from another stage; null where it ran in the same one. */
  readonly copy: CopyFacts | null;
}

/**
 * The one install that a command of the project in `directory` finds done, where it leaves devDependencies out and nothing
 * else could have brought them: no second install, no modules from the host or of another stage.
 */
export function installWithoutDev(use: CommandUse, directory: string, facts: Facts): SeenInstall | null {
  const { stage, instruction } = use;
  if (!stage?.image.known || !facts.node.installs.some((one) => one.omitsDev === true)) return null;
  const modules = joinPath(directory, 'node_modules');
  const [copy = null, ...otherCopies] = copiesBefore(stage, instruction).filter(
    ({ origin, destination }) => origin !== 'context' && (destination === null || isWithin(destination, modules)),
  );
  const own = installsBefore(stage, instruction.span.start, use.command.span.start, facts);
  const from = copy?.fromStage ?? null;
  if (otherCopies.length > 0 || (copy && (!from || own.length > 0))) return null;
  const [install, ...others] = from ? installsBefore(from, from.stage.span.end, from.stage.span.end, facts) : own;
  if (!install?.project || others.length > 0 || install.omitsDev !== true) return null;
  if (copy ? !carries(copy, directory, install) : install.directory !== directory) return null;
  return isPlain(install, facts) && !isRefilled(install, facts) ? { install, copy } : null;
}

/** True where a package is added after it: `pnpm add sharp` installs all that package.json lists, devDependencies too. */
function isRefilled({ use, stage, manager }: NodeInstall, facts: Facts): boolean {
  return facts
    .commands(manager)
    .some(
      (other) =>
        other.stage === stage &&
        other.command.span.start > use.command.span.start &&
        other.command.operands.length > 0 &&
        /^(?:add|install)$/.test(other.command.subcommand ?? '') &&
        !hasFlag(other.command, '-g', '--global') &&
        omitsDev(other.command, other, facts) !== true,
    );
}

/** An install without devDependencies, as its own lifecycle scripts see it: nothing else was installed before it. */
export function alone(install: NodeInstall, facts: Facts): SeenInstall | null {
  const { stage, use, instruction, directory, omitsDev } = install;
  if (omitsDev !== true || !stage.image.known || directory === null || !isPlain(install, facts)) return null;
  if (installsBefore(stage, instruction.span.start, use.command.span.start, facts).length > 0) return null;
  const modules = joinPath(directory, 'node_modules');
  const isFilled = copiesBefore(stage, instruction).some(
    ({ origin, destination }) => origin !== 'context' && (destination === null || isWithin(destination, modules)),
  );
  return isFilled ? null : { install, copy: null };
}

/** True where a `COPY --from` takes the node_modules of an install to a directory. */
function carries(copy: CopyFacts, directory: string, { directory: source, stage }: NodeInstall): boolean {
  const [only, ...more] = copy.sources;
  if (!only?.path || more.length > 0 || source === null || !stage.image.known) return false;
  const from = resolveInImage('/', only.path);
  return from === joinPath(source, 'node_modules')
    ? copy.destination === joinPath(directory, 'node_modules')
    : from === source && copy.destination === directory;
}

/** True where nothing but its own command line and NODE_ENV says what the install leaves out, and it is all of node_modules. */
export function isPlain(install: NodeInstall, facts: Facts): boolean {
  const { project, manager, use, instruction } = install;
  if (!project || ignoresDev(install) || SWITCHES.some((name) => valueAt(name, use, facts) !== undefined)) return false;
  if (hasBoundFiles(instruction)) return false;
  if (project.manifest.workspaces.length > 0 || project.pnpmWorkspace !== null) return false;
  if (manager === 'yarn' && yarnOfProject(project, facts) !== 'classic') return false;
  return facts.context?.isSent(joinPath(project.directory, 'node_modules')) !== true;
}

/** npm and yarn take these from the environment. */
const SWITCHES = [
  'npm_config_include',
  'NPM_CONFIG_INCLUDE',
  'npm_config_production',
  'NPM_CONFIG_PRODUCTION',
  'YARN_PRODUCTION',
];

function installsBefore(stage: StageFacts, end: number, command: number, facts: Facts): readonly NodeInstall[] {
  const stages = lineage(stage);
  return facts.node.installs.filter(
    (one) =>
      stages.includes(one.stage) &&
      (one.stage !== stage || (one.instruction.span.start <= end && one.use.command.span.start < command)),
  );
}

/**
 * The program of a command that an install has left out; null where it is there, or may be.
 *
 * @param end commands of the build before this offset may have installed it by its name
 */
export function omittedProgram(
  command: Command,
  { install, copy }: SeenInstall,
  end: number,
  facts: Facts,
): OmittedProgram | null {
  const { project } = install;
  const { context } = facts;
  if (!project || !context) return null;
  for (const { program, fetched } of programsOf(command, install)) {
    const name = devPackageOf(program, project);
    const wanted = name === null ? undefined : project.manifest.devDependencies.get(name);
    if (
      name === null ||
      !wanted ||
      mayInstall([name, program], [install.stage, ...(copy ? [copy.stage] : [])], end, facts)
    )
      continue;
    const lockfile = sentLockfiles(install).find((one) => isCopied(install, one.name, facts)) ?? null;
    const state = productionState(name, program, lockfile, project, context);
    if (state === 'present') continue;
    // A lockfile of npm may have been cut; where another one does not tell, there is a reason.
    const isLikely = (lockfile === null || lockfile.manager === 'npm') && isSeldomBrought(name, install);
    if (state === null && !isLikely) continue;
    return { program, package: name, wanted, proven: state === 'absent', fetched };
  }
  return null;
}

const FETCHERS = /^(?:npx|pnpx|bunx|npm|yarn|pnpm|bun)$/;

function programsOf(command: Command, { project }: NodeInstall): readonly { program: string; fetched: boolean }[] {
  const path = command.nameWord?.value ?? '';
  if (path.includes('/') && !path.includes('node_modules/.bin/') && !path.startsWith('@')) return [];
  const call = scriptCall(command);
  if (call)
    return call.direct && !project?.manifest.scripts.has(call.name) ? [{ program: call.name, fetched: false }] : [];
  const found: { program: string; fetched: boolean }[] = [];
  let fetched = false;
  for (const { name, flags } of command.wrappers) {
    if (FETCHERS.test(name)) {
      // `npx -p typescript tsc` says itself what is to be fetched.
      if (flags.some((flag) => /^(?:-p|--package|--no-install|--no)$/.test(flag.name))) return found;
      fetched ||= name === 'npx' || name === 'npm' || name === 'bunx' || name === 'pnpx';
    } else found.push({ program: name, fetched });
  }
  return [...found, { program: command.name, fetched }];
}

/** True where a command before a place names the package or the program, as `npm install -g typescript` does. */
function mayInstall(names: readonly string[], stages: readonly StageFacts[], end: number, facts: Facts): boolean {
  const all = stages.flatMap(lineage);
  return facts.commands().some(({ command, stage, instruction }) => {
    if (
      !stage ||
      instruction.span.start > end ||
      !all.includes(stage) ||
      scriptCall(command) !== null ||
      !INSTALLERS.test(command.tool ?? command.name)
    )
      return false;
    return command.operands.some(
      ({ value, literal }) => !literal || names.some((name) => value.replace(/^(?:node-)/, '').startsWith(name)),
    );
  });
}

const INSTALLERS = /^(?:npm|yarn|pnpm|bun|apt-get|apt|apk|yum|dnf|microdnf|pip|gem|corepack|curl|wget|ln|cp|tar)$/;

/** Compilers and hooks that hardly any package brings along, so that they are missing where no lockfile tells. */
function isSeldomBrought(name: string, { project }: NodeInstall): boolean {
  const { dependencies } = project?.manifest ?? {};
  if (name === 'typescript')
    return ![...(dependencies?.keys() ?? [])].some((one) =>
      /^ts|typescript|\/cli$|angular|svelte|vue|astro|expo/.test(one),
    );
  return /^(?:@nestjs\/cli|@angular\/cli|webpack-cli|@vue\/cli-service|react-scripts|tsup|@babel\/cli|husky|simple-git-hooks|lefthook|nodemon)$/.test(
    name,
  );
}
