import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

/** From bottom to top: a file may import from its own layer and from those before it. */
const LAYERS = [
  'model',
  'data',
  'dockerfile',
  'shell',
  'context',
  'facts',
  'shellcheck',
  'rules',
  'engine',
  'config',
  'registry',
  'cli',
] as const;

/** Reporters stand aside: they see the model and nothing else, and only the command line sees them. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(LAYERS.map((layer, index) => [layer, LAYERS.slice(0, index + 1)])),
  reporters: ['model', 'reporters'],
  cli: [...LAYERS, 'reporters'],
  registry: ['model', 'dockerfile', 'registry'],
  'index.ts': LAYERS.filter((layer) => layer !== 'cli' && layer !== 'registry'),
};

/** Who may touch the outer world, and who may know a package. */
const OWNERS: Readonly<Record<string, RegExp>> = {
  'node:fs': /^src\/(?:cli\/|config\/load|context\/node-fs\.ts|shellcheck\/(?:native|wasm)\.ts)/,
  'node:process': /^src\/(?:cli\/|shellcheck\/native\.ts)/,
  'node:child_process': /^src\/(?:shellcheck\/native|cli\/git)\.ts/,
  'node:worker_threads': /^src\/shellcheck\/wasm(?:-worker)?\.ts/,
  'node:http': /^$/,
  'node:https': /^$/,
  'node:net': /^$/,
  chalk: /^src\/cli\//,
  yargs: /^src\/cli\//,
  'dockerfile-ast': /^src\/dockerfile\//,
  unbash: /^src\/shell\//,
};

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((name) => `src/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.ts'));

interface Import {
  readonly from: string;
  readonly specifier: string;
}

const imports: readonly Import[] = files.flatMap((from) =>
  [...readFileSync(from, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => ({
    from,
    specifier: match[1] ?? '',
  })),
);

it('reads the sources', () => expect(imports.length).toBeGreaterThan(100));

it('arrows point one way', () => {
  const wrong = imports.filter(({ from, specifier }) => {
    if (!specifier.startsWith('.')) return false;
    const target = layerOf(normalize(join(dirname(from), specifier)).replaceAll('\\', '/'));
    return !(ALLOWED[layerOf(from)] ?? []).includes(target);
  });
  expect(wrong).toEqual([]);
});

it('packages and the outer world have one owner each', () => {
  const wrong = imports.filter(({ from, specifier }) => {
    const owner = OWNERS[specifier] ?? OWNERS[specifier.split('/')[0] ?? ''];
    return owner !== undefined && !owner.test(from);
  });
  expect(wrong).toEqual([]);
});

it('only the rim knows the process and the console', () => {
  const rim = /^src\/(?:cli\/|context\/node-fs\.ts|shellcheck\/native\.ts)/;
  const wrong = files.filter((file) => !rim.test(file) && /(?<![\w.'"`])(?:process|console)\.\w/.test(code(file)));
  expect(wrong).toEqual([]);
});

function layerOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** The text without comments and strings. */
function code(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*|(['"`])(?:\\.|(?!\1)[^\\])*\1/g, '');
}
