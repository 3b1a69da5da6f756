import { parse } from 'jsonc-parser';
import { cleanPath, isWithin, joinPath, parentOf, relativePath } from '../context/paths.js';
import type { BuildContext, NodeProject } from '../context/types.js';
import type { Command } from '../shell/types.js';
import { memoise } from './lazy.js';

/** What a tsconfig.json says of where output goes; paths are relative to the context. Null: it does not say. */
interface Output {
  readonly outDir: string | null;
  readonly rootDir: string | null;
  readonly noEmit: boolean;
  /** What it compiles beside `include`; null where the files are not taken by globs, or not in a way that is known. */
  readonly inputs: { readonly include: readonly string[]; readonly exclude: readonly string[] } | null;
}

/** So many source files are looked through; in a larger project nothing is certain. */
const MOST_FILES = 5000;
const DEEPEST = 4;

/**
 * True unless `tsc` or `nest build`, run in the directory of the project, is seen not to write a file. With an explicit
 * `rootDir` the place of each output is known; without one, it depends on the directory that holds all sources.
 *
 * @param path of the file, relative to the project's directory
 * @param isThere whether a file of the project, relative to its directory, is certain to be in the image
 */
export function mayEmit(
  command: Command,
  path: string,
  project: NodeProject,
  context: BuildContext,
  isThere: (path: string) => boolean,
): boolean {
  const config = configPath(command, project, context);
  const output = config === null ? null : readOutput(config, context, 0);
  if (!output || command.words.some(({ value }) => OVERRIDES.test(value))) return true;
  if (output.noEmit || command.words.some(({ value }) => value === '--noEmit')) return false;
  const file = joinPath(project.directory, path);
  if (output.outDir !== null && !isWithin(rooted(output.outDir), rooted(file))) return false;
  const out = output.outDir ?? output.rootDir ?? '.';
  const rest = relativePath(rooted(out), rooted(file));
  const sources = sourcesOf(context)(project.directory);
  if (!sources) return true;
  const wanted = originals(rest);
  if (output.rootDir !== null && output.outDir !== null) {
    const { rootDir } = output;
    return wanted.some((one) => sources.has(joinPath(rootDir, one)));
  }
  const all = [...sources];
  const near = wanted.filter((one) => all.some((source) => source === one || source.endsWith(`/${one}`)));
  if (near.length === 0 || output.inputs === null || output.outDir === null) return near.length > 0;
  const common = commonDirectory(all, output.inputs, project.directory, isThere);
  return (
    common === null ||
    ancestors(common, project.directory).some((root) => near.some((one) => sources.has(joinPath(root, one))))
  );
}

/**
 * A directory that holds some files which are certain to be compiled. The one that holds all of them is the same or above
 * it, and that is where the compiler's output begins: {@link https://www.typescriptlang.org/tsconfig/#rootDir}
 */
function commonDirectory(
  sources: readonly string[],
  inputs: NonNullable<Output['inputs']>,
  home: string,
  isThere: (path: string) => boolean,
): string | null {
  let common: string | null = null;
  for (const source of sources) {
    if (!/(?<!\.d)\.[cm]?tsx?$/.test(source) || /\.d\.[\w.]*ts$/.test(source)) continue;
    const path = relativePath(rooted(home), rooted(source));
    if (!isIncluded(path, inputs) || !isThere(path)) continue;
    const directory = parentOf(source);
    while (common !== null && common !== '.' && !isWithin(rooted(common), rooted(directory))) common = parentOf(common);
    common ??= directory;
    if (common === home || common === '.') break;
  }
  return common;
}

