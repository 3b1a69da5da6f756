import { visible } from '../reporters/visible.js';
import type { Io } from './io.js';

/** A line on standard error that says how far a long run is. */
export interface Progress {
  update(done: number, total: number, path: string): void;
  /** Wipes the line. */
  clear(): void;
}

/** Runs that are over sooner show nothing. */
const PATIENCE = 1000;
const INTERVAL = 100;

export function createProgress(io: Io): Progress {
  const begin = io.clock();
  let shown: number | null = null;
  return {
    update(done, total, path) {
      const now = io.clock();
      if (now - begin < PATIENCE || (shown !== null && now - shown < INTERVAL) || !io.stderr.isTty) return;
      shown = now;
      const room = Math.max(20, (io.stderr.columns ?? 80) - 1);
      const text = `plimsoll: ${done} of ${total} files: ${visible(path)}`;
      io.stderr.write(`\r\u001b[K${text.length > room ? text.slice(0, room) : text}`);
    },
    clear() {
      if (shown !== null) io.stderr.write('\r\u001b[K');
      shown = null;
    },
  };
}
