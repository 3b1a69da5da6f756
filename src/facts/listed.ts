import { listing } from '../model/listing.js';

/** "`a`, `b` and `c`"; a list of more than `most`, or a long path, is cut short. */
export function listed(paths: readonly string[], most = 3): string {
  const words = paths.map((path) => `\`${path.length <= 30 ? path : `…${path.slice(-29)}`}\``);
  return listing(words.length > most ? [...words.slice(0, most - 1), `${words.length - most + 1} more`] : words);
}
