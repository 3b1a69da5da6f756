import { hasManyStars, MAX_STARS } from '../context/glob.js';
import { COMMENT_TOOLS, type CommentTool } from '../engine/control-comments.js';
import { didYouMean, isForeignCode, nearest, type RuleNames, shellcheckCode } from '../engine/rule-names.js';
import { SEVERITIES } from '../model/finding.js';
import { listing } from '../model/listing.js';
import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';
import type { OptionSpec, Rule } from '../rules/define-rule.js';
import type { Matcher } from './globs.js';
import { type ConfigEntry, type ConfigNode, describeNode, errorAt } from './tree.js';
import type { ConfigLayer, Level, Origin, PathGlob, RuleEntry, Sourced, Threshold } from './types.js';
import { THRESHOLDS } from './types.js';
import { compareVersions, isVersion } from './version.js';

/** One configuration file, validated, before what it extends is read. */
export interface FileConfig {
  readonly extends: readonly { readonly value: string; readonly span: Span }[];
  readonly rules: readonly RuleEntry[];
  readonly codes: ConfigLayer['codes'];
  readonly overrides: readonly ConfigLayer[];
  readonly ignore: readonly PathGlob[];
  readonly threshold: Sourced<Threshold> | null;
  readonly rulesVersion: Sourced<string> | null;
  readonly comments: Sourced<readonly CommentTool[]> | null;
}

/** What the file is judged by. */
export interface ReadInput {
  readonly source: SourceFile;
  readonly rules: readonly Rule[];
  readonly names: RuleNames;
  /** plimsoll's own version. */
  readonly version: string;
  readonly matcher: Matcher;
  /** What globs are relative to: absolute, forward slashes. */
  readonly directory: string;
}

const TOP_KEYS = [
  '$schema',
  'extends',
  'rules',
  'overrides',
  'ignore',
  'threshold',
  'rulesVersion',
  'comments',
] as const;
const OVERRIDE_KEYS = ['files', 'rules', 'threshold'] as const;
const RULE_KEYS = ['severity', 'options'] as const;
/** `default` is a synonym of `on`. */
export const LEVELS = ['off', 'on', 'default', ...SEVERITIES] as const;

/**
 * Checks the shape of a configuration and resolves aliases.
 *
 * @throws ConfigError at the first thing that is wrong.
 */
export function readConfig(root: ConfigNode, input: ReadInput): FileConfig {
  const values = mapOf(root, 'a configuration', TOP_KEYS, input);
  const schema = values.get('$schema');
  if (schema) textOf(schema, '"$schema"', input);
  const extended = values.get('extends');
  const rules = values.get('rules');
  const overrides = values.get('overrides');
  const ignore = values.get('ignore');
  const threshold = values.get('threshold');
  const rulesVersion = values.get('rulesVersion');
  const comments = values.get('comments');
  return {
    extends: extended ? textsOf(extended, '"extends"', input) : [],
    ...(rules ? rulesOf(rules, input) : NO_RULES),
    overrides: overrides ? listOf(overrides, '"overrides"', input).map((item) => overrideOf(item, input)) : [],
    ignore: ignore ? globsOf(ignore, '"ignore"', input) : [],
    threshold: threshold ? thresholdOf(threshold, input) : null,
    rulesVersion: rulesVersion ? versionOf(rulesVersion, input) : null,
    comments: comments ? commentsOf(comments, input) : null,
  };
}

/** The level that a word stands for; null where it is none. */
export function levelNamed(word: string): Level | null {
  if (word === 'default') return 'on';
  return word === 'on' || word === 'off' ? word : (SEVERITIES.find((severity) => severity === word) ?? null);
}

/** What to say of a name that is no rule. */
export function unknownRule(name: string, names: RuleNames): string {
  const suggestion = names.suggest(name);
  if (suggestion === null && isForeignCode(name)) return `plimsoll has no rule that stands for "${name}"`;
  return `unknown rule "${name}"${didYouMean(suggestion)}`;
}

function overrideOf(node: ConfigNode, input: ReadInput): ConfigLayer {
  const values = mapOf(node, 'an entry of "overrides"', OVERRIDE_KEYS, input);
  const files = values.get('files');
  const rules = values.get('rules');
  const threshold = values.get('threshold');
  if (!files) throw errorAt(input.source, node.span, 'an entry of "overrides" needs "files"');
  const globs = globsOf(files, '"files"', input);
  if (globs.length === 0) throw errorAt(input.source, files.span, '"files" needs at least one glob');
  return {
    files: globs,
    ...(rules ? rulesOf(rules, input) : NO_RULES),
    threshold: threshold ? thresholdOf(threshold, input) : null,
  };
}

const NO_RULES: Pick<ConfigLayer, 'rules' | 'codes'> = { rules: [], codes: new Map() };

