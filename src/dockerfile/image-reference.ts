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

/** Reads `[registry[:port]/]path[:tag][@digest]`. */
export function parseImageReference(text: string): ImageReferenceResult {
  return { ok: false, message: text };
}
