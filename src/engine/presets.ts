import type { Severity } from '../model/finding.js';
import type { OtherLinter, Rule } from '../rules/define-rule.js';

/** Every preset that a configuration or `--preset` can name. The last two answer as the linter of that name does. */
export const PRESETS = ['recommended', 'strict', 'all', 'hadolint', 'buildkit'] as const;
export type Preset = (typeof PRESETS)[number];

/** What holds where nobody names one. */
export const DEFAULT_PRESET: Preset = 'recommended';

/** `recommended` or `plimsoll:recommended`; null where there is no such preset. */
export function presetNamed(name: string): Preset | null {
  const bare = name.startsWith('plimsoll:') ? name.slice('plimsoll:'.length) : name;
  return PRESETS.find((preset) => preset === bare) ?? null;
}

/** What a preset says of a rule. */
export interface PresetEntry {
  /** False where it only says how the rule reads a file once the user turns it on. */
  readonly on: boolean;
  readonly severity: Severity;
  /** False where every finding has that severity: other linters know no milder cases. */
  readonly varies: boolean;
  /** Values of options that differ from the rule's own. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Null where the preset does not know the rule. `strict` includes `recommended`. */
export function presetEntry(rule: Rule, preset: Preset): PresetEntry | null {
  const own = { on: true, severity: rule.severity, varies: true, options: {} };
  switch (preset) {
    case 'all':
      return own;
    case 'strict':
      return rule.presets.includes('strict') || rule.presets.includes('recommended') ? own : null;
    case 'recommended':
      return rule.presets.includes('recommended') ? own : null;
    case 'hadolint':
    case 'buildkit':
      return entryLike(rule, preset);
  }
}

/** What is wrong enough to stop a build is said under any preset: the other linters fail on such a file. */
function entryLike(rule: Rule, linter: OtherLinter): PresetEntry | null {
  const like = rule.like[linter];
  if (like) return { on: !like.off, severity: like.severity, varies: false, options: like.options ?? {} };
  const isSyntax = rule.id.startsWith('syntax/') && rule.severity === 'error';
  return isSyntax ? { on: true, severity: rule.severity, varies: true, options: {} } : null;
}

/** Whether ShellCheck's findings belong to a preset: BuildKit does not look into scripts. */
export function hasShellcheck(preset: Preset): boolean {
  return preset !== 'buildkit';
}

/** The rules that a preset turns on, in the order of `rules`. */
export function presetRules(preset: Preset, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => presetEntry(rule, preset)?.on);
}
