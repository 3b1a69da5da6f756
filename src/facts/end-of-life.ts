import type { ImageReference } from '../dockerfile/image-reference.js';
import {
  endOfLifeTable,
  endOfRelease,
  isListed,
  type Product,
  productsOf,
  type Release,
  releaseName,
  releaseOf,
} from './end-of-life-table.js';
import { type Successor, successorOf, successorOfRepository, unpinned } from './image-successor.js';
import { canonicalImageName } from './image-table.js';

/** Why an image gets no more security fixes. */
export interface EndOfLife extends Successor {
  /** As people call it: `Node.js 12`, `Debian 10 (buster)`; for a repository, its name. */
  readonly product: string;
  /** The release: `12`, `10`; empty for a repository. */
  readonly cycle: string;
  /** The last day of support, `2022-04-30`; for a repository, that of its last change. Null: past, day not known. */
  readonly date: string | null;
  /**
   * `image`: what the image is about. `variant`: the system below it (`python:3.11-buster`). `repository`: the release
   * may be alive, but nobody builds that image any more (`openjdk:17`).
   */
  readonly part: 'image' | 'variant' | 'repository';
}

/**
 * Whether an image is past its end of life on a day (UTC), by a dated table. Null where it is not, or not surely: tags
 * that move, releases newer than the table, images of unknown publishers, and products whose "end of life" only means
 * that a newer minor version is out.
 */
export function endOfLife(reference: ImageReference, now: Date): EndOfLife | null {
  if (Number.isNaN(now.getTime()) || (reference.tag === null && reference.digest !== null)) return null;
  const today = dayOf(now);
  const tag = reference.tag ?? 'latest';
  const key = `${reference.name}:${tag}@${today}`;
  let end = known.get(key);
  if (end === undefined) {
    end = judge({ reference, name: canonicalImageName(reference), tag, today });
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, end);
  }
  return end;
}

/** `2026-04-30`. Asked for each image of each file, and the same for all of them. */
function dayOf(now: Date): string {
  const number = Math.floor(now.getTime() / 86_400_000);
  if (number !== lastDay.number) lastDay = { number, text: now.toISOString().slice(0, 10) };
  return lastDay.text;
}

let lastDay = { number: Number.NaN, text: '' };

/** The files of a project share a few images. */
const known = new Map<string, EndOfLife | null>();
const MOST_KNOWN = 1000;

function judge(image: Image): EndOfLife | null {
  const products = productsOf(image.name);
  const releases = products.flatMap((product) => releaseOf(image.name, image.tag, product) ?? []);
  const release = releases[0] ?? null;
  return deadRelease(image, release) ?? deadRepository(image, release) ?? deadVariant(image, products, releases);
}

interface Image {
  readonly reference: ImageReference;
  readonly name: string;
  readonly tag: string;
  readonly today: string;
}

function deadRelease({ reference, name, today }: Image, release: Release | null): EndOfLife | null {
  const end = release && endOfRelease(release, today);
  if (!release || !end) return null;
  return {
    product: releaseName(release.product, release.cycle),
    cycle: release.cycle,
    date: end.date,
    // Red Hat and distroless write the system, and what is on it, into the name; buildpack-deps is a layer on it.
    part: release.product.os && (release.written === '' || name.endsWith('/buildpack-deps')) ? 'variant' : 'image',
    ...successorOf(reference, release, today),
  };
}

function deadRepository({ reference, name, tag, today }: Image, release: Release | null): EndOfLife | null {
  const { abandoned, asOf } = endOfLifeTable();
  const entry = Object.hasOwn(abandoned, name) ? abandoned[name] : undefined;
  if (!entry || (entry.since ?? asOf) >= today) return null;
  // openjdk still gets early-access builds, of releases that are too new to be listed, too.
  if (/(?:^|-)ea(?:-|$)/.test(tag) || (release && !isListed(release.product, release.cycle))) return null;
  const successor = successorOfRepository(reference, release, today);
  return { product: reference.familiarName, cycle: '', date: entry.since, part: 'repository', ...successor };
}

function deadVariant(image: Image, products: readonly Product[], releases: readonly Release[]): EndOfLife | null {
  const release = releases[0] ?? null;
  if (release?.product.os) return null;
  // In the tags of a publisher that is not known, a word may mean anything.
  const isKnown = products.length > 0 || image.name.startsWith('docker.io/library/');
  const systems = [...releases.filter((entry) => entry.product.os), ...(isKnown ? systemsOf(image.tag) : [])];
  for (const system of systems) {
    const end = endOfRelease(system, image.today);
    if (!end) continue;
    const product = releaseName(system.product, system.cycle);
    const successor = unpinned(image.reference, release, image.today);
    return { product, cycle: system.cycle, date: end.date, part: 'variant', ...successor };
  }
  return null;
}

const SYSTEMS: readonly { readonly os: NonNullable<Product['os']>; readonly word: string; readonly pattern: RegExp }[] =
  [
    { os: 'alpine', word: 'alpine', pattern: /(?:(?:^|-)alpine|-alpine-)(3\.\d+)(?=$|[.-])/ },
    { os: 'oraclelinux', word: 'oraclelinux', pattern: /(?:^|-)oraclelinux(\d+)(?=$|-)/ },
    { os: 'rhel', word: 'ubi', pattern: /(?:^|-)ubi(\d+)(?=$|-)/ },
    {
      os: 'windows-servercore',
      word: 'windowsservercore',
      pattern: /(?:^|-)windowsservercore-(\d{4}|20[hH]2|ltsc\d{4})(?=$|-)/,
    },
    {
      os: 'windows-nanoserver',
      word: 'nanoserver',
      pattern: /(?:^|-)nanoserver-(\d{4}|20[hH]2|ltsc\d{4}|sac2016)(?=$|-)/,
    },
  ];

/** The systems that the parts of a tag name: `bullseye`, `alpine3.18`, `nanoserver-1803`. */
function systemsOf(tag: string): Release[] {
  const { products } = endOfLifeTable();
  const found: Release[] = [];
  for (const product of products) {
    if (product.os !== 'debian' && product.os !== 'ubuntu') continue;
    for (const part of tag.split('-')) {
      const cycle = product.aliases && Object.hasOwn(product.aliases, part) ? product.aliases[part] : undefined;
      if (cycle) found.push({ product, cycle, written: part, major: false });
    }
  }
  for (const { os, word, pattern } of SYSTEMS) {
    if (!tag.includes(word)) continue;
    const written = pattern.exec(tag)?.[1]?.toLowerCase();
    const product = products.find((entry) => entry.os === os);
    const cycle = written && (product?.aliases?.[written] ?? written);
    if (product && cycle && isListed(product, cycle)) found.push({ product, cycle, written, major: false });
  }
  return found;
}
