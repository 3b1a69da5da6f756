/**
 * Bundles the command line and the library into dist/, with their packages, so that starting costs few files; writes the
 * declarations and the licences of the packages beside them.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = `${root}dist`;
const hasLibrary = existsSync(`${root}src/index.ts`);

/**
 * yargs asks for the display width of help texts, which are ASCII; the package for that sets up an Intl.Segmenter when it
 * is loaded, 30 ms of each run. `assert` loads a differ of objects for three checks of arguments.
 */
const lightYargs: Plugin = {
  name: 'light-yargs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, () => ({ path: 'string-width', namespace: 'light-yargs' }));
    onResolve({ filter: /^(?:node:)?assert$/ }, ({ importer }) =>
      /[\\/]node_modules[\\/]yargs[\\/]/.test(importer) ? { path: 'assert', namespace: 'light-yargs' } : undefined,
    );
    onLoad({ filter: /^string-width$/, namespace: 'light-yargs' }, () => ({
      contents: 'export default (text) => text.replace(/\\x1b\\[[0-9;]*m/g, "").length;',
    }));
    onLoad({ filter: /^assert$/, namespace: 'light-yargs' }, () => ({
      contents: `
        export function strictEqual(a, b, message) { if (!Object.is(a, b)) throw new Error(message); }
        export function notStrictEqual(a, b, message) { if (Object.is(a, b)) throw new Error(message); }`,
    }));
  },
};

/** A package in CommonJS that asks for a module of Node's gets it from an import: there is no `require` in an ES module. */
const nodeBuiltins: Plugin = {
  name: 'node-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'require-call' && isBuiltin(path)
        ? { path: path.replace(/^node:/, ''), namespace: 'node-builtins' }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'node-builtins' }, ({ path }) => ({
      contents: `export * from 'node:${path}'; export { default } from 'node:${path}';`,
    }));
  },
};

rmSync(dist, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', ...(hasLibrary ? { index: 'src/index.ts' } : {}) },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  // Some packages have an ES module beside a UMD file that bundlers cannot follow.
  mainFields: ['module', 'main'],
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [lightYargs, nodeBuiltins],
});
writeFileSync(`${dist}/THIRD-PARTY.txt`, licences(metafile));
if (hasLibrary) declarations();

/** Notices of every package that has text in the bundle. */
function licences({ outputs }: Metafile): string {
  const packages = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const path of Object.keys(inputs)) {
      const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
      if (name !== undefined) packages.add(name);
    }
  }
  const notices = [...packages].sort().map((name) => {
    const directory = `${root}node_modules/${name}`;
    const manifest: { version: string; license?: string } = JSON.parse(
      readFileSync(`${directory}/package.json`, 'utf8'),
    );
    const file = readdirSync(directory).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry));
    const text = file ? readFileSync(`${directory}/${file}`, 'utf8').trim() : `Licence: ${manifest.license}`;
    return `${name} ${manifest.version}\n\n${text}\n`;
  });
  return `The files of this directory contain these packages.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function declarations(): void {
  const config = `${dist}/tsconfig.json`;
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: '../src',
    outDir: 'types',
    typeRoots: ['../node_modules/@types'],
  };
  writeFileSync(
    config,
    JSON.stringify({ extends: '../tsconfig.json', compilerOptions, include: [], files: ['../src/index.ts'] }),
  );
  try {
    execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', config], { stdio: 'inherit' });
  } finally {
    rmSync(config);
  }
}
