import type { Fs } from './types.js';

/** Contents above this size, in bytes, are not kept. */
const LARGEST_KEPT = 100_000;

/**
 * The same disk as it was when first asked: for one run over many Dockerfiles, which share directories, ignore files and
 * compose files. Make a new one for each run.
 */
export function createCachedFs(fs: Fs): Fs {
  const contents = new Map<string, ReturnType<Fs['readFile']>>();
  return {
    lstat: remember(fs.lstat),
    readDirectory: remember(fs.readDirectory),
    readLink: remember(fs.readLink),
    realPath: remember(fs.realPath),
    readFile: (path, limit) => {
      const known = contents.get(path);
      if (known) return known.ok && limit !== undefined && known.value.length > limit ? TOO_LARGE : known;
      const read = fs.readFile(path, limit);
      // Another limit may let a larger file through, so that this failure is not kept.
      if (read.ok ? read.value.length <= LARGEST_KEPT : read.reason !== 'too-large') contents.set(path, read);
      return read;
    },
  };
}

const TOO_LARGE = { ok: false, reason: 'too-large' } as const;

function remember<T>(read: (path: string) => T): (path: string) => T {
  const answers = new Map<string, { readonly value: T }>();
  return (path) => {
    const known = answers.get(path);
    if (known) return known.value;
    const value = read(path);
    answers.set(path, { value });
    return value;
  };
}
