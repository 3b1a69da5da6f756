/** A worker thread: takes scripts one after the other, and gives each to a fresh instance of ShellCheck. */
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerAnswer, WorkerSetup } from './wasm.js';
import { type WasmImports, webAssembly } from './web-assembly.js';

/** The parts of `@bjorn3/browser_wasi_shim` that are used. */
interface Shim {
  readonly WASI: new (
    args: readonly string[],
    env: readonly string[],
    files: readonly unknown[],
  ) => {
    readonly wasiImport: WasmImports;
    initialize(instance: { readonly exports: { readonly memory: unknown } }): void;
  };
  readonly File: new (content: readonly number[]) => unknown;
  readonly OpenFile: new (file: unknown) => unknown;
  readonly ConsoleStdout: { lineBuffered(write: (line: string) => void): unknown };
}

type Glue = (exports: object) => WasmImports;

const setup = workerData as WorkerSetup;
const loaded = Promise.all([
  import(setup.wasi) as Promise<Shim>,
  import(setup.glue) as Promise<{ readonly default: Glue }>,
]);

parentPort?.on('message', (script: string) => {
  check(script).then(
    (json) => send({ ok: true, json }),
    (error: unknown) => send({ ok: false, reason: error instanceof Error ? error.message : String(error) }),
  );
});

function send(answer: WorkerAnswer): void {
  parentPort?.postMessage(answer);
}

async function check(script: string): Promise<string> {
  const [{ WASI, File, OpenFile, ConsoleStdout }, { default: glue }] = await loaded;
  const silent = () => ConsoleStdout.lineBuffered(() => {});
  const wasi = new WASI([], [], [new OpenFile(new File([])), silent(), silent()]);
  const exports: Record<string, unknown> = {};
  const instance = await webAssembly.instantiate(setup.module, {
    ghc_wasm_jsffi: glue(exports),
    wasi_snapshot_preview1: wasi.wasiImport,
  });
  Object.assign(exports, instance.exports);
  wasi.initialize({ exports: { memory: instance.exports.memory } });
  const { hs_init: start, lintWithOptions: lint } = instance.exports;
  if (typeof start !== 'function' || typeof lint !== 'function') throw new Error('the module is not what it was');
  start(0, 0);
  return String(await lint(script, '{}'));
}