/** True where the patterns are certain to take a file in. */
function isIncluded(path: string, { include, exclude }: NonNullable<Output['inputs']>): boolean {
  const words = exclude.flatMap((pattern) => pattern.split(/[*?/]+/).filter((word) => word !== '' && word !== '.'));
  // A file that has anything in common with what is excluded is left alone.
  if (words.some((word) => path.includes(word)) || /(?:^|\/)(?:node_modules|\.[^/]+)\//.test(path)) return false;
  return include.some((pattern) => {
    const [, directory = '', glob = ''] = /^(?:\.\/)?([\w./-]*?)\/?((?:\*\*(?:\/\*(?:\.tsx?)?)?)?)$/.exec(pattern) ?? [
      undefined,
      '\0',
    ];
    if (glob.endsWith('.ts') && !path.endsWith('.ts')) return false;
    return !glob.endsWith('.tsx') && (directory === '' || directory === '.' || path.startsWith(`${directory}/`));
  });
}

/** A path of the context as an absolute one. */
function rooted(path: string): string {
  return cleanPath(`/${path}`);
}

function ancestors(directory: string, top: string): readonly string[] {
  const found = [directory];
  for (let at = directory; at !== top && at !== '.'; found.push(at)) at = parentOf(at);
  return found;
}

/** Flags that decide over the output themselves. */
const OVERRIDES = /^(?:--outDir|--outFile|--rootDir|--rootDirs|-b|--build|--noEmit=|--declarationDir|--project=|@.*)$/i;

/** The TypeScript, JavaScript or JSON sources that come out as a file. */
function originals(path: string): readonly string[] {
  const found = /^(.*)\.([cm]?)js(x?)$/.exec(path);
  if (found) {
    const [, stem, kind] = found;
    return kind === '' ? ['ts', 'tsx', 'js', 'jsx'].map((end) => `${stem}.${end}`) : [`${stem}.${kind}ts`, path];
  }
  return path.endsWith('.json') ? [path] : [];
}

function configPath(command: Command, { directory }: NodeProject, context: BuildContext): string | null {
  const has = (name: string): string | null => {
    const path = joinPath(directory, name);
    return context.isSent(path) && context.kindOf(path) === 'file' ? path : null;
  };
  if (command.name === 'nest') {
    if (command.operands[0]?.value !== 'build' || command.operands.length > 1 || command.flags.length > 0) return null;
    const settings = context.read(joinPath(directory, 'nest-cli.json'))?.text ?? '';
    if (/webpack|monorepo|builder|tsConfigPath|entryFile|assets|plugins|projects/.test(settings)) return null;
    return has('tsconfig.build.json') ?? has('tsconfig.json');
  }
  const at = command.words.findIndex(({ value }) => value === '-p' || value === '--project');
  const given = at < 0 ? '.' : command.words[at + 1]?.value;
  if (given === undefined || !/^[\w./-]+$/.test(given)) return null;
  return /\.json$/.test(given) ? has(given) : has(joinPath(given, 'tsconfig.json'));
}

const outputs = memoise((_: BuildContext) => new Map<string, Output | null>());

function readOutput(path: string, context: BuildContext, depth: number): Output | null {
  const known = outputs(context);
  const seen = known.get(path);
  if (seen !== undefined) return seen;
  const output = computeOutput(path, context, depth);
  known.set(path, output);
  return output;
}

function computeOutput(path: string, context: BuildContext, depth: number): Output | null {
  const text = context.read(path)?.text ?? '';
  const config: unknown = text.trim() === '' ? null : parse(text, [], { allowTrailingComma: true });
  if (!isRecord(config) || depth > DEEPEST || Array.isArray(config.references)) return null;
  const options = isRecord(config.compilerOptions) ? config.compilerOptions : {};
  if (options.outFile !== undefined || options.composite === true || options.rootDirs !== undefined) return null;
  const home = parentOf(path);
  let base: Output = { outDir: null, rootDir: null, noEmit: false, inputs: { include: ['**/*'], exclude: [] } };
  if (config.extends !== undefined) {
    const near = typeof config.extends === 'string' && /^\.{1,2}\//.test(config.extends) ? config.extends : null;
    const file = near === null ? null : joinPath(home, near.endsWith('.json') ? near : `${near}.json`);
    const found = file === null || file.startsWith('..') ? null : readOutput(file, context, depth + 1);
    // A config of a package may say anything that this one does not.
    const isSettled = typeof options.outDir === 'string' && typeof options.rootDir === 'string';
    if (!found && !isSettled) return null;
    // Globs of a config in another directory are relative to that one.
    base = found && parentOf(file ?? '') === home ? found : { ...(found ?? base), inputs: null };
  }
  const directory = (value: unknown): string | null => {
    if (typeof value !== 'string' || value.includes('$')) return null;
    return joinPath(home, value);
  };
  const include = texts(config.include) ?? base.inputs?.include;
  const exclude = texts(config.exclude) ?? base.inputs?.exclude;
  return {
    inputs: config.files !== undefined || !include || !exclude ? null : { include, exclude },
    outDir: options.outDir === undefined ? base.outDir : directory(options.outDir),
    rootDir: options.rootDir === undefined ? base.rootDir : directory(options.rootDir),
    noEmit: options.noEmit === undefined ? base.noEmit : options.noEmit === true,
  };
}

/** The files of a project that a compiler may read, relative to the context; null where there are too many. */
const sourcesOf = memoise((context: BuildContext) => {
  const known = new Map<string, ReadonlySet<string> | null>();
  return (directory: string): ReadonlySet<string> | null => {
    const cached = known.get(directory);
    if (cached !== undefined) return cached;
    const files = new Set<string>();
    let count = 0;
    for (const { path } of context.walk(directory, MOST_FILES, (one) => !/(?:^|\/)(?:node_modules|\.git)$/.test(one))) {
      count++;
      if (/\.(?:[cm]?[jt]sx?|json)$/.test(path)) files.add(path);
    }
    const found = count >= MOST_FILES ? null : files;
    known.set(directory, found);
    return found;
  };
});

function texts(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
