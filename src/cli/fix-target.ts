import { resolvePath } from '../context/paths.js';
import type { Fs } from '../context/types.js';
import { applyFixes, type FixMode, MAX_PASSES } from '../engine/fix.js';
import type { Finding } from '../model/finding.js';
import type { Io } from './io.js';

export interface FixedTarget<T> {
  /** What is left after the fixes. */
  readonly linted: T;
  /** How many fixes were applied. */
  readonly count: number;
  /** New texts by absolute path, byte order marks included. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Fixes and lints again until nothing changes, in memory: the disk is not written to.
 *
 * @param lint lints as if the files had the texts that the file system shows it.
 */
export function fixTarget<T extends { readonly findings: readonly Finding[] }>(
  io: Io,
  mode: FixMode,
  lint: (fs: Fs) => T,
): FixedTarget<T> {
  const texts = new Map<string, string>();
  const fs = overlay(io.fs, texts);
  let count = 0;
  let linted = lint(fs);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const { changed, applied } = applyFixes(linted.findings, mode);
    if (changed.size === 0) break;
    for (const [file, text] of changed) {
      texts.set(resolvePath(io.cwd, file.path), file.hasBom ? `\ufeff${text}` : text);
    }
    count += applied.length;
    linted = lint(fs);
  }
  return { linted, count, texts };
}

/** The disk as it would be with the new texts. */
function overlay(fs: Fs, texts: ReadonlyMap<string, string>): Fs {
  return {
    ...fs,
    readFile(path, limit) {
      const text = texts.get(path);
      return text === undefined ? fs.readFile(path, limit) : { ok: true, value: new TextEncoder().encode(text) };
    },
  };
}
