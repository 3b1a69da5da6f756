import type { Word } from '../dockerfile/ast.js';
import { type ImageReference, parseImageReference } from '../dockerfile/image-reference.js';
import { canonicalImageName, hasTool, lookUpImage } from './image-table.js';
import type { Distribution, ImageFacts } from './types.js';

/** What is known of the image that a FROM names; `text` after expansion, null where that is not known. */
export function imageFacts(word: Word | null, text: string | null): ImageFacts {
  if (text === 'scratch') return scratch(word);
  const parsed = text === null ? null : parseImageReference(text);
  const reference = parsed?.ok ? parsed.value : null;
  const row = reference ? lookUpImage(reference) : null;
  const distribution = row?.distribution ?? (reference ? guessDistribution(reference) : null);
  return {
    word,
    text,
    reference,
    scratch: false,
    name: reference?.name ?? null,
    tag: reference?.tag ?? null,
    distribution,
    family: reference ? familyOf(reference) : null,
    user: row?.user ?? null,
    users: row?.users ?? null,
    exposes: row?.exposes ?? null,
    volumes: row?.volumes ?? null,
    stopSignal: row?.stopSignal ?? null,
    healthcheck: row?.healthcheck ?? null,
    libc: row?.libc ?? null,
    packageManager: row?.packageManager ?? null,
    dialect: row?.sh && row.sh !== 'none' ? row.sh : null,
    pipefail: row?.pipefail ?? null,
    shell: row?.shell ?? null,
    workdir: row?.workdir ?? null,
    entrypoint: row?.entrypoint ?? null,
    cmd: row?.cmd ?? null,
    env: row?.env ?? null,
    shellless: row?.sh ? row.sh === 'none' : null,
    windows: distribution === 'windows',
    known: row !== null,
    has: (tool) => hasTool(row, tool),
  };
}

function scratch(word: Word | null): ImageFacts {
  return {
    word,
    text: 'scratch',
    reference: null,
    scratch: true,
    name: null,
    tag: null,
    distribution: 'scratch',
    family: null,
    user: 'root',
    users: [],
    exposes: [],
    volumes: [],
    stopSignal: 'none',
    healthcheck: false,
    libc: 'none',
    packageManager: 'none',
    dialect: null,
    pipefail: null,
    shell: null,
    workdir: '/',
    entrypoint: [],
    cmd: [],
    env: new Map([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']]),
    shellless: true,
    windows: false,
    known: true,
    has: () => false,
  };
}

const FAMILIES: Readonly<Record<string, NonNullable<ImageFacts['family']>>> = {
  'docker.io/library/node': 'node',
  'docker.io/oven/bun': 'bun',
  'docker.io/denoland/deno': 'deno',
  'docker.io/library/python': 'python',
  'docker.io/library/golang': 'go',
  'docker.io/library/nginx': 'nginx',
};

function familyOf(reference: ImageReference): ImageFacts['family'] {
  if (/(?:^|\/)distroless\/nodejs/.test(reference.repository) || reference.name === 'cgr.dev/chainguard/node')
    return 'node';
  return FAMILIES[canonicalImageName(reference)] ?? null;
}

/** A tag or name that says its distribution is believed even where the image is not in the table. */
function guessDistribution(reference: ImageReference): Distribution | null {
  const said = `${reference.repository}:${reference.tag ?? ''}`;
  if (/nanoserver|windowsservercore|windows\/server/.test(said)) return 'windows';
  if (/distroless/.test(reference.repository)) return 'distroless';
  if (/(?:^|[-:/])alpine/.test(said)) return 'alpine';
  if (/(?:^|[-:])(?:jessie|stretch|buster|bullseye|bookworm|trixie)\b/.test(said)) return 'debian';
  if (/(?:^|[-:])(?:xenial|bionic|focal|jammy|noble)\b|(?:^|\/)ubuntu:/.test(said)) return 'ubuntu';
  return null;
}
