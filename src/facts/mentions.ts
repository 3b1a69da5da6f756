import { memoise } from './lazy.js';
import type { Facts } from './types.js';

/** Where the text of a file names a variable (`$NAME`, `${NAME`, `${!NAME`, `$env:NAME`, `%NAME%`), in order. */
export const mentionsOf = memoise((facts: Facts): ReadonlyMap<string, readonly number[]> => {
  const found = new Map<string, number[]>();
  for (const match of facts.document.source.text.matchAll(
    /\$\{?[!#]?(?:env:)?([A-Za-z_]\w*)|[%!]([A-Za-z_]\w*)[%!]/gi,
  )) {
    const name = match[1] ?? match[2] ?? '';
    const places = found.get(name);
    if (places) places.push(match.index);
    else found.set(name, [match.index]);
  }
  return found;
});

/** True where a variable is named between two places. */
export function isMentioned(name: string, from: number, to: number, facts: Facts): boolean {
  const places = mentionsOf(facts).get(name);
  if (!places) return false;
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return (places[low] ?? Number.POSITIVE_INFINITY) < to;
}
