/** A compiled module: sent to worker threads as it is. */
export type WasmModule = { readonly wasmModule: never };
export type WasmImports = Readonly<Record<string, unknown>>;

/** Of the WebAssembly of JavaScript what is used here; TypeScript has its types only together with those of browsers. */
interface WasmApi {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  instantiate(
    module: WasmModule,
    imports: Readonly<Record<string, WasmImports>>,
  ): Promise<{ readonly exports: Readonly<Record<string, unknown>> }>;
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WasmApi }).WebAssembly;