function rulesOf(node: ConfigNode, input: ReadInput): Pick<ConfigLayer, 'rules' | 'codes'> {
  const seen = new Map<string, string>();
  const codes = new Map<string, Sourced<Level>>();
  const rules = entriesOf(node, '"rules"', input).flatMap((entry) => {
    const code = shellcheckCode(entry.key);
    const ids = input.names.resolve(entry.key);
    if (!ids && code !== null) {
      if (codes.has(code)) throw errorAt(input.source, entry.keySpan, `${code} is there twice`);
      codes.set(code, codeLevelOf(entry, input));
      return [];
    }
    if (!ids) throw errorAt(input.source, entry.keySpan, unknownRule(entry.key, input.names));
    for (const id of ids) {
      const before = seen.get(id);
      if (before !== undefined)
        throw errorAt(input.source, entry.keySpan, `"${entry.key}" and "${before}" are the same rule, ${id}`);
      seen.set(id, entry.key);
    }
    return ruleEntriesOf(entry, ids, input);
  });
  return { rules, codes };
}

function codeLevelOf({ key, value }: ConfigEntry, input: ReadInput): Sourced<Level> {
  if (value.kind === 'scalar') return levelOf(value, `"${key}"`, input);
  const severity = mapOf(value, `"${key}"`, ['severity'], input).get('severity');
  if (severity) return levelOf(severity, '"severity"', input);
  throw errorAt(input.source, value.span, `"${key}" needs "severity"`);
}

function ruleEntriesOf(entry: ConfigEntry, ids: readonly string[], input: ReadInput): readonly RuleEntry[] {
  if (entry.value.kind === 'scalar') {
    const level = levelOf(entry.value, `"${entry.key}"`, input);
    return ids.map((rule) => ({ rule, level, options: new Map() }));
  }
  const values = mapOf(entry.value, `"${entry.key}"`, RULE_KEYS, input);
  const severity = values.get('severity');
  const options = values.get('options');
  const level = severity ? levelOf(severity, '"severity"', input) : null;
  if (!options) return ids.map((rule) => ({ rule, level, options: new Map() }));
  const id = ids[0];
  if (id === undefined || ids.length > 1)
    throw errorAt(input.source, options.span, `"${entry.key}" stands for several rules: ${ids.join(', ')}; name one`);
  return [{ rule: id, level, options: optionsOf(options, id, input) }];
}

function optionsOf(node: ConfigNode, id: string, input: ReadInput): ReadonlyMap<string, Sourced<unknown>> {
  const specs = input.rules.find((rule) => rule.id === id)?.options ?? {};
  const known = Object.keys(specs);
  return new Map(
    entriesOf(node, `"options" of ${id}`, input).map(({ key, keySpan, value }) => {
      const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
      if (spec) return [key, sourced(optionOf(value, key, spec, input), value, input)];
      const hint = known.length === 0 ? '; it has none' : didYouMean(nearest(key, known));
      throw errorAt(input.source, keySpan, `${id} has no option "${key}"${hint}`);
    }),
  );
}

function optionOf(node: ConfigNode, key: string, spec: OptionSpec, input: ReadInput): unknown {
  const wrong = (wanted: string) => wrongType(node, `option "${key}"`, wanted, input);
  const value = node.kind === 'scalar' ? node.value : null;
  switch (spec.kind) {
    case 'list':
      if (node.kind !== 'list') throw wrong('a list of strings');
      return node.items.map((item) => textOf(item, `each item of option "${key}"`, input));
    case 'text':
      if (typeof value !== 'string') throw wrong('a string');
      if (spec.values && !spec.values.includes(value))
        throw errorAt(
          input.source,
          node.span,
          `option "${key}" must be ${listing(spec.values, 'or')}${didYouMean(nearest(value, spec.values))}`,
        );
      return value;
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong('a number');
      if (value < spec.minimum)
        throw errorAt(input.source, node.span, `option "${key}" must be ${spec.minimum} or more`);
      return value;
    case 'flag':
      if (typeof value !== 'boolean') throw wrong('true or false');
      return value;
  }
}

function levelOf(node: ConfigNode, what: string, input: ReadInput): Sourced<Level> {
  if (node.kind !== 'scalar') throw wrongType(node, what, listing(LEVELS, 'or'), input);
  const level = typeof node.value === 'string' ? levelNamed(node.value) : null;
  if (level) return sourced(level, node, input);
  const guess = typeof node.value === 'string' ? nearest(node.value, LEVELS) : node.value === false ? 'off' : null;
  const message = `${what} must be ${listing(LEVELS, 'or')}, not ${describeNode(node)}${didYouMean(guess)}`;
  throw errorAt(input.source, node.span, message);
}

function thresholdOf(node: ConfigNode, input: ReadInput): Sourced<Threshold> {
  const word = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
  const threshold = THRESHOLDS.find((known) => known === word);
  if (threshold) return sourced(threshold, node, input);
  const guess = word === null ? null : nearest(word, THRESHOLDS);
  const message = `"threshold" must be ${listing(THRESHOLDS, 'or')}, not ${describeNode(node)}${didYouMean(guess)}`;
  throw errorAt(input.source, node.span, message);
}

