import { createHash } from 'node:crypto';

import { type Model, type Mount, mountText, print, type StageModel } from './dockerfile-model.js';

/**
 * A small model of how BuildKit decides what comes from the cache, to hold the cache map against. It shares no code with
 * `src`: it has its own idea of a Dockerfile, prints that as text for the parser, and builds it twice, before and after an
 * edit. A step runs again where its key was not there in the first build.
 *
 * Keys follow dockerfile2llb/convert.go and solver/llbsolver/ops of moby/buildkit: the environment is that of ENV and of
 * every ARG with a value, whichever came last; COPY and bind mounts count by content; RUN by all that surrounds it.
 */

/**
 * What a RUN leaves behind is not known. `worst`: when it runs again it writes other bytes over every path. `best`: it leaves
 * the same bytes everywhere, whatever it is given. The same holds for what an image holds. Where files that are not known
 * are copied over files that are, these are gone in the best world and may shine through in the worst.
 */
export type World = 'worst' | 'best';

/** What is in a stage: files that are known, and what stands for all that RUN and the image may have put below a path. */
interface Content {
  readonly files: ReadonlyMap<string, string>;
  readonly unknown: ReadonlyMap<string, string>;
  /** True where a COPY put something at a path with a variable that only the image could set. */
  readonly unsure: boolean;
  /** True where a file of another stage that is {@link Step.covered} came into it. */
  readonly covered: boolean;
}

interface StageResult {
  readonly key: string;
  readonly borrows: boolean;
  readonly covered: boolean;
  /** True where the key depends on content that is {@link Content.unsure}. */
  readonly unsure: boolean;
  readonly content: Content;
  readonly config: Config;
}

interface Config {
  readonly env: ReadonlyMap<string, string>;
  /** Those made of a variable that nothing in the Dockerfile sets. */
  readonly unsureNames: readonly string[];
  readonly user: string;
  readonly shell: string;
  readonly workdir: string;
  /** True where the working directory is not known, or has a variable that nothing sets. */
  readonly unsure: boolean;
}

/** Thrown where BuildKit would end the build: a source that is not there. */
export class BuildFails extends Error {}

export interface Step {
  readonly key: string;
  /** True where the key depends on what is in another stage. */
  readonly borrows: boolean;
  /**
   * True where it takes a single file that was copied over what a RUN or an image left. The map keeps no account of what
   * covers what a RUN may have changed, and says `perhaps`.
   */
  readonly covered: boolean;
  /**
   * True where the key depends on where files are that were put at a path with a variable that nothing in the Dockerfile
   * sets. Here it is empty; a base image may set it, and so the map cannot be sure.
   */
  readonly unsure: boolean;
}

/** The steps of the stages that the last one needs, by the line that they are printed on. */
export function build(model: Model, world: World): ReadonlyMap<number, Step> {
  const printed = print(model);
  const keys = new Map<number, Step>();
  const sent = sentFiles({ ...model.files, Dockerfile: printed.text, ...ignoreFile(model) }, model.ignore ?? []);
  const context: Content = { files: sent, unknown: new Map(), unsure: false, covered: false };
  const globals = new Map<string, string>();
  for (const { name, value } of model.globals) {
    const set = model.buildArgs[name] ?? (value === null ? null : expand(value, globals));
    if (set !== null) globals.set(name, set);
  }
  const done = new Map<number, StageResult>();
  const stageAt = (index: number): StageResult => {
    const known = done.get(index);
    if (known) return known;
    const stage = model.stages[index];
    if (!stage) throw new Error(`no stage ${index}`);
    const lines = printed.stages[index];
    const result = buildStage(stage, lines ?? { from: 0, lines: [] }, {
      model,
      world,
      keys,
      context,
      globals,
      stageAt,
    });
    done.set(index, result);
    return result;
  };
  stageAt(model.stages.length - 1);
  return keys;
}

interface Builder {
  readonly model: Model;
  readonly world: World;
  readonly keys: Map<number, Step>;
  readonly context: Content;
  readonly globals: ReadonlyMap<string, string>;
  stageAt(index: number): StageResult;
}

