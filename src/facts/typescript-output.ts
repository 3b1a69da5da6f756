import { parse } from 'jsonc-parser';
import { isWithin, joinPath, parentOf, relativePath } from '../context/paths.js';
import type { BuildContext, NodeProject } from '../context/types.js';
import type { Command } from '../shell/types.js';
import { memoise } from './lazy.js';

/** What a tsconfig.json says of where output goes; paths are relative to the context. Null: it does not say. */
interface Output {
  readonly outDir: string | null;
  readonly rootDir: string | null;
  readonly noEmit: boolean;
}

/** So many source files are looked through; in a larger project nothing is certain. */
const MOST_FILES = 5000;
const DEEPEST = 4;

/**
 * True unless `tsc` or `nest build`, run in the directory of the project, is seen not to write a file. With an explicit
 * `rootDir` the place of each output is known; without one, a source file that ends like it may come to lie there.
 *
 * @param path of the file, relative to the project's directory
 */
export function mayEmit(command: Command, path: string, project: NodeProject, context: BuildContext): boolean {
  const config = configPath(command, project, context);
  const output = config === null ? null : readOutput(config, context, 0);
  if (!output || command.words.some(({ value }) => OVERRIDES.test(value))) return true;
  if (output.noEmit || command.words.some(({ value }) => value === '--noEmit')) return false;
  const file = joinPath(project.directory, path);
  if (output.outDir !== null && !isWithin(`/${output.outDir}`, `/${file}`)) return false;
  const out = output.outDir ?? output.rootDir ?? '.';
  const rest = relativePath(`/${out}`, `/${file}`);
  const sources = sourcesOf(context)(project.directory);
  if (!sources) return true;
  const wanted = originals(rest);
  if (output.rootDir !== null && output.outDir !== null) {
    const { rootDir } = output;
    return wanted.some((one) => sources.has(joinPath(rootDir, one)));
  }
  const all = [...sources];
  return wanted.some((one) => all.some((source) => source === one || source.endsWith(`/${one}`)));
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
  let base: Output = { outDir: null, rootDir: null, noEmit: false };
  if (config.extends !== undefined) {
    const near = typeof config.extends === 'string' && /^\.{1,2}\//.test(config.extends) ? config.extends : null;
    const file = near === null ? null : joinPath(home, near.endsWith('.json') ? near : `${near}.json`);
    const found = file === null || file.startsWith('..') ? null : readOutput(file, context, depth + 1);
    // A config of a package may say anything that this one does not.
    const isSettled = typeof options.outDir === 'string' && typeof options.rootDir === 'string';
    if (!found && !isSettled) return null;
    if (found) base = found;
  }
  const directory = (value: unknown): string | null => {
    if (typeof value !== 'string' || value.includes('$')) return null;
    return joinPath(home, value);
  };
  return {
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

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
