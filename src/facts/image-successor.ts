import type { ImageReference } from '../dockerfile/image-reference.js';
import {
  codenameOf,
  endOfLifeTable,
  endOfRelease,
  isListed,
  newestRelease,
  type Product,
  type Release,
} from './end-of-life-table.js';
import { canonicalImageName, lookUpImage } from './image-table.js';

/** An image to move to. */
export interface Successor {
  /** `node:24-alpine`; null where no existing tag is sure. */
  readonly replacement: string | null;
  /** True where it is of a line with long-term support. */
  readonly lts: boolean;
}

const NONE: Successor = { replacement: null, lts: false };

/** The same image of the newest release, with the variant kept (`-alpine`, `-slim`) where that is still built. */
export function successorOf(reference: ImageReference, release: Release, today: string): Successor {
  if (endOfLifeTable().abandoned[canonicalImageName(reference)])
    return successorOfRepository(reference, release, today);
  const { product } = release;
  const target = targetOf(reference);
  const newest = newestRelease(product, today);
  if (!target || !newest || !reference.tag) return NONE;
  const codename = release.written in (product.aliases ?? {}) && product.os ? codenameOf(product, newest.cycle) : null;
  const version = codename ?? versionTag(target, newest.cycle);
  // Daily and monthly tags of a distribution: there is no telling which days the newest has.
  const rest = suffixOf(reference.tag, release).filter((part) => !(product.os && /^\d{8}(?:\.\d+)?$/.test(part)));
  const replacement = withTag(target, version, keepVariant(rest, product.built?.[newest.cycle] ?? [], today));
  return { replacement, lts: newest.lts && replacement !== null };
}

/** The same release without the distribution that the tag pins: `python:3.12-slim` for `python:3.12-slim-buster`. */
export function unpinned(reference: ImageReference, release: Release | null, today: string): Successor {
  const target = targetOf(reference);
  if (!target || !reference.tag) return NONE;
  if (release && isListed(release.product, release.cycle)) {
    const version = /^\d/.test(release.written) ? versionTag(target, release.cycle) : release.written;
    const built = release.product.built?.[release.cycle] ?? [];
    return {
      replacement: withTag(target, version, keepVariant(suffixOf(reference.tag, release), built, today)),
      lts: false,
    };
  }
  const [version = '', ...rest] = reference.tag.split('-');
  // A version that nobody rebuilds may sit on a dead distribution without the suffix, too.
  if (!/^(?:\d+|lts|current|stable)$/.test(version)) return NONE;
  const variant = keepVariant(rest, [], today);
  const tag = [version, ...(variant ?? [])].join('-');
  return variant && isBuilt(target, tag) ? { replacement: `${target.familiarName}:${tag}`, lts: false } : NONE;
}

/** For a repository that is no longer built. */
export function successorOfRepository(reference: ImageReference, release: Release | null, today: string): Successor {
  const { abandoned, products } = endOfLifeTable();
  const successor = abandoned[canonicalImageName(reference)]?.successor;
  if (!successor || !reference.tag) return NONE;
  const product = products.find((entry) => entry.images.includes(`docker.io/library/${successor}`));
  if (!product) return { replacement: `${successor}:${reference.tag}`, lts: false };
  const same = release && product.cycles.find(([name]) => name === release.cycle);
  const isAlive = same && endOfRelease({ product, cycle: same[0], written: same[0], major: false }, today) === null;
  const cycle = isAlive ? same[0] : newestRelease(product, today)?.cycle;
  if (!cycle) return NONE;
  const kind = /(?:^|-)(jre|jdk)(?:-|$)/.exec(reference.tag)?.[1];
  const lts = product.cycles.some(([name, , , since]) => name === cycle && since !== undefined);
  return { replacement: `${successor}:${cycle}${kind ? `-${kind}` : ''}`, lts };
}

/** Where the tags of the newest release are known to follow the same scheme; null elsewhere. */
function targetOf(reference: ImageReference): ImageReference | null {
  const name = canonicalImageName(reference);
  if (name.startsWith('docker.io/library/')) return reference;
  if (!/^mcr\.microsoft\.com\/dotnet\/(?:core\/)?(?:sdk|aspnet|runtime|runtime-deps)$/.test(name)) return null;
  // .NET 5 and later are not "core" any more.
  const move = (text: string) => text.replace('dotnet/core/', 'dotnet/');
  return {
    ...reference,
    repository: move(reference.repository),
    name: move(reference.name),
    familiarName: move(reference.familiarName),
  };
}

function versionTag(target: ImageReference, cycle: string): string {
  return target.registry === 'mcr.microsoft.com' && !cycle.includes('.') ? `${cycle}.0` : cycle;
}

/** The parts of a tag behind its version: `slim`, `buster` of `3.8.1-slim-buster`. */
function suffixOf(tag: string, release: Release): readonly string[] {
  return tag
    .slice(release.written.length)
    .replace(/^[^-]*/, '')
    .split('-')
    .filter((part) => part !== '');
}

/** Null where the parts name a system whose other versions are not known to be built. */
function keepVariant(parts: readonly string[], built: readonly string[], today: string): readonly string[] | null {
  const kept: string[] = [];
  for (const part of parts) {
    if (/^(?:windowsservercore|nanoserver|oraclelinux\d*|ubi\d*|onbuild)$/.test(part)) return null;
    if (/^alpine3\.\d+$/.test(part)) {
      kept.push('alpine');
    } else if (isCodename(part)) {
      if (built.includes(part) && isAliveCodename(part, today)) kept.push(part);
    } else if (/\d/.test(part)) {
      // A version of something else that the newest release may not come with: `jre8`, `otp-25`.
      return null;
    } else {
      kept.push(part);
    }
  }
  return kept;
}

function isCodename(part: string): boolean {
  return distributions().some((product) => product.aliases && Object.hasOwn(product.aliases, part));
}

function isAliveCodename(part: string, today: string): boolean {
  return distributions().every((product) => {
    const cycle = product.aliases?.[part];
    return !cycle || endOfRelease({ product, cycle, written: part, major: false }, today) === null;
  });
}

function distributions(): readonly Product[] {
  return endOfLifeTable().products.filter((product) => product.os === 'debian' || product.os === 'ubuntu');
}

function withTag(target: ImageReference, version: string, variant: readonly string[] | null): string | null {
  if (!variant) return null;
  const tag = [version, ...variant].join('-');
  return variant.length === 0 || isBuilt(target, tag) ? `${target.familiarName}:${tag}` : null;
}

function isBuilt(target: ImageReference, tag: string): boolean {
  return lookUpImage({ ...target, tag, digest: null }) !== null;
}
