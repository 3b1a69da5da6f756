import type { Rule } from '../rules/define-rule.js';

/** Every preset that a configuration or `--preset` can name. */
export const PRESETS = ['recommended', 'strict', 'all'] as const;
export type Preset = (typeof PRESETS)[number];

/** What holds where nobody names one. */
export const DEFAULT_PRESET: Preset = 'recommended';

/** `recommended` or `plimsoll:recommended`; null where there is no such preset. */
export function presetNamed(name: string): Preset | null {
  const bare = name.startsWith('plimsoll:') ? name.slice('plimsoll:'.length) : name;
  return PRESETS.find((preset) => preset === bare) ?? null;
}

/** True where the preset turns the rule on, at the rule's own severity. `strict` includes `recommended`. */
export function isInPreset(rule: Rule, preset: Preset): boolean {
  switch (preset) {
    case 'all':
      return true;
    case 'strict':
      return rule.presets.includes('strict') || rule.presets.includes('recommended');
    case 'recommended':
      return rule.presets.includes('recommended');
  }
}

/** The rules of a preset, in the order of `rules`. */
export function presetRules(preset: Preset, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => isInPreset(rule, preset));
}
