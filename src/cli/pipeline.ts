import type { LintedTarget, PendingTarget } from '../engine/lint-target.js';
import type { Runner } from '../shellcheck/runner.js';

/**
 * Lets ShellCheck look at the scripts of many files at once, while the rules of the next files run: a process for each
 * file would cost more than all the rest.
 */
export interface Pipeline {
  /** Takes a file whose rules have run; `done` is called with what is left to say of it, at once or later. */
  add(pending: PendingTarget, done: (finish: () => LintedTarget) => void): Promise<void>;
  /** Finishes one file before all others. */
  now(pending: PendingTarget): Promise<LintedTarget>;
  /** Waits for all that were added. */
  end(): Promise<void>;
}

/** Scripts that are given to ShellCheck together. */
const BATCH = 240;

interface Waiting {
  readonly pending: PendingTarget;
  done(finish: () => LintedTarget): void;
}

export function createPipeline(runner: Runner | null): Pipeline {
  let batch: Waiting[] = [];
  let scripts = 0;
  let running: Promise<void> | null = null;

  return {
    async add(pending, done) {
      if (!runner || pending.scripts.length === 0) {
        done(() => pending.finish(runner ? () => null : null));
        return;
      }
      batch.push({ pending, done });
      scripts += pending.scripts.length;
      if (scripts >= BATCH) await flush(runner);
      // The engine's answers are read between two files.
      else if (running) await new Promise(setImmediate);
    },
    async now(pending) {
      return pending.finish(runner ? await runner.check(pending.scripts) : null);
    },
    async end() {
      if (runner && batch.length > 0) await flush(runner);
      await running;
    },
  };

  /** Starts a batch once the one before it is through. */
  async function flush(by: Runner): Promise<void> {
    const taken = batch;
    batch = [];
    scripts = 0;
    await running;
    running = by.check(taken.flatMap(({ pending }) => pending.scripts)).then((remarksOf) => {
      for (const { pending, done } of taken) done(() => pending.finish(remarksOf));
    });
  }
}
