import { BASE_IMAGES } from '../data/base-images.js';
import type { ImageReference } from '../dockerfile/image-reference.js';
import type { Dialect } from '../shell/types.js';
import { lazy } from './lazy.js';
import type { Distribution, ImagePackageManager, ImageTool } from './types.js';

/** What the table says of each image, in the order of its letters. */
export const IMAGE_TOOLS = [
  'curl',
  'wget',
  'bash',
  'git',
  'python3',
  'make',
  'gcc',
  'tini',
  'npm',
  'yarn',
  'corepack',
  'ca-certificates',
] as const satisfies readonly ImageTool[];

/** What a base image brings along. Null always means "not known", save where a field says otherwise. */
export interface ImageRow {
  readonly user: string | null;
  /** Users that people may want to be, `name:uid`. */
  readonly users: readonly string[] | null;
  /** As in the image's configuration: `8080/tcp`. */
  readonly exposes: readonly string[] | null;
  /** Red Hat's relatives (Fedora, Oracle Linux, Amazon Linux) are all `rhel`. */
  readonly distribution: Distribution | null;
  readonly libc: 'glibc' | 'musl' | 'uclibc' | 'none' | null;
  /** What `/bin/sh` is; `none` where there is no such file. */
  readonly sh: Extract<Dialect, 'dash' | 'bash' | 'ash'> | 'none' | null;
  /** Whether that `sh` takes `set -o pipefail`. */
  readonly pipefail: boolean | null;
  /** The SHELL instruction that RUN inherits; null: none. */
  readonly shell: readonly string[] | null;
  readonly packageManager: ImagePackageManager | null;
  readonly workdir: string | null;
  /** Words of the ENTRYPOINT; empty: it has none. */
  readonly entrypoint: readonly string[] | null;
  /** Words of the CMD; empty: it has none. */
  readonly cmd: readonly string[] | null;
  readonly volumes: readonly string[] | null;
  /** `SIGQUIT`; `none` where the image names none. */
  readonly stopSignal: string | null;
  readonly healthcheck: boolean | null;
  /** The variables that it sets; a value is null where it depends on the version. */
  readonly env: ReadonlyMap<string, string | null> | null;
  /** One letter for each of {@link IMAGE_TOOLS}: `+` there, `-` not there, `?` not known. */
  readonly tools: string;
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
    if (row.tags.test(tag)) return row.image();
  }
  return null;
}

/** Whether an image has a tool; null: not known. */
export function hasTool(row: ImageRow | null, tool: ImageTool): boolean | null {
  const letter = row?.tools[IMAGE_TOOLS.indexOf(tool)];
  return letter === '+' || letter === '-' ? letter === '+' : null;
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
  readonly defaults: Omit<ImageRow, 'env' | 'tools'>;
  readonly systems: readonly Partial<ImageRow>[];
  readonly kinds: readonly Partial<ImageRow>[];
  readonly tools: readonly string[];
  /** `NAME=value`, or the name alone where the value is not known. */
  readonly variables: readonly string[];
  /** Numbers of `variables`. */
  readonly environments: readonly (readonly number[] | null)[];
  readonly sets: readonly (readonly Tags[])[];
  /** A name with the number of its set. */
  readonly images: Readonly<Record<string, number>>;
}

type Tags = readonly [tags: string, system: number, kind: number, tools: number, environment: number];

interface Row {
  readonly tags: RegExp;
  image(): ImageRow;
}

let table: Table | null = null;
const rows = new Map<string, readonly Row[]>();

function rowsOf(name: string): readonly Row[] {
  const known = rows.get(name);
  if (known) return known;
  table ??= JSON.parse(BASE_IMAGES) as Table;
  if (!Object.hasOwn(table.images, name)) return [];
  const { defaults, systems, kinds, tools, sets, images } = table;
  const found = (sets[images[name] ?? -1] ?? []).map(([tags, system, kind, inside, environment]) => ({
    tags: new RegExp(tags),
    image: lazy(() => ({
      ...defaults,
      ...systems[system],
      ...kinds[kind],
      tools: tools[inside] ?? '',
      env: environmentOf(environment),
    })),
  }));
  rows.set(name, found);
  return found;
}

function environmentOf(number: number): ReadonlyMap<string, string | null> | null {
  const numbers = table?.environments[number];
  if (!numbers) return null;
  return new Map(
    numbers.map((one) => {
      const text = table?.variables[one] ?? '';
      const sign = text.indexOf('=');
      return sign === -1 ? [text, null] : [text.slice(0, sign), text.slice(sign + 1)];
    }),
  );
}
