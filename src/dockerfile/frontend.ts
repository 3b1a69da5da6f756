import type { Directive } from './ast.js';

/** The frontend that builds a file, by its `# syntax=` line. */
export interface Frontend {
  /** The image as written; null where BuildKit's own frontend is used. */
  readonly image: string | null;
  /** `docker`: docker/dockerfile or none. `preview`: its labs or upstream channel. `other`: a language of its own. */
  readonly kind: 'docker' | 'preview' | 'other';
}

/**
 * Which frontend the directives ask for. A mirror of docker/dockerfile counts as the same.
 * {@link https://docs.docker.com/build/buildkit/frontend/}
 */
export function frontendOf(directives: readonly Directive[]): Frontend {
  const image = directives.find((directive) => directive.name === 'syntax')?.value.split(' ', 1)[0] ?? null;
  if (image === null) return { image, kind: 'docker' };
  const official = /(?:^|\/)docker\/dockerfile(-upstream)?(?::([^@/]*))?(?:@.*)?$/.exec(image);
  if (!official) return { image, kind: 'other' };
  const [, upstream, tag = ''] = official;
  return { image, kind: upstream !== undefined || /labs|master/.test(tag) ? 'preview' : 'docker' };
}

/** True where the frontend may have flags that are not known here. */
export function mayHaveFlags(frontend: Frontend): boolean {
  return frontend.kind !== 'docker';
}

/** True where the frontend may have instructions that are not known here. */
export function mayHaveInstructions(frontend: Frontend): boolean {
  return frontend.kind === 'other';
}
