import { createSource } from '../model/source.js';
import { parseIgnoreFile } from './dockerignore.js';
import { displayPath, joinPath, relativePath } from './paths.js';
import type { Fs, IgnoreFile, UnreadIgnoreFile } from './types.js';

/** Larger ones are not read; a real one has a few hundred bytes. */
const LARGEST_IGNORE_FILE = 5_000_000;

export interface FoundIgnoreFile {
  /** The file that holds; null where there is none, or it cannot be read. */
  readonly file: IgnoreFile | null;
  readonly unreadable: UnreadIgnoreFile | null;
}

/**
 * Finds and reads the ignore file that holds for a Dockerfile: `<Dockerfile>.dockerignore` beside it wins, then
 * `.dockerignore` at the root of the context, then `.containerignore` there. BuildKit never reads the last one and Podman
 * prefers it; it counts only where there is no `.dockerignore`, since then only Podman has one.
 * One that is there and cannot be read hides what it leaves out.
 * {@link https://docs.docker.com/build/concepts/context/#filename-and-location}
 *
 * @param root absolute path of the context
 * @param displayRoot the same as it is shown
 * @param dockerfile absolute path; null where the Dockerfile is no file
 */
export function findIgnoreFile(fs: Fs, root: string, displayRoot: string, dockerfile: string | null): FoundIgnoreFile {
  const candidates: { path: string; kind: IgnoreFile['kind'] }[] = [
    { path: joinPath(root, '.dockerignore'), kind: 'dockerignore' },
    { path: joinPath(root, '.containerignore'), kind: 'containerignore' },
  ];
  if (dockerfile !== null) candidates.unshift({ path: `${dockerfile}.dockerignore`, kind: 'dockerfile-specific' });
  for (const { path, kind } of candidates) {
    const read = fs.readFile(path, LARGEST_IGNORE_FILE);
    if (!read.ok) {
      if (read.reason === 'missing') continue;
      return {
        file: null,
        unreadable: { path: displayPath(displayRoot, relativePath(root, path)), reason: read.reason },
      };
    }
    // Patterns are bytes to BuildKit: one that is not UTF-8 must not hide the others.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(read.value);
    const source = createSource(displayPath(displayRoot, relativePath(root, path)), text);
    return { file: parseIgnoreFile(source, kind), unreadable: null };
  }
  return { file: null, unreadable: null };
}