function buildStage(stage: StageModel, at: { from: number; lines: number[] }, builder: Builder): StageResult {
  const { model, world, keys, globals } = builder;
  let { key, borrows, covered, unsure, content, config } = startOf(stage, builder);
  keys.set(at.from, { key, borrows, covered, unsure });
  stage.lines.forEach((line, index) => {
    const { env, user, shell, workdir } = config;
    const word = (text: string): string => expand(text, env);
    const isUnsureWord = (text: string): boolean => isUnset(text, env, config.unsureNames);
    const isUnsurePlace = (to: string): boolean => isUnsureWord(to) || (config.unsure && !to.startsWith('/'));
    const withVariable = (name: string, value: string, isUnsure: boolean): Config => {
      const unsureNames = config.unsureNames.filter((one) => one !== name);
      return {
        ...config,
        env: new Map(env).set(name, value),
        unsureNames: isUnsure ? [...unsureNames, name] : unsureNames,
      };
    };
    const step = (newKey: string): void => {
      key = newKey;
      keys.set(at.lines[index] ?? 0, { key, borrows, covered, unsure });
    };
    const takenFrom = (from: number | null, sources: readonly string[]): Content => {
      const source = from === null ? builder.context : builder.stageAt(from).content;
      borrows ||= from !== null;
      covered ||= source.covered || (from !== null && sources.some((path) => source.files.has(absolute('/', path))));
      unsure ||= source.unsure;
      return source;
    };
    switch (line.keyword) {
      case 'ARG': {
        const inherited = line.value === null ? globals.get(line.name) : word(line.value);
        const value = model.buildArgs[line.name] ?? inherited;
        if (value !== undefined)
          config = withVariable(
            line.name,
            value,
            model.buildArgs[line.name] === undefined && isUnsureWord(line.value ?? ''),
          );
        break;
      }
      case 'ENV':
        config = withVariable(line.name, word(line.value), isUnsureWord(line.value));
        break;
      case 'USER':
        config = { ...config, user: word(line.value) };
        break;
      case 'SHELL':
        config = { ...config, shell: line.value };
        break;
      case 'WORKDIR': {
        const directory = absolute(workdir, word(line.value));
        config = { ...config, workdir: directory, unsure: isUnsurePlace(line.value) };
        if (directory !== '/') step(hash('mkdir', key, directory, user));
        break;
      }
      case 'RUN': {
        const taken = line.mounts.map((mount) => [mountText(mount), digestOfMount(mount, takenFrom)]);
        const args = line.form === 'exec' ? line.value : [shell, line.value];
        step(hash('run', key, line.form, args, [...env].sort(), user, workdir, taken));
        content = { ...content, files: new Map(), unknown: new Map([['/', world === 'worst' ? key : 'run']]) };
        break;
      }
      case 'COPY':
      case 'ADD': {
        const from = takenFrom(line.from, line.sources);
        const to = absolute(workdir, word(line.to));
        const directory = /\/$|^\.$/.test(word(line.to)) || line.sources.length > 1;
        const exclude = line.exclude === null ? null : patternToRegExp(line.exclude);
        const taken = line.sources.map((source) => take(source, from, exclude, line.from === null));
        // With --chmod a COPY is not linked.
        const isLinked = line.link && line.chmod === null;
        const definition = [line.keyword, line.chmod, to, directory, line.exclude, line.chown && word(line.chown)];
        const own = hash(
          'copy',
          definition,
          taken.map(({ digest }) => digest),
        );
        step(isLinked ? hash('merge', key, own) : hash('on', key, own));
        if (isLinked) keys.set(at.lines[index] ?? 0, { key: own, borrows, covered, unsure });
        for (const one of taken)
          content = put(
            one,
            to,
            directory,
            content,
            world,
            `${line.chmod} ${line.chown === null ? '' : word(line.chown)}`,
          );
        // The map does not follow what one source of another stage lays over what the one before it brought.
        const isMixed = line.from !== null && line.sources.length > 1;
        content = { ...content, unsure: content.unsure || isMixed || isUnsurePlace(line.to) };
        break;
      }
      case 'HEREDOC': {
        const to = absolute(workdir, word(line.to));
        step(hash('inline', key, to, word(line.content)));
        const laid = new Map(content.files).set(to, word(line.content));
        content = { ...content, files: laid, unsure: content.unsure || isUnsurePlace(line.to) };
        break;
      }
      default:
    }
    content = { ...content, unsure: content.unsure || unsure, covered };
  });
  return { key, borrows, covered, unsure, content, config };
}

/** An image whose working directory is known to be `/`; that of others may be anywhere. */
export const KNOWN_IMAGE = 'alpine:3.20';

function startOf({ from }: StageModel, { world, globals, stageAt }: Builder): StageResult {
  if (typeof from === 'number') return stageAt(from);
  const image = expand(from, globals);
  const unknown = new Map([['/', world === 'worst' ? `image ${image}` : 'image']]);
  return {
    key: hash('image', image),
    borrows: false,
    covered: false,
    unsure: false,
    content: { files: new Map(), unknown, unsure: false, covered: false },
    config: { env: new Map(), unsureNames: [], user: '', shell: 'c', workdir: '/', unsure: from !== KNOWN_IMAGE },
  };
}

