import { rules } from '../../rules/index.js';
import type { Io } from '../io.js';
import { RULE_PAGES, ruleInfo } from '../rule-info.js';

/** `plimsoll rules [--json]`. */
export function rulesCommand(asJson: boolean, io: Io): number {
  io.stdout.write(asJson ? jsonList() : textList());
  return 0;
}

function jsonList(): string {
  const entries = rules.map((rule) => ({
    ...ruleInfo(rule, RULE_PAGES),
    presets: rule.presets,
    since: rule.since,
    fix: rule.fix,
    options: rule.options,
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}

function textList(): string {
  const width = Math.max(0, ...rules.map((rule) => rule.id.length));
  const lines = rules.map((rule) => {
    const preset = rule.presets.includes('recommended') ? '' : rule.presets.includes('strict') ? ' (strict)' : ' (off)';
    const aliases = rule.aliases.length > 0 ? ` [${rule.aliases.join(', ')}]` : '';
    return `${rule.id.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.summary}${aliases}${preset}\n`;
  });
  return `${lines.join('')}\n${rules.length} rules; plimsoll explain RULE shows one\n`;
}
