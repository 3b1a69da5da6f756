import { parse } from 'yaml';

/** A YAML value as plain data; null where the text is not YAML. Never throws, never warns. */
export function parseYaml(text: string): unknown {
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
