import { posix } from 'node:path';
import type { Fs } from '../context/types.js';
import { PRESETS, presetNamed } from '../engine/presets.js';
import { didYouMean, nameRules, nearest } from '../engine/rule-names.js';
import { ConfigError } from '../model/errors.js';
import { createSource, type SourceFile } from '../model/source.js';
import type { Rule } from '../rules/define-rule.js';
import { loadMatcher } from './globs.js';
import { type FileConfig, readConfig } from './read.js';
import { searchUpwards } from './search.js';
import { type ConfigNode, errorAt, parseTree } from './tree.js';
import type { Config, ConfigLayer, PathGlob, Sourced } from './types.js';

/** Names of configuration files; a directory may hold one of them, or `plimsoll` in its package.json. */
export const CONFIG_NAMES = ['.plimsoll.yaml', '.plimsoll.yml', '.plimsoll.json'] as const;

/** The key of package.json. */
const PACKAGE_KEY = 'plimsoll';
const MAX_BYTES = 1_000_000;

/**
 * The configuration that holds for a directory: that of the nearest directory up to the one that holds `.git`, or up to
 * `ceiling` (inclusive), or the root of the disk.
 *
 * @param directory absolute, forward slashes.
 * @param ceiling the home directory, as a rule; null for none.
 * @param memo answers by directory, shared between calls of one run.
 * @param display how an error shows a path.
 * @returns the absolute path, or null.
 * @throws ConfigError where one directory holds two configurations.
 */
export function findConfig(
  fs: Fs,
  directory: string,
  ceiling: string | null = null,
  memo: Map<string, string | null> = new Map(),
  display: (path: string) => string = (path) => path,
): string | null {
  return searchUpwards(fs, directory, ceiling, memo, (at) => configIn(fs, at, display));
}

export interface LoadOptions {
  readonly rules: readonly Rule[];
  /** plimsoll's own version, which `rulesVersion` may not be later than. */
  readonly version: string;
  /** How a path is shown: relative to the working directory. Default: as it is. */
  readonly display?: (path: string) => string;
}

/**
 * Reads a configuration with all that it extends. Asynchronous, since the parsers are loaded only here: a project
 * without configuration does not pay for them.
 *
 * @param path absolute, forward slashes.
 * @throws ConfigError naming the file and, as far as there is one, the place of what is wrong.
 */
export async function loadConfig(fs: Fs, path: string, options: LoadOptions): Promise<Config> {
  const display = options.display ?? ((shown: string) => shown);
  const names = nameRules(options.rules);
  const matcher = await loadMatcher();
  const presets: Sourced<string>[] = [];
  const layers: ConfigLayer[] = [];
  const ignore: PathGlob[] = [];
  let rulesVersion: Sourced<string> | null = null;
  let comments: Config['comments'] = null;
  const done = new Set<string>();
  await add(path, [], null);
  const said = { presets, layers, ignore, rulesVersion, comments };
  return { path, displayPath: display(path), ...said, hadolint: null, warnings: [] };

  async function add(file: string, chain: readonly string[], from: PlaceOfName | null): Promise<void> {
    const { config, source } = await readFile(file, from);
    const directory = posix.dirname(file);
    for (const name of config.extends) {
      const at = { source, span: name.span };
      const preset = presetNamed(name.value);
      if (preset) {
        presets.push({ value: preset, origin: { kind: 'file', place: { file: source, span: name.span } } });
        continue;
      }
      if (!isPath(name.value)) throw unknownPreset(name.value, at);
      const next = isAbsolute(name.value) ? posix.normalize(name.value) : posix.join(directory, name.value);
      const path = [...chain, file];
      if (path.includes(next)) {
        const loop = [...path.slice(path.indexOf(next)), next].map(display).join(' -> ');
        throw errorAt(source, name.span, `this configuration extends itself: ${loop}`);
      }
      // Extended along two ways: what it says was said already, at the earlier and so weaker place.
      if (!done.has(next)) await add(next, path, at);
    }
    done.add(file);
    const { rules, codes, threshold } = config;
    layers.push({ files: null, rules, codes, threshold }, ...config.overrides);
    ignore.push(...config.ignore);
    rulesVersion = config.rulesVersion ?? rulesVersion;
    comments = config.comments ?? comments;
  }

  async function readFile(file: string, from: PlaceOfName | null): Promise<{ config: FileConfig; source: SourceFile }> {
    const source = sourceOf(fs, file, display(file), from);
    const tree = await parseTree(source);
    const root = posix.basename(file) === 'package.json' ? packageEntry(tree, source) : tree;
    const directory = posix.dirname(file);
    const input = { source, rules: options.rules, names, version: options.version, matcher, directory };
    return { config: root ? readConfig(root, input) : EMPTY, source };
  }
}

