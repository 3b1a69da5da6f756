import { type Cache, readCache } from './cache.js';
import type { CheckedScript, Engine, Remark, RemarksOf } from './types.js';

/** Which engine is wanted: `auto` takes the program of the machine, else the npm package. */
export type ShellcheckMode = 'auto' | 'native' | 'wasm';

export interface RunnerInput {
  readonly mode: ShellcheckMode;
  /** Null where that engine is not there. Asked when there is a script to be checked, not before. */
  open(kind: 'native' | 'wasm'): Promise<Engine | null>;
  /** The text that was kept for an engine of that kind; null: there is none, or none is wanted. */
  readCache(kind: 'native' | 'wasm'): string | null;
}

/** Checks scripts, each text once in a run. */
export interface Runner {
  /** Checks those that are not known yet; never rejects. */
  check(scripts: readonly CheckedScript[]): Promise<RemarksOf>;
  /** False once it is known that no engine of the mode is there. */
  readonly isAvailable: boolean;
  /** What a person should know of the engine, each once. */
  notes(): readonly string[];
  /** Texts to be kept for the next run; empty where nothing is new. */
  caches(): readonly { readonly kind: 'native' | 'wasm'; readonly text: string }[];
  close(): void;
}

/** In UTF-16 code units. ShellCheck's time grows with the square of a script: it would never be done. */
const LARGEST = 60_000;

interface Opened {
  readonly kind: 'native' | 'wasm';
  readonly engine: Engine;
  readonly cache: Cache;
}

export function createRunner({ mode, open, readCache: keptFor }: RunnerInput): Runner {
  const known = new Map<string, readonly Remark[]>();
  const opened = new Map<'native' | 'wasm', Promise<Opened | null>>();
  const inUse: Opened[] = [];
  const notes = new Set<string>();
  let isAvailable = true;
  let unchecked = 0;
  let reason = '';

  return {
    async check(scripts) {
      let texts = [...new Set(scripts.map(({ text }) => text))].filter((text) => !known.has(text));
      let isAny = texts.length === 0;
      const long = texts.filter((text) => text.length > LARGEST);
      if (long.length > 0) {
        texts = texts.filter((text) => text.length <= LARGEST);
        unchecked += long.length;
        reason = `it has more than ${LARGEST} characters`;
        isAny ||= texts.length === 0;
      }
      for (const kind of mode === 'auto' ? (['native', 'wasm'] as const) : [mode]) {
        if (texts.length === 0) break;
        const engine = await engineOf(kind);
        if (!engine) continue;
        isAny = true;
        const left = await ask(engine, texts);
        if (kind === 'native' && mode === 'auto' && left.length > 0)
          notes.add(`the program shellcheck failed: ${reason}`);
        texts = left;
      }
      if (isAny) unchecked += texts.length;
      else isAvailable = false;
      return (text) => known.get(text) ?? null;
    },
    get isAvailable() {
      return isAvailable;
    },
    notes() {
      if (unchecked === 0) return [...notes];
      const scripts = unchecked === 1 ? '1 script' : `${unchecked} scripts`;
      return [...notes, `ShellCheck could not check ${scripts}: ${reason}`];
    },
    caches: () =>
      inUse.flatMap(({ kind, cache }) => {
        const text = cache.text();
        return text === null ? [] : [{ kind, text }];
      }),
    close() {
      for (const { engine } of inUse) engine.close();
    },
  };

  function engineOf(kind: 'native' | 'wasm'): Promise<Opened | null> {
    const found = opened.get(kind) ?? start(kind);
    opened.set(kind, found);
    return found;
  }

  async function start(kind: 'native' | 'wasm'): Promise<Opened | null> {
    const engine = await open(kind);
    if (!engine) return null;
    const found = { kind, engine, cache: readCache(keptFor(kind), engine.id) };
    inUse.push(found);
    return found;
  }

  /** Returns the texts of which the engine could say nothing. */
  async function ask({ engine, cache }: Opened, texts: readonly string[]): Promise<string[]> {
    const asked: string[] = [];
    for (const text of texts) {
      const remarks = cache.get(text);
      if (remarks) known.set(text, remarks);
      else asked.push(text);
    }
    if (asked.length === 0) return [];
    const left: string[] = [];
    const answers = await engine.check(asked);
    for (const [index, text] of asked.entries()) {
      const answer = answers[index];
      if (answer?.ok) {
        known.set(text, answer.remarks);
        cache.set(text, answer.remarks);
      } else {
        if (answer) reason = answer.reason;
        if (answer?.isFinal) unchecked++;
        else left.push(text);
      }
    }
    return left;
  }
}
