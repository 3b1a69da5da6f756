/**
 * Measures what the project promises: start-up, throughput, growth and memory, against `budgets.json`.
 *
 *     npm run build && npm run bench        (bundled, since a loader that compiles on the way slows what it measures)
 *
 * A benchmark, not a test: machines differ and are noisy, so that ratios within one run are what counts. Exits with 1
 * where a budget is exceeded. The corpus is read from `../shared/corpus`; without it a synthetic one takes its place.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DockerfileParser } from 'dockerfile-ast';
import budgets from './budgets.json' with { type: 'json' };

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
try {
  const corpus = readCorpus();
  const startupRatio = startup();
  const throughputRatio = throughput(corpus.texts);
  const [long, huge] = growth();
  const results = {
    startup: startupRatio,
    throughput: throughputRatio,
    growth: long,
    growthHuge: huge,
    memory: peakMemory(corpus.path),
  };
  let failed = false;
  for (const [name, value] of Object.entries(results)) {
    const { unit, limit } = budgets[name as keyof typeof budgets];
    const over = value > limit;
    failed ||= over;
    console.log(`${name.padEnd(11)} ${value.toFixed(2).padStart(7)} ${unit} (limit ${limit})${over ? '  OVER' : ''}`);
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

function peakMemory(corpus: string): number {
  const probe = join(directory, 'probe.cjs');
  writeFileSync(
    probe,
    "process.on('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS / 1024}`));\n",
  );
  const args = ['-r', probe, bin, '--no-config', '--format', 'compact', corpus];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const peak = /peak ([\d.]+)$/.exec(run.stderr)?.[1];
  if (peak === undefined) throw new Error(`the run over the corpus did not end well: ${run.stderr.slice(-500)}`);
  return Number(peak);
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
