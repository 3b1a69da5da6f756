import { distance } from 'fastest-levenshtein';

/** More names than this are not compared: nobody reads such a directory. */
const MOST_NAMES = 5_000;

/** The name that was most likely meant; null where none is near: one edit for each three characters, three at most. */
export function nearestName(wanted: string, names: readonly string[]): string | null {
  const limit = Math.min(3, Math.max(1, Math.floor(wanted.length / 3)));
  let nearest: string | null = null;
  let least = limit + 1;
  for (const name of names.slice(0, MOST_NAMES)) {
    if (Math.abs(name.length - wanted.length) >= least || name === wanted) continue;
    const edits = isSwap(wanted, name) ? 1 : distance(wanted, name);
    if (edits < least) {
      least = edits;
      nearest = name;
    }
  }
  return nearest;
}

/** True where two neighbouring letters changed places, the commonest slip, which would count as two edits. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
