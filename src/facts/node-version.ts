import type { ImageFacts } from './types.js';

/** The major version of Node.js in an official image, by its tag; null where that is not known. */
export function nodeMajor({ name, family, tag }: ImageFacts): number | null {
  if (family !== 'node' || name !== 'docker.io/library/node') return null;
  const digits = /^v?(\d{1,3})(?:[.-]|$)/.exec(tag ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
