import type { ImageReference } from '../dockerfile/image-reference.js';

/** The part of `fetch` that is used; tests bring their own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What a registry has of an image. */
export type PublishedImage =
  /** Platforms as `os/arch[/variant]`; `isIndex` false where there is one image for all, whatever is asked for. */
  | { readonly ok: true; readonly platforms: readonly string[]; readonly isIndex: boolean }
  | { readonly ok: false; readonly reason: string };

export interface RegistryClient {
  /** Asks once for each image, however often it is called. Never throws. */
  published(reference: ImageReference): Promise<PublishedImage>;
}

/** For one image, redirects and the way to a token included. */
const TIME_LIMIT = 10_000;
const MOST_REDIRECTS = 3;
/** Indices have some kilobytes, configurations of images seldom more than fifty. */
const LARGEST_ANSWER = 4_000_000;

const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/**
 * Reads of public images which platforms they are built for, without credentials.
 * {@link https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests}
 */
export function createRegistryClient(fetch: Fetch, timeLimit = TIME_LIMIT): RegistryClient {
  const known = new Map<string, Promise<PublishedImage>>();
  return {
    published(reference) {
      const key = referenceKey(reference);
      const found = known.get(key) ?? ask(fetch, reference, AbortSignal.timeout(timeLimit)).catch(failed);
      known.set(key, found);
      return found;
    },
  };
}

/** An image as it is asked for: no tag means `latest`. */
export function referenceKey({ name, tag, digest }: ImageReference): string {
  return `${name}${digest === null ? `:${tag ?? 'latest'}` : `@${digest}`}`;
}

/** A failure whose text is for people. */
class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

function failed(error: unknown): PublishedImage {
  if (error instanceof Unreachable) return { ok: false, reason: error.message };
  const isLate = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
  return { ok: false, reason: isLate ? 'no answer in time' : 'no connection' };
}

async function ask(fetch: Fetch, reference: ImageReference, signal: AbortSignal): Promise<PublishedImage> {
  const base = `${originOf(reference.registry)}/v2/${reference.repository}`;
  const headers: Record<string, string> = { accept: [...INDEX_TYPES, ...MANIFEST_TYPES].join(', ') };
  const url = `${base}/manifests/${reference.digest ?? reference.tag ?? 'latest'}`;
  const connection: Connection = { fetch, signal, mayStayHere: isLocal(reference.registry) };
  let response = await get(connection, url, headers);
  if (response.status === 401) {
    headers.authorization = `Bearer ${await tokenFor(connection, response)}`;
    response = await get(connection, url, headers);
  }
  const manifest = await jsonOf(response);
  const entries = memberOf(manifest, 'manifests');
  if (Array.isArray(entries)) {
    const platforms = entries.flatMap((entry) => platformOf(memberOf(entry, 'platform')) ?? []);
    return { ok: true, platforms: [...new Set(platforms)], isIndex: true };
  }
  const digest = memberOf(memberOf(manifest, 'config'), 'digest');
  if (typeof digest !== 'string' || !/^[\w+.-]+:[0-9a-f]+$/i.test(digest)) throw new Unreachable('an odd manifest');
  const platform = platformOf(await jsonOf(await get(connection, `${base}/blobs/${digest}`, headers)));
  if (platform === null) throw new Unreachable('an image without a platform');
  return { ok: true, platforms: [platform], isIndex: false };
}

/** Docker Hub's registry has another name than its images; one on this machine mostly has no certificate. */
function originOf(registry: string): string {
  if (registry === 'docker.io') return 'https://registry-1.docker.io';
  return `${isLocal(registry) ? 'http' : 'https'}://${registry}`;
}

function isLocal(host: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host);
}

interface Connection {
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  /** True for a registry on this machine, which alone may do without encryption and send us to this machine. */
  readonly mayStayHere: boolean;
}

/** Follows redirects itself: only to https, and never with the token for another host. */
async function get(
  { fetch, signal, mayStayHere }: Connection,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  let at = new URL(url);
  const { host } = at;
  for (let hops = 0; ; hops++) {
    const isHere = isLocal(at.host);
    if (isHere ? !mayStayHere || !/^https?:$/.test(at.protocol) : at.protocol !== 'https:')
      throw new Unreachable(`refused to go on to ${at.protocol}//${at.host}`);
    const { authorization, ...open } = headers;
    const sent = at.host === host && authorization !== undefined ? { ...open, authorization } : open;
    const response = await fetch(at.href, { headers: sent, redirect: 'manual', signal });
    const next = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (next === null) return response;
    if (hops === MOST_REDIRECTS) throw new Unreachable('too many redirects');
    await response.body?.cancel();
    if (!URL.canParse(next, at.href)) throw new Unreachable('an odd redirect');
    at = new URL(next, at);
  }
}

/** {@link https://distribution.github.io/distribution/spec/auth/token/} */
async function tokenFor(connection: Connection, response: Response): Promise<string> {
  await response.body?.cancel();
  const challenge = response.headers.get('www-authenticate') ?? '';
  const parameters = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1], match[2] ?? '']));
  const realm = parameters.get('realm');
  if (!/^bearer\s/i.test(challenge) || realm === undefined) throw new Unreachable('it asks for a login');
  if (!URL.canParse(realm)) throw new Unreachable('it asks for a login');
  const url = new URL(realm);
  for (const name of ['service', 'scope']) {
    const value = parameters.get(name);
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const answer = await jsonOf(await get(connection, url.href, { accept: 'application/json' }));
  const token = memberOf(answer, 'token') ?? memberOf(answer, 'access_token');
  if (typeof token !== 'string') throw new Unreachable('it gives no token without a login');
  return token;
}

async function jsonOf(response: Response): Promise<unknown> {
  if (!response.ok) {
    await response.body?.cancel();
    throw new Unreachable(WORDS[response.status] ?? `the answer was ${response.status}`);
  }
  const text = await textOf(response);
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreachable('the answer was no JSON');
  }
}

const WORDS: Readonly<Record<number, string>> = {
  401: 'it asks for a login',
  403: 'it asks for a login',
  404: 'there is no such image',
  429: 'it was asked too often',
};

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  if (!response.body) return text;
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LARGEST_ANSWER) throw new Unreachable('the answer was too long');
  }
  return text;
}

/** Null for what is no platform, such as an attestation (`unknown/unknown`). */
function platformOf(value: unknown): string | null {
  const parts = ['os', 'architecture', 'variant'].map((name) => memberOf(value, name));
  const [os, architecture, variant] = parts;
  if (typeof os !== 'string' || typeof architecture !== 'string' || os === '' || architecture === '') return null;
  if (os === 'unknown' || architecture === 'unknown') return null;
  return [os, architecture, ...(typeof variant === 'string' && variant !== '' ? [variant] : [])].join('/');
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
