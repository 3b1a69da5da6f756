import { BASE_IMAGES } from '../data/base-images.js';
import type { ImageReference } from '../dockerfile/image-reference.js';
import type { Dialect } from '../shell/types.js';
import type { Distribution } from './types.js';

/** What a base image brings along. Null always means "not known", save where a field says otherwise. */
export interface ImageRow {
  readonly user: string | null;
  /** As in the image's configuration: `8080/tcp`. */
  readonly exposes: readonly string[] | null;
  /** Red Hat's relatives (Fedora, Oracle Linux, Amazon Linux) are all `rhel`. */
  readonly distribution: Distribution | null;
  /** What `/bin/sh` is; `none` where there is no such file. */
  readonly sh: Extract<Dialect, 'dash' | 'bash' | 'ash'> | 'none' | null;
  /** Whether that `sh` takes `set -o pipefail`. */
  readonly pipefail: boolean | null;
  /** The SHELL instruction that RUN inherits; null: none. */
  readonly shell: readonly string[] | null;
  readonly packageManager: 'apt' | 'apk' | 'dnf' | 'microdnf' | 'yum' | 'pacman' | 'none' | null;
  readonly workdir: string | null;
  /** Whether the image has an ENTRYPOINT. */
  readonly entrypoint: boolean | null;
  /** Whether the image has a CMD. */
  readonly cmd: boolean | null;
  /** Names of the variables that it sets. */
  readonly env: readonly string[] | null;
}

/**
 * The row of the dated table for an image and tag. Null where there is none: then the image is unknown, and nothing
 * follows about it. A digest without a tag is unknown too; no tag at all is `latest`.
 */
export function lookUpImage(reference: ImageReference): ImageRow | null {
  const tag = reference.tag ?? (reference.digest === null ? 'latest' : null);
  // No registry takes a longer tag; the patterns need not be tried on more.
  if (tag === null || tag.length > 128) return null;
  for (const row of rowsOf(canonicalImageName(reference))) {
    if (row.tags.test(tag)) return row.image;
  }
  return null;
}

/** Registries that serve Docker Hub's repositories under the same path. */
const HUB_MIRRORS = new Set(['registry-1.docker.io', 'index.docker.io', 'registry.hub.docker.com', 'mirror.gcr.io']);

/**
 * Namespaces that hold the official images for one architecture.
 * {@link https://github.com/docker-library/official-images#architectures-other-than-amd64}
 */
const ARCHITECTURES = /^(?:amd64|arm32v[567]|arm64v8|i386|mips64le|ppc64le|riscv64|s390x|winamd64)\//;

/** The name of the image that a reference means, mirrors and per-architecture copies seen through. */
export function canonicalImageName(reference: ImageReference): string {
  const { registry, repository } = reference;
  if (registry === 'public.ecr.aws' && repository.startsWith('docker/')) return `docker.io/${repository.slice(7)}`;
  const hub = registry === 'docker.io' || HUB_MIRRORS.has(registry);
  if (!hub) return `${registry}/${repository}`;
  const path = repository.includes('/') ? repository : `library/${repository}`;
  return `docker.io/${path.replace(ARCHITECTURES, 'library/')}`;
}

interface Table {
  readonly defaults: Omit<ImageRow, 'env'>;
  readonly kinds: readonly Partial<ImageRow>[];
  /** Names parted by blanks; `PATH` is not written, but `-PATH` where it is not set. Null: not known. */
  readonly variables: readonly (string | null)[];
  readonly images: Readonly<Record<string, readonly (readonly [tags: string, kind: number, variables: number])[]>>;
}

interface Row {
  readonly tags: RegExp;
  readonly image: ImageRow;
}

let table: Table | null = null;
const rows = new Map<string, readonly Row[]>();

function rowsOf(name: string): readonly Row[] {
  const known = rows.get(name);
  if (known) return known;
  table ??= JSON.parse(BASE_IMAGES) as Table;
  if (!Object.hasOwn(table.images, name)) return [];
  const { defaults, kinds, variables } = table;
  const found = (table.images[name] ?? []).map(([tags, kind, names]) => ({
    tags: new RegExp(tags),
    image: { ...defaults, ...kinds[kind], env: namesOf(variables[names] ?? null) },
  }));
  rows.set(name, found);
  return found;
}

function namesOf(text: string | null): readonly string[] | null {
  if (text === null) return null;
  const names = text.split(' ').filter((name) => name !== '');
  return names[0] === '-PATH' ? names.slice(1) : ['PATH', ...names];
}
