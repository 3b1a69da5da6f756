import { END_OF_LIFE } from '../data/end-of-life.js';

/** A release with its last day of support: 0 or none: not past, or in doubt; 1: past, day not known. */
export type Cycle = readonly [
  name: string,
  end?: string | number,
  release?: string | number,
  /** Since when it has long-term support. */
  lts?: string | number,
];

export interface Product {
  readonly name: string;
  /** Set for a system that images of other products are built on. */
  readonly os?: 'debian' | 'ubuntu' | 'alpine' | 'oraclelinux' | 'rhel' | 'windows-servercore' | 'windows-nanoserver';
  readonly images: readonly string[];
  /** Finds the cycle in a tag, in its first group that matched. */
  readonly tag: string | null;
  /** The same for some of the images. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Finds the cycle in the name of an image. */
  readonly nameTag?: string;
  /** Fixed names of cycles, and numbers of Windows builds. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Set where a tag may name a major version alone although cycles are finer: `php:7`. */
  readonly majors?: 1;
  /** Set where a release that is not listed and older than the newest is past its end. */
  readonly older?: 1;
  /** Cycle to the Debian and Ubuntu releases that it is surely built on. */
  readonly built?: Readonly<Record<string, readonly string[]>>;
  readonly cycles: readonly Cycle[];
}

interface Table {
  /** The day that the table speaks for. */
  readonly asOf: string;
  /** Repositories that nobody builds any more. */
  readonly abandoned: Readonly<Record<string, { readonly since: string | null; readonly successor: string | null }>>;
  readonly products: readonly Product[];
}

let parsed: Table | null = null;

/** The table, parsed when first asked for. */
export function endOfLifeTable(): Table {
  parsed ??= JSON.parse(END_OF_LIFE) as Table;
  return parsed;
}

/** The release that a tag or a name means. */
export interface Release {
  readonly product: Product;
  readonly cycle: string;
  /** The part of the tag that says so; empty where the name of the image does. */
  readonly written: string;
  /** True for a major version alone of a product whose cycles are finer. */
  readonly major: boolean;
}

let byImage: Map<string, Product[]> | null = null;

/** Products that images of a canonical name may hold, the likelier first. */
export function productsOf(name: string): readonly Product[] {
  byImage ??= indexByImage();
  const found = [...(byImage.get(name) ?? [])];
  for (const product of endOfLifeTable().products) {
    if (product.nameTag && !found.includes(product) && pattern(product.nameTag).test(name)) found.push(product);
  }
  // buildpack-deps has releases of both: Debian's pattern would take the 22 of `22.04`.
  return found.length > 1 && found[0]?.os === 'debian' ? found.toReversed() : found;
}

function indexByImage(): Map<string, Product[]> {
  const index = new Map<string, Product[]>();
  for (const product of endOfLifeTable().products) {
    for (const image of product.images) index.set(image, [...(index.get(image) ?? []), product]);
  }
  return index;
}

const patterns = new Map<string, RegExp>();

function pattern(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(text);
  patterns.set(text, known);
  return known;
}

/** Null where the tag names no release: `latest`, `lts`, `alpine`. */
export function releaseOf(name: string, tag: string, product: Product): Release | null {
  const inName = product.nameTag ? pattern(product.nameTag).exec(name)?.[1] : undefined;
  if (inName) return { product, cycle: inName, written: '', major: false };
  for (const [alias, cycle] of Object.entries(product.aliases ?? {})) {
    if (tag === alias || tag.startsWith(`${alias}-`)) return { product, cycle, written: alias, major: false };
  }
  const inTag = product.tags?.[name] ?? product.tag;
  const match = inTag === null ? null : pattern(inTag).exec(tag);
  const found = match?.slice(1).find((group) => group !== undefined);
  if (match && found) {
    return { product, cycle: cycleName(product, found.toLowerCase()), written: match[0], major: false };
  }
  const major = product.majors ? /^\d+(?=$|-)/.exec(tag)?.[0] : undefined;
  return major ? { product, cycle: major, written: major, major: true } : null;
}

