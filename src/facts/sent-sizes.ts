import type { BuildContext } from '../context/types.js';
import { memoise, remember } from './lazy.js';
import { sentFiles } from './sent-files.js';
import type { CopyFacts, Facts } from './types.js';

/** Files whose size is asked for; what is beyond is not counted. */
const MOST_FILES = 20_000;

export interface SizedFile {
  /** Relative to the context. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/** The files of the project that a COPY brings, the largest first, and what they come to. */
export interface SentSizes {
  readonly files: readonly SizedFile[];
  readonly total: number;
}

/** Each file is looked at once, however many COPYs bring it. */
export const sentSizes = memoise((facts: Facts) => {
  const { context } = facts;
  const sizeOf = remember((path: string) => (context ? sizeIn(context, path) : 0));
  return remember((copy: CopyFacts): SentSizes => {
    const paths = sentFiles(facts, copy).slice(0, MOST_FILES);
    const files = paths.map((path) => ({ path, size: sizeOf(path) })).sort((a, b) => b.size - a.size);
    return { files, total: files.reduce((sum, { size }) => sum + size, 0) };
  });
});

function sizeIn(context: BuildContext, path: string): number {
  return context.stat(path)?.size ?? 0;
}

/** "12 MB", "1.4 GB": decimal, as image sizes are shown. */
export function sizeText(bytes: number): string {
  for (const [unit, name] of UNITS) {
    if (bytes >= unit) return `${bytes < 10 * unit ? (bytes / unit).toFixed(1) : Math.round(bytes / unit)} ${name}`;
  }
  return `${bytes} bytes`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
];
