/**
 * An image reference by the distribution grammar, with Docker's defaults filled in.
 * {@link https://pkg.go.dev/github.com/distribution/reference}
 */
export interface ImageReference {
  /** `docker.io` where none is written. */
  readonly registry: string;
  /** Path in the registry: `library/ubuntu` for `ubuntu`. */
  readonly repository: string;
  /** `registry/repository`. */
  readonly name: string;
  /** As people write it: `ubuntu` for `docker.io/library/ubuntu`. */
  readonly familiarName: string;
  /** Null where none is written; never filled in with `latest`. */
  readonly tag: string | null;
  /** `sha256:...`; null where none is written. */
  readonly digest: string | null;
}

export type ImageReferenceResult =
  | { readonly ok: true; readonly value: ImageReference }
  | { readonly ok: false; readonly message: string };

const HOST =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
/** Hex digits of the digests that Docker knows. */
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Reads `[registry[:port]/]path[:tag][@digest]`. */
export function parseImageReference(text: string): ImageReferenceResult {
  // The longest name has 255 characters, the longest tag 128, the longest digest in use 135.
  if (text.length > 1024) return refuse('is too long for an image reference');
  if (text === '') return refuse('is empty');
  if (/^[a-f0-9]{64}$/.test(text)) return refuse('is 64 hexadecimal digits, which Docker takes for an image id');

  const at = text.indexOf('@');
  const digest = at === -1 ? null : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/') && !named.endsWith(']');
  const tag = hasTag ? named.slice(colon + 1) : null;
  const path = hasTag ? named.slice(0, colon) : named;

  const slash = path.indexOf('/');
  const first = slash === -1 ? '' : path.slice(0, slash);
  const hasRegistry = slash !== -1 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const rawRegistry = hasRegistry ? first : 'docker.io';
  const registry = rawRegistry === 'index.docker.io' ? 'docker.io' : rawRegistry;
  const rest = hasRegistry ? path.slice(slash + 1) : path;
  const repository = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;

  if (rest === '') return refuse('has no name');
  if (hasRegistry && !HOST.test(rawRegistry)) return refuse(`names no registry: \`${rawRegistry}\` is not a host`);
  if (rest !== rest.toLowerCase()) return refuse('has capitals, and the name of a repository is lower case');
  if (!rest.split('/').every((component) => COMPONENT.test(component)))
    return refuse(`has an invalid name \`${rest}\``);
  if (`${registry}/${repository}`.length > 255) return refuse('has a name of more than 255 characters');
  if (tag !== null && !TAG.test(tag)) {
    if (tag === '') return refuse('has no tag behind the colon');
    return refuse(`has an invalid tag \`${tag}\``);
  }
  if (digest !== null && !isDigest(digest)) return refuse(`has an invalid digest \`${digest}\``);

  const name = `${registry}/${repository}`;
  const short = repository.replace(/^library\/(?=[^/]+$)/, '');
  return {
    ok: true,
    value: { registry, repository, name, familiarName: registry === 'docker.io' ? short : name, tag, digest },
  };
}

function isDigest(text: string): boolean {
  if (!DIGEST.test(text)) return false;
  const [algorithm = '', hex = ''] = text.split(':');
  const length = DIGEST_LENGTHS[algorithm];
  return length !== undefined && hex.length === length && hex === hex.toLowerCase();
}

/** The message continues "`<text>` ". */
function refuse(message: string): ImageReferenceResult {
  return { ok: false, message };
}
