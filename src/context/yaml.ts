import { parse } from 'yaml';

/** A YAML value as plain data; null where the text is not YAML. Never throws, never warns. */
export function parseYaml(text: string): unknown {
  if (isNestedTooDeep(text)) return null;
  try {
    return parse(text, { logLevel: 'silent', merge: true, maxAliasCount: 100 });
  } catch {
    return null;
  }
}

/** A member of a mapping; undefined for anything else. */
export function member(value: unknown, key: string): unknown {
  return isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** No file that people write is nested deeper. */
const MOST_LEVELS = 100;

/** The parser calls itself for each level, and near the end of the stack V8 does not throw but ends the process. */
function isNestedTooDeep(text: string): boolean {
  let open = 0;
  for (const [found] of text.matchAll(/[[\]{}]|^(?: {200}|\t{100})|(?:[-?:][ \t]+){50}/gm)) {
    if (found.length > 1) return true;
    if (found === '[' || found === '{') open++;
    else if (open > 0) open--;
    if (open > MOST_LEVELS) return true;
  }
  return false;
}
