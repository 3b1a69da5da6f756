import { posix } from 'node:path';
import { joinPath } from '../context/paths.js';
import type { Fs } from '../context/types.js';
import { nameRules } from '../engine/rule-names.js';
import type { SourceFile } from '../model/source.js';
import { type HadolintReading, type HadolintSettings, meaningOf, mergeHadolint, readHadolint } from './hadolint.js';
import { type LoadOptions, sourceOf } from './load.js';
import { searchUpwards } from './search.js';
import { parseTree } from './tree.js';
import type { Config } from './types.js';

/** What the world says of where hadolint's configuration may be. */
export interface HadolintWorld {
  readonly cwd: string;
  readonly home: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isWindows: boolean;
}

const HIDDEN = ['.hadolint.yaml', '.hadolint.yml'];
const VISIBLE = ['hadolint.yaml', 'hadolint.yml'];

/**
 * The configuration of hadolint that holds for a directory: that of the nearest directory, as for our own; failing that,
 * the first of the places where hadolint itself looks.
 *
 * @param memo as {@link searchUpwards} has it; what is found elsewhere stands under the empty path.
 */
export function findHadolintConfig(
  fs: Fs,
  directory: string,
  world: HadolintWorld,
  memo: Map<string, string | null> = new Map(),
): string | null {
  const isFile = (path: string) => {
    const stat = fs.lstat(path);
    return stat.ok && stat.value.kind !== 'directory';
  };
  const lookIn = (at: string) => HIDDEN.map((name) => joinPath(at, name)).find(isFile) ?? null;
  const near = searchUpwards(fs, directory, world.home, memo, lookIn);
  if (near !== null) return near;
  const known = memo.get('');
  const elsewhere = known === undefined ? (placesOf(world).find(isFile) ?? null) : known;
  memo.set('', elsewhere);
  return elsewhere;
}

/** Whether a file that is named by hand is one of hadolint's. */
export function isHadolintConfig(path: string): boolean {
  return /(?:^|\/)[^/]*hadolint[^/]*\.ya?ml$|\/\.?hadolint\/config\.ya?ml$/i.test(path);
}

/** @throws ConfigError for a file that cannot be read, is no YAML, or holds a value of the wrong type. */
export async function readHadolintFile(
  fs: Fs,
  path: string,
  display: (path: string) => string = (shown) => shown,
): Promise<HadolintReading & { readonly source: SourceFile }> {
  const source = sourceOf(fs, path, display(path), null);
  return { ...readHadolint(await parseTree(source), source), source };
}

/**
 * Reads a configuration of hadolint as one of ours that names the preset `hadolint`.
 *
 * @param environment what hadolint's variables say.
 * @throws as {@link readHadolintFile}.
 */
export async function loadHadolintConfig(
  fs: Fs,
  path: string,
  environment: HadolintSettings,
  { rules, display = (shown: string) => shown }: Omit<LoadOptions, 'version'>,
): Promise<Config> {
  const { settings, warnings, source } = await readHadolintFile(fs, path, display);
  const { layer, ...meaning } = meaningOf(mergeHadolint(environment, settings), nameRules(rules));
  return {
    path,
    displayPath: display(path),
    presets: [{ value: 'hadolint', origin: { kind: 'file', place: { file: source, span: { start: 0, end: 0 } } } }],
    layers: [layer],
    ignore: [],
    rulesVersion: null,
    ...meaning,
    warnings: [...warnings, ...meaning.warnings],
  };
}

/** A configuration of ours, or none, with hadolint's variables beneath it: what it says wins over them. */
export function withEnvironment(
  config: Config | null,
  environment: HadolintSettings,
  rules: LoadOptions['rules'],
): Config {
  const { layer, comments, ...meaning } = meaningOf(environment, nameRules(rules));
  return {
    path: config?.path ?? null,
    displayPath: config?.displayPath ?? null,
    presets: config?.presets ?? [],
    layers: [layer, ...(config?.layers ?? [])],
    ignore: config?.ignore ?? [],
    rulesVersion: config?.rulesVersion ?? null,
    comments: config?.comments ?? comments,
    hadolint: meaning.hadolint,
    warnings: [...(config?.warnings ?? []), ...meaning.warnings],
  };
}

/** Outside of the project, in hadolint's order (https://github.com/hadolint/hadolint#configure). */
function placesOf({ cwd, home, env, isWindows }: HadolintWorld): readonly string[] {
  const slashes = (path: string) => (isWindows ? path.replaceAll('\\', '/') : path);
  const below = (root: string | null | undefined, names: readonly string[]) =>
    root ? names.map((name) => posix.join(slashes(root), name)) : [];
  const settings = isWindows ? env.LOCALAPPDATA : (env.XDG_CONFIG_HOME ?? (home === null ? null : `${home}/.config`));
  const own = isWindows ? env.APPDATA && `${env.APPDATA}/hadolint` : home === null ? null : `${home}/.hadolint`;
  return [
    ...below(cwd, HIDDEN),
    ...below(settings, VISIBLE),
    ...below(own, [...VISIBLE, 'config.yaml', 'config.yml']),
    ...below(home, HIDDEN),
  ];
}
