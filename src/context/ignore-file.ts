import { createSource } from '../model/source.js';
import { parseIgnoreFile } from './dockerignore.js';
import { displayPath, joinPath, relativePath } from './paths.js';
import type { Fs, IgnoreFile } from './types.js';

/** Larger ones are not read; a real one has a few hundred bytes. */
const LARGEST_IGNORE_FILE = 5_000_000;

/**
 * Finds and reads the ignore file that holds for a Dockerfile: `<Dockerfile>.dockerignore` beside it wins, then
 * `.dockerignore` at the root of the context, then `.containerignore` there. BuildKit never reads the last one and Podman
 * prefers it; it counts only where there is no `.dockerignore`, since then only Podman has one.
 * {@link https://docs.docker.com/build/concepts/context/#filename-and-location}
 *
 * @param root absolute path of the context
 * @param displayRoot the same as it is shown
 * @param dockerfile absolute path; null where the Dockerfile is no file
 */
export function findIgnoreFile(
  fs: Fs,
  root: string,
  displayRoot: string,
  dockerfile: string | null,
): IgnoreFile | null {
  const candidates: { path: string; kind: IgnoreFile['kind'] }[] = [
    { path: joinPath(root, '.dockerignore'), kind: 'dockerignore' },
    { path: joinPath(root, '.containerignore'), kind: 'containerignore' },
  ];
  if (dockerfile !== null) candidates.unshift({ path: `${dockerfile}.dockerignore`, kind: 'dockerfile-specific' });
  for (const { path, kind } of candidates) {
    const read = fs.readFile(path, LARGEST_IGNORE_FILE);
    if (!read.ok) continue;
    // Patterns are bytes to BuildKit: one that is not UTF-8 must not hide the others.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(read.value);
    return parseIgnoreFile(createSource(displayPath(displayRoot, relativePath(root, path)), text), kind);
  }
  return null;
}
