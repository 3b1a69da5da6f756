import { consequence, type Draft, report } from './draft.js';
import { flagsOf } from './keywords.js';
import { suggest } from './suggest.js';

/** Reports flags that the instruction does not have, lacks a value for, or has twice. */
export function checkFlags(draft: Draft): void {
  const { base, keyword, parts } = draft;
  if (base.flags.length === 0) return;
  const known = flagsOf(keyword);
  const seen = new Set<string>();
  for (const [index, flag] of base.flags.entries()) {
    const type = Object.hasOwn(known, flag.name) ? known[flag.name] : undefined;
    const dashed = { start: flag.span.start, end: Math.max(flag.nameSpan.end, flag.span.start + 2) };
    if (type === undefined) {
      const names = Object.keys(known);
      const close = suggest(flag.name, names);
      report(draft, 'unknown-flag', {
        message: `${keyword} has no flag \`--${flag.name}\`: ${consequence(draft)}`,
        help: close
          ? `Did you mean \`--${close}\`?`
          : names.length > 0
            ? `${keyword} takes ${names.map((name) => `--${name}`).join(', ')}`
            : `${keyword} takes no flags; write \`--\` before what follows if it belongs to the command`,
        span: dashed,
        suggestion: close ? `--${close}` : null,
      });
      continue;
    }
    // The value as BuildKit sees it, quotes removed.
    const raw = parts.flags[index]?.text ?? '';
    const equals = raw.indexOf('=');
    const value = equals === -1 ? null : raw.slice(equals + 1);
    if (seen.has(flag.name) && type !== 'list') {
      report(draft, 'invalid-flag-value', {
        message: `\`--${flag.name}\` is given twice: ${consequence(draft)}`,
        help: 'Keep one of the two',
        span: flag.span,
      });
    } else if (type !== 'switch' && value === null) {
      report(draft, 'invalid-flag-value', {
        message: `\`--${flag.name}\` has no value: ${consequence(draft)}`,
        help: `Write \`--${flag.name}=...\`, with the equals sign and without spaces`,
        span: flag.span,
      });
    } else if (type === 'switch' && value !== null && !/^(?:true|false)$/i.test(value)) {
      report(draft, 'invalid-flag-value', {
        message: `\`--${flag.name}\` is either on or off, not \`${value}\`: ${consequence(draft)}`,
        help: `Write \`--${flag.name}\`, \`--${flag.name}=true\` or \`--${flag.name}=false\``,
        span: flag.value && flag.value.text !== '' ? flag.value.span : flag.span,
        suggestion: value === '1' || /^y(es)?$/i.test(value) ? 'true' : null,
      });
    }
    seen.add(flag.name);
  }
}

/** Value of a flag as BuildKit sees it, quotes removed; null where the flag is missing or has none. */
export function flagValue(draft: Draft, name: string): string | null {
  const index = draft.base.flags.findIndex((flag) => flag.name === name);
  const raw = index === -1 ? '' : (draft.parts.flags[index]?.text ?? '');
  const equals = raw.indexOf('=');
  return equals === -1 ? null : raw.slice(equals + 1);
}
