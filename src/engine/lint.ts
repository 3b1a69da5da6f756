import type { Document } from '../dockerfile/ast.js';
import { analyse } from '../facts/analyse.js';
import { memoise } from '../facts/lazy.js';
import type { Facts } from '../facts/types.js';
import type { Finding } from '../model/finding.js';
import type { Span } from '../model/span.js';
import type { RawFinding, Rule } from '../rules/define-rule.js';
import { findingsOf } from '../shellcheck/findings.js';
import { scriptsToCheck } from '../shellcheck/scripts.js';
import { settle } from './settle.js';
import { applySuppressions, readSuppressions, type Suppressions } from './suppressions.js';
import type { LintInput, LintResult, PendingLint, RuleSetting, RuleSettings } from './types.js';

/**
 * Lints one Dockerfile: synchronous, and pure over the file system that its context reads.
 *
 * A rule that throws costs nothing but itself: it becomes one `internal` finding that names it, and is listed in
 * `crashed`, for which the command line exits with 2.
 */
export function lint(input: LintInput, rules: readonly Rule[]): LintResult {
  return startLint(input, rules).finish(null);
}

/** The same in two steps, between which ShellCheck may be asked about the scripts of the file. */
export function startLint(input: LintInput, rules: readonly Rule[]): PendingLint {
  const { document, shellcheck = null, comments } = input;
  const { buildArgs } = input.options;
  const suppressions = readSuppressions(document, rules, { buildArgs, ...(comments ? { tools: comments } : {}) });
  const settings = settingsFor(input.settings, suppressions);
  const facts = analyse({
    document,
    context: input.context,
    options: input.options,
    shellOverride: suppressions.shellOverride,
  });
  const findings: Finding[] = [];
  const crashed: { rule: string; error: unknown }[] = [];
  for (const { rule, setting } of enabledRules(rules)(settings)) {
    try {
      for (const raw of runRule(rule, setting, document, facts)) findings.push(findingOf(rule, setting, raw));
    } catch (error) {
      crashed.push({ rule: rule.id, error });
      findings.push(internalFinding(rule, document, error));
    }
  }
  const scripts = shellcheck ? scriptsToCheck(facts, shellcheck.semantics) : [];
  return {
    scripts,
    finish(remarksOf) {
      const answers = scripts.map((script) => ({ script, remarks: remarksOf?.(script.text) ?? null }));
      for (const { script, remarks } of answers) {
        if (shellcheck && remarks) findings.push(...findingsOf(script, remarks, document.source, shellcheck));
      }
      const isChecked = shellcheck !== null && remarksOf !== null && answers.every(({ remarks }) => remarks !== null);
      const settled = settle({
        findings,
        source: document.source,
        rules: rulesById(rules),
        // Without a context its rules cannot fire, so that nothing can be said of the comments that silence them.
        suppress: (all) =>
          applySuppressions(all, suppressions, {
            document,
            settings,
            partial: (input.partial ?? false) || input.context === null,
            shellcheck: isChecked ? shellcheck : null,
          }),
      });
      return { findings: settled, crashed };
    },
  };
}

/** The settings of the rules that run on this file. */
function settingsFor(settings: RuleSettings, { asked, skipped }: Suppressions): RuleSettings {
  if (skipped.size + asked.size === 0) return withoutRequested(settings);
  return new Map([...settings].filter(([id, { onRequest }]) => !skipped.has(id) && (!onRequest || asked.has(id))));
}

// What is the same for all files of a run is made once: with hundreds of rules it would cost as much as some of them do.

const withoutRequested = memoise((settings: RuleSettings): RuleSettings => {
  const isAlways = ({ onRequest }: RuleSetting) => !onRequest;
  return [...settings.values()].every(isAlways)
    ? settings
    : new Map([...settings].filter(([, setting]) => isAlways(setting)));
});

const enabledRules = memoise((rules: readonly Rule[]) =>
  memoise((settings: RuleSettings): readonly { readonly rule: Rule; readonly setting: RuleSetting }[] =>
    rules.flatMap((rule) => {
      const setting = settings.get(rule.id);
      return setting ? [{ rule, setting }] : [];
    }),
  ),
);

const rulesById = memoise(
  (rules: readonly Rule[]): ReadonlyMap<string, Rule> => new Map(rules.map((rule) => [rule.id, rule])),
);

function runRule(rule: Rule, setting: RuleSetting, document: Document, facts: Facts): readonly RawFinding[] {
  return rule.run({ document, facts, options: setting.options });
}

function findingOf(rule: Rule, setting: RuleSetting, raw: RawFinding): Finding {
  return {
    rule: rule.id,
    severity: setting.varies ? (raw.severity ?? setting.severity) : setting.severity,
    message: raw.message.message,
    help: raw.message.help ?? null,
    label: raw.message.label ?? null,
    at: raw.at,
    related: raw.related,
    fix: raw.fix,
    sensitive: raw.sensitive,
    suppressed: null,
  };
}

function internalFinding(rule: Rule, document: Document, error: unknown): Finding {
  const text = error instanceof Error ? error.message : String(error);
  return {
    rule: 'internal',
    severity: 'error',
    message: `rule ${rule.id} failed on this file (${text}); the other rules went on`,
    help: `please report it with this Dockerfile; until then turn it off with --ignore ${rule.id}`,
    label: null,
    at: { file: document.source, span: firstSpan(document) },
    related: [],
    fix: null,
    sensitive: [],
    suppressed: null,
  };
}

function firstSpan(document: Document): Span {
  return document.instructions[0]?.keywordSpan ?? { start: 0, end: Math.min(1, document.source.text.length) };
}
