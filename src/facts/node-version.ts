import { endOfLifeTable, releaseOf } from './end-of-life-table.js';
import { canonicalImageName } from './image-table.js';
import type { ImageFacts } from './types.js';

/** The major version of Node.js in an official image, by its tag; null where that is not known. */
export function nodeMajor({ name, family, tag }: ImageFacts): number | null {
  if (family !== 'node' || name !== 'docker.io/library/node') return null;
  const digits = /^v?(\d{1,3})(?:[.-]|$)/.exec(tag ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The name of an image without its tag, mirrors of Docker Hub seen through. */
function imageName({ reference }: ImageFacts): string | null {
  return reference && canonicalImageName(reference);
}

/** What is known of the Node.js in an image. */
export interface NodeRelease {
  readonly major: number;
  /** The versions that it may be, as a range of npm. */
  readonly range: string;
  /** True for a tag that goes on to the next major version by itself: `latest`, `alpine`. */
  readonly moving: boolean;
}

/** Of official images, and those of distroless; null where it is not known, as with `lts`. */
export function nodeRelease(image: ImageFacts, now: Date): NodeRelease | null {
  const name = imageName(image);
  if (image.family !== 'node' || name === null || image.reference === null) return null;
  const [, inName] = /^gcr\.io\/distroless\/nodejs(\d+)(?:-debian\d+)?$/.exec(name) ?? [];
  if (inName) return releaseLine(Number(inName));
  if (name !== 'docker.io/library/node') return null;
  const tag = image.tag ?? (image.reference.digest === null ? 'latest' : null);
  if (tag === null) return null;
  const [, major, minor, patch] = /^v?(\d{1,3})(?:\.(\d+))?(?:\.(\d+))?(?=$|-)/.exec(tag) ?? [];
  if (major !== undefined && Number(major) > 0) {
    if (minor === undefined) return releaseLine(Number(major));
    const range = patch === undefined ? `${major}.${minor}.x` : `${major}.${minor}.${patch}`;
    return { major: Number(major), range, moving: false };
  }
  const product = endOfLifeTable().products.find((one) => one.name === 'Node.js');
  if (!product) return null;
  if (/^(?:latest|current|slim|alpine|current-slim|current-alpine)$/.test(tag)) {
    const today = now.toISOString().slice(0, 10);
    const out = product.cycles.filter(([, , release]) => typeof release === 'string' && release <= today);
    const newest = Math.max(...out.map(([cycle]) => Number(cycle)));
    return { major: newest, range: `>=${newest}`, moving: true };
  }
  const cycle = Number(releaseOf(name, tag, product)?.cycle);
  return Number.isInteger(cycle) && cycle > 0 ? releaseLine(cycle) : null;
}

function releaseLine(major: number): NodeRelease {
  return { major, range: `${major}.x`, moving: false };
}

/** `musl` on Alpine, `glibc` on Debian and its like. */
export function libcOf({ distribution, reference, tag }: ImageFacts): 'musl' | 'glibc' | null {
  switch (distribution) {
    case 'alpine':
      return 'musl';
    case 'debian':
    case 'ubuntu':
    case 'rhel':
    case 'distroless':
      return 'glibc';
    default:
      return reference &&
        canonicalImageName(reference) === 'docker.io/library/node' &&
        tag !== null &&
        !/alpine/.test(tag)
        ? 'glibc'
        : null;
  }
}
