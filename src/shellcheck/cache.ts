import { createHash } from 'node:crypto';
import { toRemark } from './read-remarks.js';
import type { Remark } from './types.js';

/** What ShellCheck said of scripts before. One file for all versions of the engines that are in use on a machine. */
export interface Cache {
  /** Null where it is not known. */
  get(script: string): readonly Remark[] | null;
  set(script: string, remarks: readonly Remark[]): void;
  /** The text to be kept; null where nothing is new. */
  text(): string | null;
}

/** Raised whenever what is kept means something else. */
const FORMAT = 1;
/** Scripts of one engine that are kept; those that were not asked for in the last run go first. */
const MOST = 20_000;

/**
 * Reads the cache of an engine from the text of its file. A text that is none, or of another format or engine, is an
 * empty cache, and the file is written anew.
 */
export function readCache(text: string | null, engine: string): Cache {
  const known = entriesOf(text, engine);
  const used = new Map<string, readonly Remark[]>();
  let isNew = false;
  return {
    get(script) {
      const key = keyOf(script);
      const raw = known.get(key);
      if (raw === undefined) return used.get(key) ?? null;
      const remarks = remarksOf(raw);
      if (remarks) used.set(key, remarks);
      return remarks;
    },
    set(script, remarks) {
      used.set(keyOf(script), remarks);
      isNew = true;
    },
    text() {
      if (!isNew) return null;
      const entries: [string, unknown][] = [...used];
      for (const [key, raw] of known) {
        if (entries.length >= MOST) break;
        if (!used.has(key)) entries.push([key, raw]);
      }
      return JSON.stringify({ format: FORMAT, engine, entries: Object.fromEntries(entries) });
    },
  };
}

function keyOf(script: string): string {
  return createHash('sha256').update(script).digest('base64url').slice(0, 27);
}

function entriesOf(text: string | null, engine: string): ReadonlyMap<string, unknown> {
  if (text === null) return new Map();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return new Map();
    const { format, engine: of, entries } = value as Record<string, unknown>;
    if (format !== FORMAT || of !== engine || typeof entries !== 'object' || entries === null) return new Map();
    return new Map(Object.entries(entries));
  } catch {
    return new Map();
  }
}

/** Null where an entry is not what was written: the script is then checked again. */
function remarksOf(raw: unknown): readonly Remark[] | null {
  if (!Array.isArray(raw)) return null;
  const remarks = raw.map(toRemark);
  return remarks.every((remark) => remark !== null) ? remarks : null;
}
