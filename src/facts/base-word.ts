import type { KeyValue, Word } from '../dockerfile/ast.js';
import type { ImageReference } from '../dockerfile/image-reference.js';
import type { Facts } from './types.js';

/** The ARG before the first FROM whose default a word of FROM takes; null where it takes none. */
export function defaultOf({ text }: Word, { document, options }: Facts): KeyValue | null {
  const names = new Set([...text.matchAll(/\$\{?(\w+)/g)].map((match) => match[1]));
  if (names.size === 0) return null;
  const pairs = document.preamble.flatMap((one) => (one.keyword === 'ARG' ? one.pairs : []));
  return pairs.find((pair) => pair.value && names.has(pair.key.text) && !options.buildArgs.has(pair.key.text)) ?? null;
}

/** True for an image that is made on the machine that builds, or stands for a named context: nobody publishes versions of it. */
export function isLocalImage({ registry, repository }: ImageReference): boolean {
  return /^localhost(?::\d+)?$/.test(registry) || /^local[-_.\w]*\//.test(repository);
}