/** The place of `extends` that names a file. */
interface PlaceOfName {
  readonly source: SourceFile;
  readonly span: { readonly start: number; readonly end: number };
}

const EMPTY: FileConfig = {
  extends: [],
  rules: [],
  codes: new Map(),
  overrides: [],
  ignore: [],
  threshold: null,
  rulesVersion: null,
  comments: null,
};

/** The text of a configuration file. `from`: the place that names it, where an error belongs. */
export function sourceOf(fs: Fs, path: string, shown: string, from: PlaceOfName | null): SourceFile {
  const read = fs.readFile(path, MAX_BYTES);
  const fail = (why: string): ConfigError =>
    from ? errorAt(from.source, from.span, `${shown} ${why}`) : new ConfigError(why, shown);
  if (!read.ok) {
    if (read.reason === 'missing') throw fail('is not there');
    if (read.reason === 'denied') throw fail('may not be read');
    if (read.reason === 'not-a-file') throw fail('is not a file');
    if (read.reason === 'too-large') throw fail(`is larger than ${MAX_BYTES} bytes`);
    throw fail('cannot be read');
  }
  try {
    return createSource(shown, new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(read.value));
  } catch {
    throw fail('is not UTF-8 text');
  }
}

function configIn(fs: Fs, directory: string, display: (path: string) => string): string | null {
  const found: string[] = CONFIG_NAMES.filter((name) => fs.lstat(posix.join(directory, name)).ok);
  if (hasPackageEntry(fs, posix.join(directory, 'package.json'))) found.push('package.json');
  const [first, second] = found;
  if (first === undefined) return null;
  const path = posix.join(directory, first);
  if (second === undefined) return path;
  const others = found.slice(1).join(' and ');
  throw new ConfigError(
    `there are two configurations in one directory: ${first} and ${others}; keep one`,
    display(path),
  );
}

/** A package.json that is broken is no configuration: the rules that read it say what is wrong. */
function hasPackageEntry(fs: Fs, path: string): boolean {
  const read = fs.readFile(path, MAX_BYTES);
  if (!read.ok) return false;
  const text = new TextDecoder().decode(read.value);
  if (!text.includes(`"${PACKAGE_KEY}"`)) return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && Object.hasOwn(value, PACKAGE_KEY);
  } catch {
    return false;
  }
}

function packageEntry(tree: ConfigNode | null, source: SourceFile): ConfigNode {
  const entry = tree?.kind === 'map' ? tree.entries.find(({ key }) => key === PACKAGE_KEY) : undefined;
  if (entry) return entry.value;
  throw new ConfigError(`has no key "${PACKAGE_KEY}"`, source.path);
}

/** A file is told from a preset by a slash or an ending. */
function isPath(name: string): boolean {
  return !name.startsWith('plimsoll:') && (name.includes('/') || /\.(?:ya?ml|json)$/.test(name));
}

function isAbsolute(path: string): boolean {
  return /^(?:[A-Za-z]:)?\//.test(path);
}

function unknownPreset(name: string, at: PlaceOfName): ConfigError {
  const bare = name.replace(/^plimsoll:/, '');
  const hint = didYouMean(nearest(bare, PRESETS)) || `; there are ${PRESETS.join(', ')}, and files begin with "./"`;
  return errorAt(at.source, at.span, `unknown preset "${name}"${hint}`);
}
