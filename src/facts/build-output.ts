import { joinPath, relativePath } from '../context/paths.js';
import type { Command } from '../shell/types.js';
import { broughtBy } from './copies.js';
import { certainProject } from './manifest-at.js';
import { copiesBefore } from './node.js';
import { isListing, scriptCall, scriptSteps } from './package-scripts.js';
import type { CommandUse, Facts } from './types.js';
import { mayEmit } from './typescript-output.js';
import { directoryOf } from './working-directory.js';

/** Steps of a build that write no module of the project, or only change those that are there. */
const QUIET =
  /^(?:rimraf|rm|del-cli|echo|printf|true|:|tsc-alias|tscpaths|resolve-tspaths|eslint|prettier|biome|husky|patch-package|jest|vitest|mocha|cross-env|chmod)$/;

/**
 * True unless a command is a build by `tsc` or `nest build`, plain or as a script of package.json, that is seen not to write
 * a file of the image.
 */
export function mayBuild(use: CommandUse, imagePath: string, facts: Facts): boolean {
  const { context } = facts;
  const { command } = use;
  const call = scriptCall(command);
  if (!context || !(call || isCompiler(command) || isGenerator(command))) return true;
  if (isGenerator(command)) return mayGenerate(imagePath);
  const directory = directoryOf(use, facts);
  const project = directory === null ? null : certainProject(use, facts, directory);
  if (directory === null || !project || project.manifest.workspaces.length > 0 || project.pnpmWorkspace) return true;
  const path = relativePath(directory, imagePath);
  // What lies outside of the project is not written by its build; `..` in an outDir would be.
  if (path.startsWith('..')) return true;
  const copies = use.stage ? copiesBefore(use.stage, use.instruction) : [];
  const isThere = (file: string): boolean =>
    copies.some((copy) => broughtBy(copy, joinPath(directory, file), context) !== null);
  const emits = (compiler: Command): boolean => mayEmit(compiler, path, project, context, isThere);
  if (!call) return emits(command);
  const steps = scriptSteps(project, call);
  if (steps.length === 0) return true;
  return steps.some((step) => !isListing(step, project) && mayStepWrite(step.command, imagePath, emits));
}

function mayStepWrite(command: Command, imagePath: string, emits: (compiler: Command) => boolean): boolean {
  if (command.redirects.some(({ operator }) => operator.includes('>'))) return true;
  if (isCompiler(command)) return emits(command);
  if (isGenerator(command)) return mayGenerate(imagePath);
  if (command.name === 'shx') return !/^(?:rm|chmod|mkdir|echo)$/.test(command.operands[0]?.value ?? '');
  return !QUIET.test(command.name);
}

function isCompiler({ name, operands }: Command): boolean {
  return name === 'tsc' || (name === 'nest' && operands[0]?.value === 'build');
}

function isGenerator({ name, operands }: Command): boolean {
  return name === 'prisma' && operands[0]?.value === 'generate';
}

/** The client of prisma goes to node_modules, or to a directory that is named after it. */
function mayGenerate(imagePath: string): boolean {
  return /node_modules|generated|prisma|client/i.test(imagePath);
}

/** True where the file's place is one that compilers write to, rather than one of sources. */
export function isOutputPath(path: string): boolean {
  return /(?:^|\/)(?:dist|build|out|output|lib|libs|bundle|compiled|release|target|public|generated|_build|esm|cjs|es|artifacts|\.[\w-]+)\//.test(
    joinPath('/', path),
  );
}
