import { PRESETS, presetEntry } from '../../src/engine/presets.js';
import type { Rule } from '../../src/rules/define-rule.js';

/** The page that lists every rule, by family. */
export function renderRuleTable(rules: readonly Rule[]): string {
  const families = new Map<string, Rule[]>();
  for (const rule of rules) {
    const family = rule.id.slice(0, rule.id.indexOf('/'));
    families.set(family, [...(families.get(family) ?? []), rule]);
  }
  const parts = [
    '# Rules',
    '',
    'Generated from the rules; run `npm run generate`. A rule that is not in `recommended` is off unless a preset or the',
    'configuration turns it on.',
  ];
  for (const [family, members] of families) {
    parts.push(
      '',
      `## ${family}`,
      '',
      '| rule | severity | presets | fix | aliases | what it asks |',
      '|---|---|---|---|---|---|',
    );
    for (const rule of members) {
      const name = rule.id.slice(family.length + 1);
      const presets = PRESETS.filter((preset) => preset !== 'all' && presetEntry(rule, preset)?.on).join(', ') || 'all';
      parts.push(
        `| [${rule.id}](${family}/${name}.md) | ${rule.severity} | ${presets} | ${rule.fix ?? ''} | ${rule.aliases.join(', ')} | ${rule.summary} |`,
      );
    }
  }
  return `${parts.join('\n')}\n`;
}
