import { isWithin } from '../context/paths.js';
import type { RunInstruction } from '../dockerfile/ast.js';

/**
 * True where a `--mount` of a RUN keeps what is written to a path of the image out of the layer: a cache or a tmpfs on it
 * or on a directory above it. A target with a variable may be anywhere, and counts. {@link https://docs.docker.com/reference/dockerfile/#run---mount}
 */
export function isKeptOutOfLayer(instruction: RunInstruction, path: string): boolean {
  return instruction.mounts.some(({ type, options }) => {
    const target = options.get('target')?.replace(/(?<=.)\/+$/, '');
    return (
      (type === 'cache' || type === 'tmpfs') && target !== undefined && (target.includes('$') || isWithin(target, path))
    );
  });
}

/** True where a RUN sees files that no COPY brought: `--mount=type=bind`. */
export function hasBoundFiles({ mounts }: RunInstruction): boolean {
  return mounts.some(({ type }) => type === 'bind');
}

/** True where a RUN has its files by a bind mount, or, where `cached` is asked for, keeps what it fetches in a cache mount. */
export function isBoundOrCached(run: RunInstruction, cached: boolean): boolean {
  return hasBoundFiles(run) || (cached && run.mounts.some(({ type }) => type === 'cache'));
}
