/**
 * Bundles the command line and the library into dist/, with their packages, so that starting costs few files; writes a
 * code cache for the command line, the declarations, and the licences of the packages.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, type BuildResult, build, type Metafile, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = `${root}dist`;

/** What a plain run does not need is loaded when it is needed; each of these was measured. */
const lightStart: Plugin = {
  name: 'light-start',
  setup({ onResolve, onLoad }) {
    const namespace = 'light-start';
    // The width of help texts, which are ASCII: the package sets up an Intl.Segmenter when it is loaded, 30 ms of each run.
    onResolve({ filter: /^string-width$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /^string-width$/, namespace }, () => ({
      contents: 'export default (text) => text.replace(/\\x1b\\[[0-9;]*m/g, "").length;',
    }));
    // Most command lines are read without it.
    onResolve({ filter: /^yargs$/ }, ({ importer }) =>
      /[\\/]src[\\/]cli[\\/]/.test(importer) ? { path: 'yargs', namespace } : undefined,
    );
    onLoad({ filter: /^yargs$/, namespace }, () => ({
      contents: 'export default (...input) => require("./packages.cjs").yargs(...input);',
    }));
    // A differ of objects, for yargs' checks of its own arguments.
    onResolve({ filter: /^(?:node:)?assert$/ }, ({ importer }) =>
      /[\\/]node_modules[\\/]yargs[\\/]/.test(importer) ? { path: 'assert', namespace } : undefined,
    );
    onLoad({ filter: /^assert$/, namespace }, () => ({
      contents: `
        export function strictEqual(a, b, message) { if (!Object.is(a, b)) throw new Error(message); }
        export function notStrictEqual(a, b, message) { if (Object.is(a, b)) throw new Error(message); }`,
    }));
    // yargs looks for a version in every package.json above the working directory, and sets up the streams of the process
    // to see how wide its help may be; it is told both.
    onLoad({ filter: /[\\/]yargs[\\/]lib[\\/]platform-shims[\\/]esm\.mjs$/ }, ({ path }) => {
      let contents = readFileSync(path, 'utf8');
      for (const [found, instead] of [
        ['findUp: escalade', 'findUp: () => undefined'],
        ["typeof process.stdout.columns !== 'undefined' ? process.stdout.columns : null", 'null'],
      ] as const) {
        if (!contents.includes(found)) throw new Error(`yargs no longer has "${found}"`);
        contents = contents.replace(found, instead);
      }
      return { contents, loader: 'js' };
    });
    // Only a pnpm workspace or a compose file needs it.
    onResolve({ filter: /^yaml$/ }, ({ importer }) =>
      /[\\/]src[\\/]context[\\/]/.test(importer) ? { path: 'yaml', namespace } : undefined,
    );
    onLoad({ filter: /^yaml$/, namespace }, () => ({
      contents: 'export const parse = (...input) => require("./packages.cjs").yaml.parse(...input);',
    }));
    onResolve({ filter: /^yaml$/ }, ({ importer }) =>
      /[\\/]src[\\/]config[\\/]/.test(importer) ? { path: 'yaml-whole', namespace } : undefined,
    );
    onLoad({ filter: /^yaml-whole$/, namespace }, () => ({
      contents: 'module.exports = require("./packages.cjs").yaml;',
    }));
    // Their compiled code would be read in every run, though it is never called in most.
    onResolve({ filter: /^\.\/packages\.cjs$/ }, ({ path }) => ({ path, external: true }));
    // Two milliseconds for the key of a script that ShellCheck has seen, which most runs over one file do not have.
    onResolve({ filter: /^node:crypto$/ }, ({ path, importer }) =>
      /[\\/]src[\\/]shellcheck[\\/]/.test(importer) ? { path, namespace } : undefined,
    );
    onLoad({ filter: /^node:crypto$/, namespace }, () => ({
      contents: 'export const createHash = (...input) => require("node:crypto").createHash(...input);',
    }));
    // Functions that only a file with labels of a certain form needs.
    onResolve({ filter: /^(?:semver|spdx-expression-parse)(?:\/|$)/ }, ({ path, importer }) =>
      /[\\/]src[\\/]facts[\\/]/.test(importer) ? { path, namespace } : undefined,
    );
    onLoad({ filter: /^(?:semver|spdx-expression-parse)(?:\/|$)/, namespace }, ({ path }) => ({
      contents: `export default (...input) => require("${path}")(...input);`,
      resolveDir: root,
    }));
  },
};

const common: BuildOptions = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Some packages have an ES module beside a UMD file that bundlers cannot follow.
  mainFields: ['module', 'main'],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** What bin/load.js has for a value where it runs the text as a script, and what runs where the file is required. */
const wrapped = {
  start:
    '(run=>typeof module==="object"?run(exports,require,module,__filename,__dirname):run)((function(exports,require,module,__filename,__dirname){',
  end: '}))',
};

const metaUrl = 'const importMetaUrl=require("node:url").pathToFileURL(__filename).href;';

rmSync(dist, { recursive: true, force: true });
const esmBanner = 'import{createRequire as createRequireOfBundle}from"node:module";';
const results: BuildResult[] = [
  // CommonJS, since Node loads it faster, and since a code cache can be had for it.
  await build({
    ...common,
    entryPoints: { cli: 'src/cli/main.ts' },
    // Names are a third of the text, and what is not there need not be read in each run.
    minifyIdentifiers: true,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: `${wrapped.start}${metaUrl}` },
    footer: { js: wrapped.end },
    plugins: [lightStart],
  }),
  await build({
    ...common,
    stdin: {
      contents: `export { default as yargs } from 'yargs'; export * as yaml from 'yaml';`,
      resolveDir: root,
    },
    entryNames: 'packages',
    outExtension: { '.js': '.cjs' },
    minifyIdentifiers: true,
    format: 'cjs',
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: metaUrl },
    plugins: [lightStart],
  }),
  await build({
    ...common,
    entryPoints: { 'shellcheck-worker': 'src/shellcheck/wasm-worker.ts' },
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  }),
  await build({
    ...common,
    entryPoints: { index: 'src/index.ts' },
    format: 'esm',
    banner: { js: `${esmBanner}const require=createRequireOfBundle(import.meta.url);` },
  }),
];
writeFileSync(`${dist}/THIRD-PARTY.txt`, licences(results.flatMap(({ metafile }) => metafile ?? [])));
execFileSync(process.execPath, [`${root}scripts/code-cache.cjs`], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
declarations();

/** Notices of every package that has text in a bundle. */
function licences(metafiles: readonly Metafile[]): string {
  const packages = new Set<string>();
  for (const { inputs } of metafiles.flatMap(({ outputs }) => Object.values(outputs))) {
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
  const files = ['../src/index.ts'];
  writeFileSync(config, JSON.stringify({ extends: '../tsconfig.json', compilerOptions, include: [], files }));
  try {
    execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', config], { stdio: 'inherit' });
  } catch {
    // The compiler has said what is wrong.
    process.exitCode = 1;
  } finally {
    rmSync(config);
  }
}
