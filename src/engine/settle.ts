import { type Finding, isAtLeast, type Severity } from '../model/finding.js';
import type { SourceFile } from '../model/source.js';
import type { Rule } from '../rules/define-rule.js';

/** A pass over the findings of one file. Each is pure; {@link settle} is nothing but their list. */
type Pass = (findings: readonly Finding[]) => readonly Finding[];

export interface SettleInput {
  readonly findings: readonly Finding[];
  readonly source: SourceFile;
  readonly rules: ReadonlyMap<string, Rule>;
  /** Marks findings that a comment silences, and adds what is to be said of the comments themselves. */
  suppress(findings: readonly Finding[]): readonly Finding[];
}

/** Turns what the rules said into what a person is told. */
export function settle({ findings, source, rules, suppress }: SettleInput): readonly Finding[] {
  const passes: readonly Pass[] = [
    dedupe,
    suppress,
    // Behind the suppressions: what a comment has silenced takes the word from nobody.
    (all) => supersede(all, rules),
    (all) => sortFindings(all, source),
  ];
  return passes.reduce((all, pass) => pass(all), findings);
}

/** Of two rules that speak of the same span, the one that knows more keeps the word, unless it says it more mildly. */
function supersede(findings: readonly Finding[], rules: ReadonlyMap<string, Rule>): readonly Finding[] {
  const winners = new Map<string, Finding>();
  for (const finding of findings) {
    if (finding.suppressed) continue;
    for (const rule of rules.get(finding.rule)?.supersedes ?? []) winners.set(`${rule}@${placeKey(finding)}`, finding);
  }
  if (winners.size === 0) return findings;
  return findings.filter((finding) => {
    const winner = winners.get(`${finding.rule}@${placeKey(finding)}`);
    return !winner || finding.suppressed || !isAtLeast(winner.severity, finding.severity);
  });
}

/** A rule that says the same twice of one place, through two stages for example, says it once. */
function dedupe(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = `${finding.rule}@${placeKey(finding)}@${finding.message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** By place: the Dockerfile's own first, then other files by path; at one place the worst first. */
function sortFindings(findings: readonly Finding[], source: SourceFile): readonly Finding[] {
  return findings.toSorted(
    (a, b) =>
      Number(a.at.file !== source) - Number(b.at.file !== source) ||
      compareText(a.at.file.path, b.at.file.path) ||
      a.at.span.start - b.at.span.start ||
      bySeverity(a.severity, b.severity) ||
      compareText(a.rule, b.rule) ||
      a.at.span.end - b.at.span.end,
  );
}

function placeKey(finding: Finding): string {
  return `${finding.at.file.path}:${finding.at.span.start}-${finding.at.span.end}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function bySeverity(a: Severity, b: Severity): number {
  return a === b ? 0 : isAtLeast(a, b) ? -1 : 1;
}
