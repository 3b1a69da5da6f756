import type { ImageReference } from '../dockerfile/image-reference.js';
import { newestRelease, productsOf } from './end-of-life-table.js';
import { canonicalImageName, lookUpImage } from './image-table.js';

/**
 * The image with the tag of its newest release that has support on a day, of those with long-term support where there are
 * such: `node:24`. Null where no table knows the image and that tag.
 */
export function suggestedTag(reference: ImageReference, now: Date): string | null {
  if (Number.isNaN(now.getTime())) return null;
  const name = canonicalImageName(reference);
  // Elsewhere tags are not named like the release: Windows Server 2025 is `ltsc2025`.
  if (!name.startsWith('docker.io/library/')) return null;
  const product = productsOf(name).find(({ images }) => images.includes(name));
  const tag = product && newestRelease(product, now.toISOString().slice(0, 10))?.cycle;
  if (!tag || lookUpImage({ ...reference, tag, digest: null }) === null) return null;
  return `${reference.familiarName}:${tag}`;
}