function digestOfMount(
  { type, from, source }: Mount,
  takenFrom: (from: number | null, sources: readonly string[]) => Content,
): string {
  // What a cache or a secret holds is no part of the key.
  if (type !== 'bind') return '';
  return take(source ?? '.', takenFrom(from, source === null ? [] : [source]), null, from === null).digest;
}

interface Taken {
  /** Of names below the source and contents. */
  readonly digest: string;
  /** Path below the source to content; '' where the source is a file. */
  readonly files: readonly { readonly base: string; readonly below: string; readonly content: string }[];
  readonly unknown: string | null;
}

function take(source: string, content: Content, exclude: RegExp | null, mustExist: boolean): Taken {
  const root = absolute('/', source);
  const pattern = new RegExp(`^${root === '/' ? '' : globToRegExp(root)}(?:/(.*))?$`);
  const files = [...content.files].flatMap(([path, text]) => {
    const match = pattern.exec(path);
    if (!match) return [];
    const below = match[1] ?? '';
    if (exclude?.test(below)) return [];
    return [{ base: path.split('/').at(-1) ?? '', below, content: text }];
  });
  const exact = content.files.has(root);
  const marks = exact ? [] : [...content.unknown].filter(([path]) => isWithin(path, root) || isWithin(root, path));
  const unknown = marks.length === 0 ? null : hash(root, marks);
  if (mustExist && files.length === 0 && !exclude) throw new BuildFails(source);
  const named = files.map(({ base, below, content: text }) => [/[*]/.test(source) ? base : '', below, text]);
  return { digest: hash(named.sort(), unknown), files, unknown };
}

/** Lays what was taken over what is there. */
function put(
  { files, unknown }: Taken,
  to: string,
  directory: boolean,
  content: Content,
  world: World,
  owner: string,
): Content {
  const at = new Map(content.files);
  const marks = new Map(content.unknown);
  if (unknown !== null) {
    for (const [path, text] of content.files) {
      if (!isWithin(to, path)) continue;
      if (world === 'best') at.delete(path);
      else at.set(path, hash(text, unknown));
    }
    marks.set(to, hash(unknown, owner, world === 'worst' ? marks.get(to) : null));
  }
  for (const { base, below, content: text } of files) {
    const rest = below === '' && directory ? base : below;
    at.set(rest === '' ? to : absolute(to, rest), ownedBy(owner, text));
  }
  return { files: at, unknown: marks, unsure: content.unsure, covered: content.covered };
}

/** The owner is part of what counts as content, and COPY sets it. */
function ownedBy(owner: string, content: string): string {
  return `${content.split('\u0000')[0]}\u0000${owner}`;
}

function isWithin(directory: string, path: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

function ignoreFile({ ignore }: Model): Record<string, string> {
  return ignore === null ? {} : { '.dockerignore': ignore.map((line) => `${line}\n`).join('') };
}

/** All files of the context on disk, for the tested code. */
export function contextFiles(model: Model): Record<string, string> {
  return { ...model.files, ...ignoreFile(model), Dockerfile: print(model).text };
}

/** Those that pass the ignore file, by absolute path: the last line that matches a path or a directory above it decides. */
function sentFiles(files: Readonly<Record<string, string>>, ignore: readonly string[]): Map<string, string> {
  const sent = new Map<string, string>();
  for (const [path, content] of Object.entries(files)) {
    let ignored = false;
    for (const line of ignore) {
      const negated = line.startsWith('!');
      if (patternToRegExp(line.replace(/^!/, '')).test(path)) ignored = !negated;
    }
    if (!ignored) sent.set(`/${path}`, content);
  }
  return sent;
}

/** A pattern of an ignore file: it matches a path and all that is below it. */
function patternToRegExp(pattern: string): RegExp {
  return new RegExp(`^${globToRegExp(pattern)}(?:/.*)?$`);
}

function globToRegExp(pattern: string): string {
  return pattern
    .replace(/[.+]/g, '\\$&')
    .replaceAll('**/', '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('\u0000', '(?:.*/)?');
}

/** `$NAME`, `${NAME}` and `${NAME:-default}`. */
function expand(text: string, env: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:\{(\w+)(?::-(\w*))?\}|(\w+))/g, (_, braced?: string, fallback?: string, bare?: string) => {
    const value = env.get(braced ?? bare ?? '') ?? '';
    return value === '' ? (fallback ?? '') : value;
  });
}

/** Whether a variable in it has no sure value, and no default in place. */
function isUnset(text: string, env: ReadonlyMap<string, string>, unsure: readonly string[]): boolean {
  return [...text.matchAll(/\$\{?(\w+)(:-)?/g)].some(
    ([, name = '', fallback]) => unsure.includes(name) || (!fallback && !env.has(name)),
  );
}

function absolute(directory: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function hash(...parts: readonly unknown[]): string {
  return createHash('sha1').update(JSON.stringify(parts)).digest('hex');
}
