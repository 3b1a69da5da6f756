import { suggest } from '../dockerfile/suggest.js';
import type { Rule } from '../rules/define-rule.js';

/** All names that a rule goes by: its id, and the aliases that other linters gave it. */
export interface RuleNames {
  /** Ids of the rules that an id or an alias names, sorted; null where there is none. Codes match in any case. */
  resolve(name: string): readonly string[] | null;
  /** The id or alias that was very likely meant; null where nothing is near. */
  suggest(name: string): string | null;
  /** Rules that BuildKit checks too, under a name of its own (`JSONArgsRecommended`). */
  readonly buildkit: ReadonlySet<string>;
  /** Those of them that BuildKit only runs on files that ask for them. */
  readonly experimental: ReadonlySet<string>;
}

const known = new WeakMap<readonly Rule[], RuleNames>();

/** The look-up for a set of rules; built once for each array. */
export function nameRules(rules: readonly Rule[]): RuleNames {
  const names = known.get(rules) ?? buildNames(rules);
  known.set(rules, names);
  return names;
}

function buildNames(rules: readonly Rule[]): RuleNames {
  const byName = new Map<string, string[]>();
  const buildkit = new Set<string>();
  const spelled: string[] = [];
  for (const rule of rules) {
    for (const name of [rule.id, ...rule.aliases]) {
      const ids = byName.get(keyOf(name));
      if (!ids) {
        byName.set(keyOf(name), [rule.id]);
        spelled.push(name);
      } else if (!ids.includes(rule.id)) ids.push(rule.id);
      if (isBuildkitName(name)) buildkit.add(rule.id);
    }
  }
  for (const ids of byName.values()) ids.sort();
  return {
    buildkit,
    experimental: new Set(rules.filter(({ like }) => like.buildkit?.off).map(({ id }) => id)),
    resolve: (name) => byName.get(keyOf(name)) ?? null,
    suggest(name) {
      // A code is one digit away from a dozen others, none of which is likelier meant.
      if (isCode(name)) return null;
      return rules.find((rule) => rule.id.endsWith(`/${name}`))?.id ?? nearest(name, spelled);
    },
  };
}

/** `DL3008`, `SC2086` in any case: the codes of hadolint and ShellCheck, whether we have such a rule or not. */
export function isForeignCode(name: string): boolean {
  return /^(?:DL|SC)\d{4}$/i.test(name) || isBuildkitName(name);
}

/** `SC2086` of `SC2086`, `sc2086` and `shellcheck/SC2086`; null for what is no code of ShellCheck. */
export function shellcheckCode(name: string): string | null {
  return /^(?:shellcheck\/)?([Ss][Cc]\d{4})$/.exec(name)?.[1]?.toUpperCase() ?? null;
}

/** BuildKit's names are words in Pascal case without a digit: `JSONArgsRecommended`. */
export function isBuildkitName(name: string): boolean {
  return /^[A-Z][A-Za-z]+$/.test(name);
}

/** The candidate that a misspelt or shortened word stands for; null where none is near enough to be offered. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const start = word.toLowerCase();
  const longer = start.length < 3 ? undefined : candidates.find((name) => name.toLowerCase().startsWith(start));
  return longer ?? suggest(word, candidates);
}

/** `; did you mean "x"?`, or nothing. */
export function didYouMean(suggestion: string | null): string {
  return suggestion === null ? '' : `; did you mean "${suggestion}"?`;
}

function isCode(name: string): boolean {
  return /^[A-Za-z]+\d+$/.test(name);
}

function keyOf(name: string): string {
  return isCode(name) ? name.toUpperCase() : name;
}
