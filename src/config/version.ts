/** `0.1`, `0.1.2`; a pre-release's suffix is not for `rulesVersion`. */
export function isVersion(text: string): boolean {
  return /^\d{1,6}\.\d{1,6}(?:\.\d{1,6})?$/.test(text);
}

/**
 * Compares as many parts as the first has: against `0.1`, both `0.1.0` and `0.1.9` are equal, since a patch release
 * brings no rules. Negative where `wanted` is earlier than `version`.
 */
export function compareVersions(wanted: string, version: string): number {
  const others = partsOf(version);
  for (const [index, part] of partsOf(wanted).entries()) {
    const other = others[index] ?? 0;
    if (part !== other) return part - other;
  }
  return 0;
}

function partsOf(version: string): readonly number[] {
  return (version.split(/[-+]/, 1)[0] ?? '').split('.').map(Number);
}