function versionOf(node: ConfigNode, input: ReadInput): Sourced<string> {
  // 0.10 as a number is 0.1: only a string says which was meant.
  if (node.kind === 'scalar' && typeof node.value === 'number')
    throw errorAt(
      input.source,
      node.span,
      `"rulesVersion" must be a string: write "${textOfSpan(node, input)}" in quotes`,
    );
  const version = textOf(node, '"rulesVersion"', input);
  if (!isVersion(version))
    throw errorAt(input.source, node.span, `"rulesVersion" must be a version such as "0.1", not "${version}"`);
  if (compareVersions(version, input.version) > 0)
    throw errorAt(input.source, node.span, `"rulesVersion" is ${version}, but this is plimsoll ${input.version}`);
  if (compareVersions(version, FIRST_VERSION) < 0)
    throw errorAt(
      input.source,
      node.span,
      `"rulesVersion" is ${version}, but the first rules came with ${FIRST_VERSION}`,
    );
  return sourced(version, node, input);
}

function commentsOf(node: ConfigNode, input: ReadInput): Sourced<readonly CommentTool[]> {
  const tools = textsOf(node, '"comments"', input).map(({ value, span }) => {
    const known = COMMENT_TOOLS.find((tool) => tool === value);
    if (known) return known;
    const hint = didYouMean(nearest(value, COMMENT_TOOLS));
    throw errorAt(input.source, span, `"comments" takes ${listing(COMMENT_TOOLS, 'or')}, not "${value}"${hint}`);
  });
  return sourced(tools, node, input);
}

const FIRST_VERSION = '0.1';

function globsOf(node: ConfigNode, what: string, input: ReadInput): readonly PathGlob[] {
  return textsOf(node, what, input).map(({ value, span }) => {
    if (value.trim() === '') throw errorAt(input.source, span, `${what} holds an empty glob`);
    if (value.startsWith('!')) throw errorAt(input.source, span, `${what} takes no negated glob`);
    if (!isSimple(value)) throw errorAt(input.source, span, `${what} takes globs of *, **, ?, [ab] and {a,b} only`);
    if (hasManyStars(value))
      throw errorAt(input.source, span, `${what} holds a glob with more than ${MAX_STARS} stars`);
    return { pattern: value, place: { file: input.source, span }, matches: input.matcher(value, input.directory) };
  });
}

/** Groups and their repetition become those of a regular expression, some of which need longer than anyone waits. */
function isSimple(glob: string): boolean {
  return !/[()]|[}\]]\+/.test(glob);
}

/** A string or a list of strings. */
export function textsOf(
  node: ConfigNode,
  what: string,
  input: Pick<ReadInput, 'source'>,
): readonly { value: string; span: Span }[] {
  if (node.kind !== 'list' && !(node.kind === 'scalar' && typeof node.value === 'string'))
    throw wrongType(node, what, 'a string or a list of strings', input);
  const items = node.kind === 'list' ? node.items : [node];
  return items.map((item) => ({ value: textOf(item, `each item of ${what}`, input), span: item.span }));
}

export function textOf(node: ConfigNode, what: string, input: Pick<ReadInput, 'source'>): string {
  if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
  throw wrongType(node, what, 'a string', input);
}

function listOf(node: ConfigNode, what: string, input: ReadInput): readonly ConfigNode[] {
  if (node.kind === 'list') return node.items;
  throw wrongType(node, what, 'a list', input);
}

export function entriesOf(node: ConfigNode, what: string, input: Pick<ReadInput, 'source'>): readonly ConfigEntry[] {
  if (node.kind === 'map') return node.entries;
  throw wrongType(node, what, 'a mapping', input);
}

function mapOf<K extends string>(
  node: ConfigNode,
  what: string,
  keys: readonly K[],
  input: ReadInput,
): ReadonlyMap<K, ConfigNode> {
  return new Map(
    entriesOf(node, what, input).map(({ key, keySpan, value }) => {
      const known = keys.find((candidate) => candidate === key);
      if (known) return [known, value];
      const hint = didYouMean(nearest(key, keys)) || `; it has ${keys.join(', ')}`;
      throw errorAt(input.source, keySpan, `${what} has no key "${key}"${hint}`);
    }),
  );
}

export function sourced<T>(value: T, node: Pick<ConfigNode, 'span'>, input: Pick<ReadInput, 'source'>): Sourced<T> {
  const origin: Origin = { kind: 'file', place: { file: input.source, span: node.span } };
  return { value, origin };
}

export function wrongType(node: ConfigNode, what: string, wanted: string, input: Pick<ReadInput, 'source'>): Error {
  return errorAt(input.source, node.span, `${what} must be ${wanted}, not ${describeNode(node)}`);
}

function textOfSpan(node: ConfigNode, input: ReadInput): string {
  return input.source.text.slice(node.span.start, node.span.end);
}
