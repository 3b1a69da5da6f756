import { presetEntry } from '../../src/engine/presets.js';
import type { Rule } from '../../src/rules/define-rule.js';
import { CHECKS } from '../buildkit/checks.js';

/** The table of BuildKit's checks, for docs/buildkit.md. */
export function checkTable(rules: readonly Rule[]): string {
  const rows = CHECKS.map((check) => {
    const ours = rules.filter(({ aliases }) => aliases.includes(check));
    const links = ours.map(({ id }) => `[${id}](rules/${id}.md)`).join(', ') || 'to come';
    const own = [...new Set(ours.map(ownLevel))].join(', ');
    const fix = [...new Set(ours.flatMap(({ fix }) => fix ?? []))].join(', ');
    return `| \`${check}\` | ${links} | ${own} | ${fix} | ${[...new Set(ours.map(readingOf))].join(', ')} |`;
  });
  return ['| check | rule | without the preset | fix | reading |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** How severe it is by default, and where it is on. */
function ownLevel(rule: Rule): string {
  if (presetEntry(rule, 'recommended')) return rule.severity;
  return presetEntry(rule, 'strict') ? `${rule.severity}, in \`strict\`` : 'off';
}

function readingOf({ like }: Rule): string {
  return like.buildkit?.options?.semantics === 'buildkit' ? 'more careful' : 'the same';
}
