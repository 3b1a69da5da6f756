import { baseName, displayFrom, parentOf, resolvePath } from '../context/paths.js';
import type { Fs } from '../context/types.js';
import { applyFixes, type FixMode, MAX_PASSES } from '../engine/fix.js';
import type { LintedTarget } from '../engine/lint-target.js';
import { UsageError } from '../model/errors.js';
import type { Failure } from '../model/report.js';
import type { Io } from './io.js';

export interface Fixer {
  /**
   * Writes the fixes of a file to the disk and returns what is left; all that was found where they cannot be written.
   *
   * @param path absolute.
   * @param lint lints the bytes as the file's, on a file system that shows what was fixed so far.
   */
  fix(
    path: string,
    found: LintedTarget,
    lint: (fs: Fs, bytes: Uint8Array) => Promise<LintedTarget>,
  ): Promise<LintedTarget>;
  /** How many fixes were written, and where; null for none. */
  summary(): string | null;
}

/** Above that, their number says more than their names. */
const MOST_NAMES = 10;

export function createFixer(mode: FixMode, io: Io, fail: (failure: Failure) => void): Fixer {
  const files = new Set<string>();
  let count = 0;
  return {
    async fix(path, found, lint) {
      const fixed = await fixTarget(io, mode, async (fs) => {
        const read = fs.readFile(path);
        return read.ok ? lint(fs, read.value) : found;
      });
      const barred = [...fixed.texts.keys()].flatMap((file) => {
        const reason = file === path ? null : barrier(io, file);
        return reason === null ? [] : [{ path: displayFrom(io.cwd, file), message: `cannot be fixed: ${reason}` }];
      });
      if (barred.length > 0) {
        barred.forEach(fail);
        return found;
      }
      for (const [file, text] of fixed.texts) {
        try {
          io.writeFile(file, text);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          fail({ path: displayFrom(io.cwd, file), message: error.message });
          return found;
        }
        files.add(displayFrom(io.cwd, file));
      }
      count += fixed.count;
      return fixed.linted;
    },
    summary() {
      if (count === 0) return null;
      const where = files.size > MOST_NAMES ? `${files.size} files` : [...files].join(', ');
      return `applied ${count} ${count === 1 ? 'fix' : 'fixes'} to ${where}`;
    },
  };
}

/**
 * Why a file of the build context is not written to; null where it may be. A pipe would be waited for, and a link could lead
 * out of the project: only the Dockerfile itself was named by a person.
 */
function barrier(io: Io, file: string): string | null {
  const stat = io.fs.lstat(file);
  if (!stat.ok || stat.value.kind === 'file') return null;
  if (stat.value.kind !== 'link') return 'it is not a regular file';
  const real = io.fs.realPath(file);
  if (!real.ok) return 'it is a link that leads nowhere';
  return real.value.startsWith(io.cwd === '/' ? '/' : `${io.cwd}/`)
    ? null
    : 'it is a link that leads out of the working directory';
}

interface Fixed {
  /** What is left after the fixes. */
  readonly linted: LintedTarget;
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
async function fixTarget(io: Io, mode: FixMode, lint: (fs: Fs) => Promise<LintedTarget>): Promise<Fixed> {
  const texts = new Map<string, string>();
  const fs = overlay(io.fs, texts);
  let count = 0;
  let linted = await lint(fs);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const { changed, applied } = applyFixes(linted.findings, mode);
    let isNew = false;
    for (const [file, body] of changed) {
      const path = resolvePath(io.cwd, file.path);
      const text = file.hasBom ? `\ufeff${body}` : body;
      // A file that is read by way of a link does not show its new text.
      if (texts.get(path) !== text) isNew = true;
      texts.set(path, text);
    }
    if (!isNew) break;
    count += applied.length;
    linted = await lint(fs);
  }
  return { linted, count, texts };
}

/** The disk as it would be with the new texts; a fix may make a file that was not there. */
function overlay(fs: Fs, texts: ReadonlyMap<string, string>): Fs {
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  return {
    ...fs,
    lstat(path) {
      const stat = fs.lstat(path);
      const text = texts.get(path);
      if (stat.ok || text === undefined) return stat;
      return { ok: true, value: { kind: 'file', size: bytesOf(text).length, executable: false } };
    },
    realPath(path) {
      const real = fs.realPath(path);
      return real.ok || !texts.has(path) ? real : { ok: true, value: path };
    },
    readDirectory(path) {
      const listing = fs.readDirectory(path);
      if (!listing.ok) return listing;
      const names = new Set(listing.value.map((entry) => entry.name));
      const added = [...texts.keys()].filter((file) => parentOf(file) === path && !names.has(baseName(file)));
      if (added.length === 0) return listing;
      const entries = [...listing.value, ...added.map((file) => ({ name: baseName(file), kind: 'file' as const }))];
      return { ok: true, value: entries.sort((a, b) => (a.name < b.name ? -1 : 1)) };
    },
    readFile(path, limit) {
      const text = texts.get(path);
      return text === undefined ? fs.readFile(path, limit) : { ok: true, value: bytesOf(text) };
    },
  };
}