/** `8.0` is .NET 8; `17763` is a build of Windows Server 2019. */
function cycleName(product: Product, found: string): string {
  const alias = product.aliases?.[found];
  if (alias) return alias;
  const short = found.replace(/\.0$/, '');
  return !isListed(product, found) && isListed(product, short) ? short : found;
}

export function isListed(product: Product, cycle: string): boolean {
  return product.cycles.some(([name]) => name === cycle);
}

/** `Node.js 12`, `Debian 10 (buster)`. */
export function releaseName(product: Product, cycle: string): string {
  const codename = product.os === 'debian' ? codenameOf(product, cycle) : null;
  return `${product.name} ${cycle}${codename ? ` (${codename})` : ''}`;
}

export function codenameOf(product: Product, cycle: string): string | null {
  return Object.entries(product.aliases ?? {}).find((entry) => entry[1] === cycle)?.[0] ?? null;
}

/** The end of a release that is past on a day (`2026-11-23`); null where it is alive or not known. */
export function endOfRelease(release: Release, today: string): { readonly date: string | null } | null {
  const { product, cycle } = release;
  if (release.major) return endOfMajor(product, cycle, today);
  const listed = product.cycles.find(([name]) => name === cycle);
  if (listed) return endOfCycle(listed, today);
  return isOlder(product, cycle, today) ? { date: null } : null;
}

/** The newest release that is alive on a day, of those with long-term support where the product has such. */
export function newestRelease(
  product: Product,
  today: string,
): { readonly cycle: string; readonly lts: boolean } | null {
  const hasLts = product.cycles.some((cycle) => cycle[3]);
  const alive = product.cycles.filter((cycle) => {
    const [, end = 0, release, lts] = cycle;
    if (!isReleased(cycle, today) || !release || (hasLts && !(lts && String(lts) <= today))) return false;
    return typeof end === 'string' ? end >= today : end === 0 && isRecent(today);
  });
  const newest = latest(alive);
  return newest ? { cycle: newest[0], lts: hasLts } : null;
}

function endOfCycle([, end = 0]: Cycle, today: string): { readonly date: string | null } | null {
  if (typeof end === 'string') return end < today ? { date: end } : null;
  return end === 1 && endOfLifeTable().asOf < today ? { date: null } : null;
}

/** A major version is past its end when a newer one is out and all of its cycles are past theirs. */
function endOfMajor(product: Product, major: string, today: string): { readonly date: string | null } | null {
  if (!isOlder(product, major, today)) return null;
  const dates: (string | null)[] = [];
  for (const cycle of product.cycles) {
    if (cycle[0] !== major && !cycle[0].startsWith(`${major}.`)) continue;
    const end = endOfCycle(cycle, today);
    if (!end) return null;
    dates.push(end.date);
  }
  return { date: dates.includes(null) ? null : (dates.sort().at(-1) ?? null) };
}

/**
 * True for a release before the newest one, compared by as many parts as it has: `7` is older than 8.5, `8` is not.
 * The table says this of releases that it does not list, and for its own day on.
 */
function isOlder(product: Product, cycle: string, today: string): boolean {
  if (!product.older || today <= endOfLifeTable().asOf || !/^\d+(?:\.\d+)*$/.test(cycle)) return false;
  // Not the highest number: openSUSE Leap 42 came before 15.
  const newest = latest(product.cycles.filter((entry) => isReleased(entry, today)));
  const highest = newest?.[0].split('.') ?? [];
  for (const [index, part] of cycle.split('.').entries()) {
    const difference = Number(part) - Number(highest[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function isReleased([, , release]: Cycle, today: string): boolean {
  return typeof release === 'string' && release <= today;
}

function latest(cycles: readonly Cycle[]): Cycle | null {
  return cycles.reduce<Cycle | null>(
    (best, cycle) => (best && String(best[2]) >= String(cycle[2]) ? best : cycle),
    null,
  );
}

/** Whether "not past its end" still holds: a year after the table was made, nobody knows. */
function isRecent(today: string): boolean {
  return Date.parse(today) - Date.parse(endOfLifeTable().asOf) < 365 * 86_400_000;
}
