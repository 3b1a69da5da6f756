import { COMMENT_TOOLS } from '../engine/control-comments.js';
import { DEFAULT_PRESET, hasShellcheck, PRESETS, type Preset, presetEntry, presetNamed } from '../engine/presets.js';
import { didYouMean, nameRules, nearest, shellcheckCode } from '../engine/rule-names.js';
import type { RuleSetting } from '../engine/types.js';
import { UsageError } from '../model/errors.js';
import type { Severity } from '../model/finding.js';
import type { Rule } from '../rules/define-rule.js';
import type { ShellcheckSettings } from '../shellcheck/types.js';
import { LEVELS, levelNamed, unknownRule } from './read.js';
import {
  type Config,
  type ConfigLayer,
  type ConfigOverrides,
  DEFAULT_THRESHOLD,
  type EffectiveConfig,
  type Level,
  type Origin,
  type PathGlob,
  type PrintedConfig,
  type Sourced,
  type Threshold,
} from './types.js';
import { compareVersions } from './version.js';

/** What holds for a file, by its absolute path with forward slashes. */
export type ConfigResolver = (path: string) => EffectiveConfig;

/**
 * Prepares a configuration for many files; files to which the same overrides apply share one answer.
 *
 * Later wins: presets, then the layers of the configuration in order, then the command line. A preset named by the
 * configuration or by `--preset` replaces the default one; several add up.
 *
 * @param config null where no file holds.
 * @throws UsageError for a rule, preset or level of the command line that is not there.
 */
export function configResolver(
  config: Config | null,
  overrides: ConfigOverrides,
  rules: readonly Rule[],
): ConfigResolver {
  const checked = checkOverrides(overrides, rules);
  const known = new Map<string, Omit<EffectiveConfig, 'ignored'>>();
  return (path) => {
    const layers = layersFor(config, path);
    const key = layers.map((layer) => (config?.layers ?? []).indexOf(layer)).join();
    let found = known.get(key);
    if (!found) {
      const settings = new Map<string, RuleSetting>();
      const { experimental } = nameRules(rules);
      for (const [id, state] of resolveRules(config, layers, checked, rules)) {
        // A file may ask for it, unless somebody has turned it off.
        const onRequest = !state.on && experimental.has(id) && state.origin.kind === 'preset';
        if (!state.on && !onRequest) continue;
        const { severity, explicit, varies } = state;
        const options = Object.fromEntries([...state.options].map(([name, { value }]) => [name, value]));
        settings.set(id, { severity, explicit, varies, ...(onRequest ? { onRequest } : {}), options });
      }
      found = {
        settings,
        shellcheck: shellcheckFor(config, layers, checked),
        comments: new Set(config?.comments?.value ?? COMMENT_TOOLS),
        threshold: thresholdFor(config, layers, checked).value,
      };
      known.set(key, found);
    }
    return { ...found, ignored: ignoredBy(config, path) !== null };
  };
}

/** {@link configResolver} for a single file. */
export function effectiveConfig(
  config: Config | null,
  overrides: ConfigOverrides,
  path: string,
  rules: readonly Rule[],
): EffectiveConfig {
  return configResolver(config, overrides, rules)(path);
}

/** What holds for a file and where each value comes from. Parameters and errors as {@link configResolver} has them. */
export function printConfig(
  config: Config | null,
  overrides: ConfigOverrides,
  path: string,
  rules: readonly Rule[],
): PrintedConfig {
  const checked = checkOverrides(overrides, rules);
  const layers = layersFor(config, path);
  const states = resolveRules(config, layers, checked, rules);
  return {
    config: config?.displayPath ?? null,
    presets: presetsFor(config, checked),
    threshold: thresholdFor(config, layers, checked),
    rulesVersion: config?.rulesVersion ?? null,
    comments: config?.comments ?? null,
    hadolint: config?.hadolint ?? null,
    ignored: ignoredBy(config, path),
    rules: [...states.keys()].sort().flatMap((rule) => {
      const state = states.get(rule);
      if (!state) return [];
      const options = [...state.options].map(([name, { value, origin }]) => ({ name, value, origin }));
      const { on, severity, origin } = state;
      return [{ rule, severity: on ? severity : null, origin, options: on ? options : [] }];
    }),
    codes: [...codesFor(layers, checked)].sort().map(([code, level]) => ({ code, level })),
  };
}

interface RuleState {
  on: boolean;
  severity: Severity;
  explicit: boolean;
  varies: boolean;
  /** What `on` comes back to: what the preset says, else the rule itself. */
  readonly initial: { readonly severity: Severity; readonly varies: boolean };
  origin: Origin;
  options: Map<string, Sourced<unknown>>;
}

