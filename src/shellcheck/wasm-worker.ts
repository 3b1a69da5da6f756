/** A worker thread: takes scripts one after the other, and gives each to ShellCheck as it is when it starts. */
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

/** An instance that is ready for a script, and its memory as it is then. */
interface Ready {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly begin: Uint8Array;
  lint(script: string, options: string): unknown;
  /** Lets what the run before has put off for later come to nothing. */
  forget(): void;
}

/** Of one instance, in bytes. What a script has made it grow by is not taken back, so that a new one follows. */
const MOST_MEMORY = 32 * 1024 * 1024;
let kept: Ready | null = null;

/**
 * An instance that is used again corrupts its heap after a few scripts. To write its memory back to what it was before the
 * first one is as good as a new instance, and costs a third less of all the time that a script takes.
 */
async function check(script: string): Promise<string> {
  const ready = kept ?? (await start());
  // Where it fails it is not used again.
  kept = null;
  const json = String(await ready.lint(script, '{}'));
  ready.forget();
  const { buffer } = ready.memory;
  if (buffer.byteLength <= MOST_MEMORY) {
    new Uint8Array(buffer).set(ready.begin);
    kept = ready;
  }
  return json;
}

async function start(): Promise<Ready> {
  const [{ WASI, File, OpenFile, ConsoleStdout }, { default: glue }] = await loaded;
  const silent = () => ConsoleStdout.lineBuffered(() => {});
  const wasi = new WASI([], [], [new OpenFile(new File([])), silent(), silent()]);
  const exports: Record<string, unknown> = {};
  let run = 0;
  const scheduleWork = () => {
    const by = run;
    setImmediate(() => {
      if (by === run && typeof exports.rts_schedulerLoop === 'function') exports.rts_schedulerLoop();
    });
  };
  const instance = await webAssembly.instantiate(setup.module, {
    ghc_wasm_jsffi: { ...glue(exports), scheduleWork },
    wasi_snapshot_preview1: wasi.wasiImport,
  });
  Object.assign(exports, instance.exports);
  const memory = instance.exports.memory as Ready['memory'];
  wasi.initialize({ exports: { memory } });
  const { hs_init: init, lintWithOptions: lint } = instance.exports;
  if (typeof init !== 'function' || typeof lint !== 'function') throw new Error('the module is not what it was');
  init(0, 0);
  return {
    memory,
    begin: new Uint8Array(memory.buffer).slice(),
    lint: (script, options) => lint(script, options),
    forget: () => {
      run++;
    },
  };
}
