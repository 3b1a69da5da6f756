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

/** True where one slip of a finger makes a word of the other; `PORT` and `HOST` are near each other, and two words. */
export function isSlip(a: string, b: string): boolean {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return isSwap(one, other) || distance(one, other) <= 1;
}

function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
