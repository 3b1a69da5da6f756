import type { RuleNames } from '../engine/rule-names.js';
import { didYouMean, nearest, shellcheckCode } from '../engine/rule-names.js';
import { SEVERITIES, type Severity } from '../model/finding.js';
import { listing } from '../model/listing.js';
import { locate, type SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';
import { entriesOf, sourced, textOf, textsOf, wrongType } from './read.js';
import { type ConfigNode, errorAt } from './tree.js';
import type { Config, ConfigLayer, HadolintRun, Level, Origin, RuleEntry, Sourced, Threshold } from './types.js';

/** What hadolint's configuration says, from its file or its environment variables; hadolint's own words. */
export interface HadolintSettings extends HadolintRun {
  readonly ignored: readonly Sourced<string>[];
  readonly override: Readonly<Record<Severity, readonly Sourced<string>[]>>;
  readonly trustedRegistries: readonly Sourced<string>[];
  readonly labels: ReadonlyMap<string, Sourced<LabelType>>;
  readonly strictLabels: Sourced<boolean> | null;
  readonly threshold: Sourced<Threshold> | null;
  readonly noFail: Sourced<boolean> | null;
  readonly disableIgnorePragma: Sourced<boolean> | null;
}

/** What is read, and what is odd in it. */
export interface HadolintReading {
  readonly settings: HadolintSettings;
  readonly warnings: readonly string[];
}

/** Type of a label of `label-schema` to the rule that checks it; every label must be there and not be empty. */
const LABEL_RULES = {
  text: null,
  url: 'label/valid-url',
  rfc3339: 'label/valid-date',
  spdx: 'label/valid-license',
  hash: 'label/valid-hash',
  semver: 'label/valid-version',
  email: 'label/valid-email',
} as const;
export type LabelType = keyof typeof LABEL_RULES;
const LABEL_TYPES = Object.keys(LABEL_RULES) as readonly LabelType[];

/** hadolint's names of formats to ours; null: nothing of ours is like it. */
export const HADOLINT_FORMATS: ReadonlyMap<string, string | null> = new Map([
  ['tty', 'text'],
  ['json', 'json'],
  ['checkstyle', 'checkstyle'],
  ['codeclimate', 'codeclimate'],
  ['gitlab_codeclimate', 'gitlab'],
  ['gnu', 'gnu'],
  ['codacy', null],
  ['sonarqube', 'sonarqube'],
  ['sarif', 'sarif'],
  ['junit', 'junit'],
]);

/** To hadolint these two are the lowest level of all, which every finding reaches. */
const THRESHOLDS: ReadonlyMap<string, Threshold> = new Map([
  ...SEVERITIES.map((severity): [string, Threshold] => [severity, severity]),
  ['ignore', 'style'],
  ['none', 'style'],
]);

export const NO_SETTINGS: HadolintSettings = {
  ignored: [],
  override: { error: [], warning: [], info: [], style: [] },
  trustedRegistries: [],
  labels: new Map(),
  strictLabels: null,
  threshold: null,
  noFail: null,
  disableIgnorePragma: null,
  format: null,
  noColor: null,
  verbose: null,
};

const KEYS = [
  'ignored',
  'override',
  'trustedRegistries',
  'label-schema',
  'strict-labels',
  'failure-threshold',
  'no-fail',
  'disable-ignore-pragma',
  'format',
  'no-color',
  'verbose',
] as const;

/**
 * Reads the tree of a `.hadolint.yaml`. Its users have old files, so that a key that hadolint does not know is a warning.
 *
 * @throws ConfigError for a value of the wrong type.
 */
export function readHadolint(root: ConfigNode | null, source: SourceFile): HadolintReading {
  const input = { source };
  const warnings: string[] = [];
  const values = mapOf(root, "hadolint's configuration", KEYS);
  const override = mapOf(values.get('override') ?? null, '"override"', SEVERITIES);
  const codes = (node: ConfigNode | undefined, what: string) =>
    (node ? listOf(node, what) : []).map((item) => sourced(textOf(item, `each item of ${what}`, input), item, input));
  const registries = values.get('trustedRegistries');
  const schema = values.get('label-schema');
  return {
    settings: {
      ignored: codes(values.get('ignored'), '"ignored"'),
      override: {
        error: codes(override.get('error'), '"error"'),
        warning: codes(override.get('warning'), '"warning"'),
        info: codes(override.get('info'), '"info"'),
        style: codes(override.get('style'), '"style"'),
      },
      trustedRegistries: registries
        ? textsOf(registries, '"trustedRegistries"', input).map(({ value, span }) => sourced(value, { span }, input))
        : [],
      labels: new Map(
        schema ? entriesOf(schema, '"label-schema"', input).map(({ key, value }) => [key, typeOf(value)]) : [],
      ),
      strictLabels: flagOf('strict-labels'),
      threshold: wordOf('failure-threshold', THRESHOLDS),
      noFail: flagOf('no-fail'),
      disableIgnorePragma: flagOf('disable-ignore-pragma'),
      format: wordOf('format', new Map([...HADOLINT_FORMATS.keys()].map((name) => [name, name]))),
      noColor: flagOf('no-color'),
      verbose: flagOf('verbose'),
    },
    warnings,
  };

  /** A key with nothing behind it says nothing. */
  function mapOf<K extends string>(
    node: ConfigNode | null,
    what: string,
    keys: readonly K[],
  ): ReadonlyMap<K, ConfigNode> {
    if (!node || isNothing(node)) return new Map();
    return new Map(
      entriesOf(node, what, input).flatMap(({ key, keySpan, value }): [K, ConfigNode][] => {
        const known = keys.find((candidate) => candidate === key);
        if (known) return isNothing(value) ? [] : [[known, value]];
        const hint = didYouMean(nearest(key, keys));
        warnings.push(
          `${placeText(source, keySpan)}: ${what} has no key "${key}"${hint || ', so that it does nothing'}`,
        );
        return [];
      }),
    );
  }

  function listOf(node: ConfigNode, what: string): readonly ConfigNode[] {
    if (node.kind === 'list') return node.items;
    throw wrongType(node, what, 'a list of strings', input);
  }

  function flagOf(key: (typeof KEYS)[number]): Sourced<boolean> | null {
    const node = values.get(key);
    if (!node) return null;
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return sourced(node.value, node, input);
    throw wrongType(node, `"${key}"`, 'true or false', input);
  }

  function wordOf<T>(key: (typeof KEYS)[number], known: ReadonlyMap<string, T>): Sourced<T> | null {
    const node = values.get(key);
    return node ? sourced(oneOfWords(node, `"${key}"`, known), node, input) : null;
  }

  function typeOf(node: ConfigNode): Sourced<LabelType> {
    const types = new Map<string, LabelType>(LABEL_TYPES.map((type) => [type, type])).set('', 'text');
    return sourced(oneOfWords(node, 'the type of a label', types), node, input);
  }

  function oneOfWords<T>(node: ConfigNode, what: string, known: ReadonlyMap<string, T>): T {
    const words = [...known.keys()].filter((word) => word !== '');
    const value = known.get(textOf(node, what, input));
    if (value !== undefined) return value;
    const word = textOf(node, what, input);
    throw errorAt(
      source,
      node.span,
      `${what} must be ${listing(words, 'or')}, not "${word}"${didYouMean(nearest(word, words))}`,
    );
  }
}

/** Reads hadolint's environment variables; as in hadolint, a value that it does not know says nothing, but not silently. */
export function readHadolintEnvironment(env: Readonly<Record<string, string | undefined>>): HadolintReading {
  const warnings: string[] = [];
  const labels = new Map<string, Sourced<LabelType>>();
  for (const { value, origin } of list('HADOLINT_REQUIRE_LABELS')) {
    const [name = '', word = ''] = value.split(/:(.*)/s);
    const type = word === '' ? 'text' : LABEL_TYPES.find((known) => known === word);
    if (type) labels.set(name, { value: type, origin });
    else warnings.push(`HADOLINT_REQUIRE_LABELS: "${word}" is not ${listing(LABEL_TYPES, 'or')}`);
  }
  return {
    settings: {
      ignored: list('HADOLINT_IGNORE'),
      override: {
        error: list('HADOLINT_OVERRIDE_ERROR'),
        warning: list('HADOLINT_OVERRIDE_WARNING'),
        info: list('HADOLINT_OVERRIDE_INFO'),
        style: list('HADOLINT_OVERRIDE_STYLE'),
      },
      trustedRegistries: list('HADOLINT_TRUSTED_REGISTRIES'),
      labels,
      strictLabels: truth('HADOLINT_STRICT_LABELS'),
      threshold: word('HADOLINT_FAILURE_THRESHOLD', THRESHOLDS),
      noFail: truth('HADOLINT_NOFAIL'),
      disableIgnorePragma: truth('HADOLINT_DISABLE_IGNORE_PRAGMA'),
      format: word('HADOLINT_FORMAT', new Map([...HADOLINT_FORMATS.keys()].map((name) => [name, name]))),
      noColor: env.NO_COLOR === undefined ? null : { value: true, origin: originOf('NO_COLOR') },
      verbose: truth('HADOLINT_VERBOSE'),
    },
    warnings,
  };

  function list(variable: string): readonly Sourced<string>[] {
    const items = (env[variable] ?? '').split(',').map((item) => item.trim());
    return items.filter((item) => item !== '').map((value) => ({ value, origin: originOf(variable) }));
  }

  function truth(variable: string): Sourced<boolean> | null {
    const text = env[variable];
    if (text === undefined) return null;
    return { value: /^(?:1|y|on|true|yes)$/i.test(text), origin: originOf(variable) };
  }

  function word<T>(variable: string, known: ReadonlyMap<string, T>): Sourced<T> | null {
    const text = env[variable];
    if (text === undefined || text === '') return null;
    const value = known.get(text);
    if (value !== undefined) return { value, origin: originOf(variable) };
    const words = [...known.keys()];
    warnings.push(`${variable}: "${text}" is not ${listing(words, 'or')}${didYouMean(nearest(text, words))}`);
    return null;
  }
}

/**
 * Adds up the environment and a file as hadolint does: lists are joined, the environment knows the type of a label
 * better, and in all else the file does.
 */
export function mergeHadolint(environment: HadolintSettings, file: HadolintSettings): HadolintSettings {
  const both = (severity: Severity) => [...environment.override[severity], ...file.override[severity]];
  return {
    ignored: [...environment.ignored, ...file.ignored],
    override: { error: both('error'), warning: both('warning'), info: both('info'), style: both('style') },
    trustedRegistries: [...environment.trustedRegistries, ...file.trustedRegistries],
    labels: new Map([...file.labels, ...environment.labels]),
    strictLabels: file.strictLabels ?? environment.strictLabels,
    threshold: file.threshold ?? environment.threshold,
    noFail: file.noFail ?? environment.noFail,
    disableIgnorePragma: file.disableIgnorePragma ?? environment.disableIgnorePragma,
    format: file.format ?? environment.format,
    noColor: file.noColor ?? environment.noColor,
    verbose: file.verbose ?? environment.verbose,
  };
}

/** What the settings come to in ours, with a warning for each code that no rule of ours stands for. */
export interface HadolintMeaning extends Pick<Config, 'comments' | 'hadolint' | 'warnings'> {
  readonly layer: ConfigLayer;
}

/** Translates hadolint's words into ours. */
export function meaningOf(settings: HadolintSettings, names: RuleNames): HadolintMeaning {
  const codes = new Map<string, Sourced<Level>>();
  const levels = new Map<string, Sourced<Level>>();
  const warnings: string[] = [];
  // Later wins: of two levels the more severe one, and what is ignored is ignored.
  for (const severity of [...SEVERITIES].reverse())
    for (const { value, origin } of settings.override[severity]) setLevel(value, { value: severity, origin });
  for (const { value, origin } of settings.ignored) setLevel(value, { value: 'off', origin });
  const { disableIgnorePragma: disabled, noFail, format, noColor, verbose } = settings;
  return {
    layer: {
      files: null,
      rules: [...[...levels].map(([rule, level]) => ({ rule, level, options: new Map() })), ...optionEntries(settings)],
      codes,
      threshold: noFail?.value ? { value: 'none', origin: noFail.origin } : settings.threshold,
    },
    comments: disabled?.value ? { value: ['plimsoll', 'check'], origin: disabled.origin } : null,
    hadolint: { format, noColor, verbose },
    warnings,
  };

  function setLevel(name: string, level: Sourced<Level>): void {
    const ids = names.resolve(name);
    const code = shellcheckCode(name);
    if (ids) for (const id of ids) levels.set(id, level);
    else if (code !== null) codes.set(code, level);
    else
      warnings.push(
        `${originText(level.origin)}: plimsoll has no rule that stands for "${name}", so that it says nothing`,
      );
  }
}

/** Options of rules that the label schema and the registries come to. */
function optionEntries({ labels, strictLabels, trustedRegistries }: HadolintSettings): readonly RuleEntry[] {
  const entries: RuleEntry[] = [];
  const add = (rule: string, options: Readonly<Record<string, unknown>>, origin: Origin) =>
    entries.push({
      rule,
      level: null,
      options: new Map(Object.entries(options).map(([name, value]) => [name, { value, origin }])),
    });
  const [registry] = trustedRegistries;
  if (registry) add('base/allowed-registries', { allow: trustedRegistries.map(({ value }) => value) }, registry.origin);
  const [first] = labels.values();
  const all = [...labels.keys()];
  if (first)
    for (const rule of ['label/required', 'label/not-empty', 'label/known']) add(rule, { labels: all }, first.origin);
  for (const type of LABEL_TYPES) {
    const rule = LABEL_RULES[type];
    const found = all.filter((name) => labels.get(name)?.value === type);
    const origin = labels.get(found[0] ?? '')?.origin;
    if (rule && origin) add(rule, { labels: found }, origin);
  }
  if (strictLabels) add('label/known', { strict: strictLabels.value }, strictLabels.origin);
  return entries;
}

/** Where a value stands, for a warning. */
export function originText(origin: Origin): string {
  if (origin.kind === 'file') return placeText(origin.place.file, origin.place.span);
  return origin.kind === 'environment' ? origin.variable : 'default';
}

function originOf(variable: string): Origin {
  return { kind: 'environment', variable };
}

function placeText(source: SourceFile, span: Span): string {
  const { line, column } = locate(source, span.start);
  return `${source.path}:${line}:${column}`;
}

function isNothing(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