interface CheckedOverrides {
  readonly presets: readonly Sourced<Preset>[];
  readonly levels: ReadonlyMap<string, Sourced<Level>>;
  /** Codes of ShellCheck that `--rule` and `--ignore` name. */
  readonly codes: ReadonlyMap<string, Sourced<Level>>;
  /** Ids, each with the flag that names it; null: `--only` is not given. */
  readonly only: ReadonlyMap<string, Origin> | null;
  /** Codes of ShellCheck that `--only` names. */
  readonly onlyCodes: ReadonlySet<string>;
  readonly ignore: ReadonlyMap<string, Origin>;
  readonly threshold: Threshold | null;
}

function resolveRules(
  config: Config | null,
  layers: readonly ConfigLayer[],
  overrides: CheckedOverrides,
  rules: readonly Rule[],
): ReadonlyMap<string, RuleState> {
  const presets = presetsFor(config, overrides);
  const frozen = config?.rulesVersion ?? null;
  const states = new Map(rules.map((rule) => [rule.id, initialState(rule, presets, frozen)]));
  for (const layer of layers) {
    for (const entry of layer.rules) {
      const state = states.get(entry.rule);
      if (!state) continue;
      if (entry.level) setLevel(state, entry.level);
      for (const [name, value] of entry.options) state.options.set(name, value);
    }
  }
  for (const [id, state] of states) {
    const level = overrides.levels.get(id);
    if (level) setLevel(state, level);
    if (overrides.only) {
      const origin = overrides.only.get(id);
      if (Boolean(origin) !== state.on) state.origin = origin ?? commandLine('--only');
      state.on = Boolean(origin);
    }
    const ignored = overrides.ignore.get(id);
    if (ignored) Object.assign(state, { on: false, origin: ignored });
  }
  return states;
}

function initialState(rule: Rule, presets: readonly Sourced<Preset>[], frozen: Sourced<string> | null): RuleState {
  const known = presets.flatMap(({ value, origin }) => {
    const entry = presetEntry(rule, value);
    return entry ? [{ entry, value, origin }] : [];
  });
  // Presets add up; of two that have the rule, the later one says how severe it is.
  const chosen = known.findLast(({ entry }) => entry.on) ?? known.at(-1);
  const tooNew = frozen !== null && compareVersions(frozen.value, rule.since) < 0;
  const options = Object.entries(rule.options).map(([name, spec]): [string, Sourced<unknown>] => {
    const set = chosen && Object.hasOwn(chosen.entry.options, name) ? chosen : null;
    return [
      name,
      set
        ? { value: set.entry.options[name], origin: { kind: 'preset', preset: set.value } }
        : { value: spec.default, origin: { kind: 'default' } },
    ];
  });
  const isOn = chosen?.entry.on === true;
  const initial = { severity: chosen?.entry.severity ?? rule.severity, varies: chosen?.entry.varies ?? true };
  return {
    on: isOn && !tooNew,
    ...initial,
    initial,
    explicit: false,
    origin:
      isOn && tooNew
        ? frozen.origin
        : { kind: 'preset', preset: chosen?.value ?? presets.map(({ value }) => value).join(', ') },
    options: new Map(options),
  };
}

function setLevel(state: RuleState, { value, origin }: Sourced<Level>): void {
  const chosen = value !== 'on' && value !== 'off';
  state.on = value !== 'off';
  state.severity = chosen ? value : state.initial.severity;
  state.varies = chosen ? false : state.initial.varies;
  state.explicit = chosen;
  state.origin = origin;
}

function codesFor(layers: readonly ConfigLayer[], overrides: CheckedOverrides): ReadonlyMap<string, Sourced<Level>> {
  return new Map([...layers.map(({ codes }) => codes), overrides.codes].flatMap((codes) => [...codes]));
}

/** Null where nothing of ShellCheck is wanted. */
function shellcheckFor(
  config: Config | null,
  layers: readonly ConfigLayer[],
  overrides: CheckedOverrides,
): ShellcheckSettings | null {
  const presets = presetsFor(config, overrides).map(({ value }) => value);
  const frozen = config?.rulesVersion ?? null;
  const isNew = frozen !== null && compareVersions(frozen.value, SHELLCHECK_SINCE) < 0;
  const codes = new Map<string, Severity | null>();
  const named = new Set<string>();
  for (const [code, { value }] of codesFor(layers, overrides)) {
    if (value !== 'off') named.add(code);
    if (value !== 'on') codes.set(code, value === 'off' ? null : value);
  }
  const isOn = !isNew && presets.some(hasShellcheck);
  const only = overrides.only ? overrides.onlyCodes : isOn ? null : named;
  if (only?.size === 0) return null;
  return { codes, only, semantics: presets.includes('hadolint') ? 'hadolint' : 'plimsoll' };
}

