import { shellcheckCode } from '../engine/rule-names.js';
import type { Finding } from '../model/finding.js';
import type { RuleInfo } from '../model/report.js';
import type { Rule } from '../rules/define-rule.js';
import { wikiPage } from '../shellcheck/findings.js';

/** Where the pages of the rules are read; the pages themselves are in docs/rules. */
export const RULE_PAGES = 'https://plimsoll.invalid/docs/rules/';

/** What a report says of a rule. `pages`: address of the folder of pages, with a slash at its end. */
export function ruleInfo(rule: Rule, pages = RULE_PAGES): RuleInfo {
  const { id, aliases, summary, category, severity } = rule;
  return { id, aliases, summary, category, severity, url: `${pages}${id}.md` };
}

/** Every rule that a finding names, by id. */
export function namedRules(
  findings: Iterable<Finding>,
  rules: readonly Rule[],
  pages = RULE_PAGES,
): ReadonlyMap<string, RuleInfo> {
  const named = new Set<string>();
  for (const finding of findings) named.add(finding.rule);
  const own = rules.filter((rule) => named.has(rule.id)).map((rule) => ruleInfo(rule, pages));
  const codes = [...named].sort().flatMap((id) => shellcheckInfo(id) ?? []);
  return new Map([...own, ...codes].map((info) => [info.id, info]));
}

/** What a report says of a code of ShellCheck; null for any other rule. Its severity is that of most findings. */
function shellcheckInfo(id: string): RuleInfo | null {
  const code = id.startsWith('shellcheck/') ? shellcheckCode(id) : null;
  if (code === null) return null;
  const summary = `Heed what ShellCheck says of the script (${code})`;
  return { id, aliases: [code], summary, category: 'correctness', severity: 'warning', url: wikiPage(code) };
}
