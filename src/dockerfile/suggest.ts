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

/** The same for names of variables: `APP_HOST` is no slip of `APP_PORT`, nor `GO_VERSION` of `JS_VERSION`. */
export function suggestVariable(name: string, known: readonly string[]): string | null {
  return suggest(
    name,
    known.filter((one) => isNearInParts(name, one)),
  );
}

/** True where each part of two names is near; where their number differs, the slip is in a `_` or `-` itself. */
export function isNearInParts(name: string, other: string): boolean {
  const parts = name.toLowerCase().split(/[-_.]/);
  const others = other.toLowerCase().split(/[-_.]/);
  return parts.length !== others.length || parts.every((part, index) => isNearPart(part, others[index] ?? ''));
}

/** Another letter makes another word of a short one: `api` and `app`. */
function isNearPart(part: string, other: string): boolean {
  if (part === other || isSwap(part, other)) return true;
  const length = Math.min(part.length, other.length);
  if (length < 3 || (length === 3 && part.length === other.length)) return false;
  // `build` and `builder`
  const isLonger = length > 3 && (part.startsWith(other) || other.startsWith(part));
  return isLonger || distance(part, other) <= (length < 6 ? 1 : 2);
}

function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

/** True where one slip of a finger makes one word of the other, so that it may be written in its place. */
export function isSlip(a: string, b: string): boolean {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return isSwap(one, other) || distance(one, other) <= 1;
}