/** The version that brought ShellCheck, for `rulesVersion`. */
const SHELLCHECK_SINCE = '0.2.0';

function presetsFor(config: Config | null, overrides: CheckedOverrides): readonly Sourced<Preset>[] {
  const named = (config?.presets ?? []).flatMap(({ value, origin }) => {
    const preset = presetNamed(value);
    return preset ? [{ value: preset, origin }] : [];
  });
  const all = [...named, ...overrides.presets];
  return all.length > 0 ? all : [{ value: DEFAULT_PRESET, origin: { kind: 'default' } }];
}

function thresholdFor(
  config: Config | null,
  layers: readonly ConfigLayer[],
  overrides: CheckedOverrides,
): Sourced<Threshold> {
  if (overrides.threshold) return { value: overrides.threshold, origin: commandLine('--threshold') };
  const last = layers.findLast((layer) => layer.threshold !== null);
  if (last?.threshold) return last.threshold;
  const preset = presetsFor(config, overrides).find(({ value }) => value === 'hadolint');
  if (preset) return { value: HADOLINT_THRESHOLD, origin: { kind: 'preset', preset: preset.value } };
  return { value: DEFAULT_THRESHOLD, origin: { kind: 'default' } };
}

/** hadolint's own default for `failure-threshold`. */
const HADOLINT_THRESHOLD: Threshold = 'info';

function layersFor(config: Config | null, path: string): readonly ConfigLayer[] {
  return (config?.layers ?? []).filter(({ files }) => files === null || files.some((glob) => glob.matches(path)));
}

function ignoredBy(config: Config | null, path: string): PathGlob | null {
  return config?.ignore.find((glob) => glob.matches(path)) ?? null;
}

function checkOverrides(overrides: ConfigOverrides, rules: readonly Rule[]): CheckedOverrides {
  const names = nameRules(rules);
  const idsOf = (name: string, flag: string): readonly string[] => {
    const ids = names.resolve(name);
    if (ids) return ids;
    throw new UsageError(`${flag}: ${unknownRule(name, names)}`);
  };
  const flagged = (list: readonly string[], flag: string) =>
    new Map(list.flatMap((name) => idsOf(name, flag).map((id) => [id, commandLine(`${flag} ${name}`)])));
  const isRule = (name: string) => shellcheckCode(name) === null || names.resolve(name) !== null;
  const ruleLevels = overrides.rules.filter((text) => isRule(text.replace(/=[^=]*$/, '')));
  return {
    presets: overrides.presets.map((name) => {
      const preset = presetNamed(name);
      if (preset) return { value: preset, origin: commandLine(`--preset ${name}`) };
      const hint = didYouMean(nearest(name, PRESETS)) || `; there are ${PRESETS.join(', ')}`;
      throw new UsageError(`--preset: unknown preset "${name}"${hint}`);
    }),
    levels: new Map(ruleLevels.flatMap((text) => levelsOf(text, idsOf))),
    codes: new Map([
      ...overrides.rules
        .filter((text) => !ruleLevels.includes(text))
        .flatMap((text) => levelsOf(text, (name) => [shellcheckCode(name) ?? name])),
      ...overrides.ignore.flatMap((name): [string, Sourced<Level>][] => {
        const code = isRule(name) ? null : shellcheckCode(name);
        return code === null ? [] : [[code, { value: 'off', origin: commandLine(`--ignore ${name}`) }]];
      }),
    ]),
    only: overrides.only.length > 0 ? flagged(overrides.only.filter(isRule), '--only') : null,
    onlyCodes: new Set(overrides.only.flatMap((name) => (isRule(name) ? [] : (shellcheckCode(name) ?? [])))),
    ignore: flagged(overrides.ignore.filter(isRule), '--ignore'),
    threshold: overrides.threshold,
  };
}

function levelsOf(
  text: string,
  idsOf: (name: string, flag: string) => readonly string[],
): readonly [string, Sourced<Level>][] {
  const equals = text.lastIndexOf('=');
  if (equals === -1) throw new UsageError(`--rule: write "${text}=LEVEL", with ${LEVELS.join(', ')} as the level`);
  const word = text.slice(equals + 1);
  const value = levelNamed(word);
  const ids = idsOf(text.slice(0, equals), '--rule');
  if (value) return ids.map((id) => [id, { value, origin: commandLine(`--rule ${text}`) }]);
  const hint = didYouMean(nearest(word, LEVELS)) || `; there are ${LEVELS.join(', ')}`;
  throw new UsageError(`--rule: unknown level "${word}"${hint}`);
}

function commandLine(flag: string): Origin {
  return { kind: 'command-line', flag };
}
