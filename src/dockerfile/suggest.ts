import { distance } from 'fastest-levenshtein';

/** The known word that was very likely meant, compared without regard to case; null where none is near. */
export function suggest(word: string, known: readonly string[]): string | null {
  if (word.length < 2 || word.length > 40) return null;
  const lower = word.toLowerCase();
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    // Two letters that changed places count as one slip.
    const apart = isSwap(lower, other) ? 1 : distance(lower, other);
    if (apart < bestDistance) {
      best = candidate;
      bestDistance = apart;
    }
  }
  const length = Math.min(word.length, best?.length ?? 0);
  const limit = length <= 3 ? 1 : length <= 8 ? 2 : 3;
  return bestDistance <= limit ? best : null;
}

/**
 * The same for names of variables, of which each part has to be near: `APP_HOST` is no slip of `APP_PORT`, nor `GO_VERSION` of
 * `JS_VERSION`.
 */
export function suggestVariable(name: string, known: readonly string[]): string | null {
  return suggest(
    name,
    known.filter((one) => isNearInParts(name.toLowerCase().split('_'), one.toLowerCase().split('_'))),
  );
}

/** Where the number of parts differs, the slip is in the `_` itself. */
function isNearInParts(parts: readonly string[], others: readonly string[]): boolean {
  if (parts.length !== others.length) return true;
  return parts.every((part, index) => {
    const other = others[index] ?? '';
    const length = Math.min(part.length, other.length);
    return isSwap(part, other) || distance(part, other) <= (length < 3 ? 0 : length < 6 ? 1 : 2);
  });
}

function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
