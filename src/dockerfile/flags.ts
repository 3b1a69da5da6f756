import type { Flag } from './ast.js';
import { consequence, type Draft, report } from './draft.js';
import { mayHaveFlags } from './frontend.js';
import { flagsOf } from './keywords.js';
import { suggest } from './suggest.js';

/** Reports flags that the instruction does not have, lacks a value for, or has twice. */
export function checkFlags(draft: Draft): void {
  const { base, keyword, parts } = draft;
  if (base.flags.length === 0) return;
  const known = flagsOf(keyword);
  const seen = new Map<string, Flag>();
  for (const [index, flag] of base.flags.entries()) {
    const type = Object.hasOwn(known, flag.name) ? known[flag.name] : undefined;
    if (type === undefined) {
      reportUnknownFlag(draft, flag, Object.keys(known));
      continue;
    }
    // The value as BuildKit sees it, quotes removed.
    const raw = parts.flags[index]?.text ?? '';
    const equals = raw.indexOf('=');
    const value = equals === -1 ? null : raw.slice(equals + 1);
    const first = seen.get(flag.name);
    if (first && type !== 'list') {
      report(draft, 'invalid-flag-value', {
        message: `\`--${flag.name}\` is given twice: ${consequence(draft)}`,
        help: 'keep one of the two',
        span: flag.span,
        related: [{ span: first.span, message: 'the first one' }],
      });
    } else if (type !== 'switch' && value === null) {
      report(draft, 'invalid-flag-value', {
        message: `\`--${flag.name}\` has no value: ${consequence(draft)}`,
        help: `write \`--${flag.name}=...\`, with the equals sign and without spaces`,
        span: flag.span,
      });
    } else if (type === 'switch' && value !== null && !/^(?:true|false)$/i.test(value)) {
      report(draft, 'invalid-flag-value', {
        message: `\`--${flag.name}\` is either on or off, not \`${value}\`: ${consequence(draft)}`,
        help: `write \`--${flag.name}\`, \`--${flag.name}=true\` or \`--${flag.name}=false\``,
        span: flag.value && flag.value.text !== '' ? flag.value.span : flag.span,
        suggestion: value === '1' || /^y(es)?$/i.test(value) ? 'true' : null,
      });
    }
    seen.set(flag.name, first ?? flag);
  }
}

function reportUnknownFlag(draft: Draft, flag: Flag, names: readonly string[]): void {
  const { keyword, context } = draft;
  const close = suggest(flag.name, names);
  const byFrontend = mayHaveFlags(context.frontend);
  // The flags of podman that BuildKit lacks are near to none of its own.
  const uncertain = byFrontend || (context.isContainerfile && close === null);
  report(draft, 'unknown-flag', {
    message: byFrontend
      ? `\`--${flag.name}\` is no flag of ${keyword} in docker/dockerfile; \`${context.frontend.image}\` may have it`
      : uncertain
        ? `BuildKit does not know \`--${flag.name}\` of ${keyword}; podman or buildah may`
        : `${keyword} has no flag \`--${flag.name}\`: ${consequence(draft)}`,
    help: close
      ? `did you mean \`--${close}\`?`
      : uncertain
        ? null
        : names.length > 0
          ? `${keyword} takes ${names.map((name) => `--${name}`).join(', ')}`
          : `${keyword} takes no flags; write \`--\` before what follows if it belongs to the command`,
    span: { start: flag.span.start, end: Math.max(flag.nameSpan.end, flag.span.start + 2) },
    suggestion: close && !uncertain ? `--${close}` : null,
    uncertain,
  });
}

/** Value of a flag as BuildKit sees it, quotes removed; null where the flag is missing or has none. */
export function flagValue(draft: Draft, name: string): string | null {
  const index = draft.base.flags.findIndex((flag) => flag.name === name);
  const raw = index === -1 ? '' : (draft.parts.flags[index]?.text ?? '');
  const equals = raw.indexOf('=');
  return equals === -1 ? null : raw.slice(equals + 1);
}
