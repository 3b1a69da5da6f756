import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openContext } from '../src/context/build-context.js';
import { createMemoryFs } from '../src/context/memory-fs.js';
import { parse } from '../src/dockerfile/parse.js';
import { analyse } from '../src/facts/analyse.js';
import { layersOf } from '../src/facts/layers.js';
import { type Edit, replay } from '../src/facts/replay.js';
import type { Facts } from '../src/facts/types.js';
import { createSource, locate } from '../src/model/source.js';
import { applied, type Case, cases } from './support/cache-generator.js';
import { BuildFails, build, contextFiles, KNOWN_IMAGE } from './support/cache-simulation.js';
import {
  type ArgLine,
  type CopyLine,
  type Line,
  type Model,
  print,
  type StageModel,
} from './support/dockerfile-model.js';

type Verdict = 'again' | 'perhaps' | 'cache';

function factsOf(model: Model): Facts {
  const files = Object.entries(contextFiles(model)).map(([path, text]) => [`/context/${path}`, text]);
  return analyse({
    document: parse(createSource('Dockerfile', print(model).text)),
    context: openContext(createMemoryFs(Object.fromEntries(files)), {
      root: '/context',
      displayRoot: '.',
      dockerfile: '/context/Dockerfile',
      certainty: 'given',
    }),
    options: { target: null, buildArgs: new Map(Object.entries(model.buildArgs)), now: new Date('2026-11-23') },
  });
}

/** What the map says of each step that the target needs, by line. */
function mapped({ before, edits, seen }: Case): Map<number, Verdict> {
  const { after, paths } = applied(before, edits);
  const model = seen === 'before' ? before : after;
  const facts = factsOf(model);
  const { globals, stages } = print(model);
  const instructionAt = (line: number | undefined) => {
    const all = [...facts.document.preamble, ...facts.stages.flatMap(({ stage }) => stage.instructions)];
    const found = all.find(({ span }) => locate(facts.document.source, span.start).line === line);
    if (!found) throw new Error(`nothing on line ${line}`);
    return found;
  };
  const given: Edit[] = edits.flatMap((edit): Edit[] => {
    if (edit.kind === 'argument') return [edit];
    if (edit.kind !== 'line') return [];
    const at = edit.stage === null ? null : stages[edit.stage];
    const line = at ? (edit.line === null ? at.from : at.lines[edit.line]) : globals[edit.line ?? 0];
    return [{ kind: 'line', instruction: instructionAt(line) }];
  });
  if (paths.length > 0) given.push({ kind: 'files', paths });
  const reruns = replay(given, facts);
  const layers = layersOf(facts).all.filter(({ stage }) => stage.role !== 'unreachable');
  return new Map(
    layers.map((layer) => [
      locate(facts.document.source, layer.instruction.span.start).line,
      reruns.get(layer)?.verdict ?? 'cache',
    ]),
  );
}

interface Truth {
  readonly verdict: Verdict;
  /** The map may say `perhaps`, since it is not told, or keeps no account of, what decides. */
  readonly vague: boolean;
  /** It may say `again` too: an ignore file that is edited along may leave out the files that are. */
  readonly unknown: boolean;
}

/** The same, found by building twice. */
function simulated({ before, edits, seen }: Case): Map<number, Truth> {
  const { after } = applied(before, edits);
  const built = build(before, 'worst');
  const ignores = edits.some(({ kind }) => kind === 'ignore');
  const moves = movesCopies(before, edits);
  const [inWorst, inBest] = (['worst', 'best'] as const).map((world) => {
    const old = new Set([...build(before, world).values()].map(({ key }) => key));
    return new Map([...build(after, world)].map(([line, { key }]) => [line, !old.has(key)]));
  });
  const steps = build(seen === 'before' ? before : after, 'worst');
  return new Map(
    [...steps].flatMap(([line, { borrows, covered, unsure }]) => {
      // A step that one of the two builds does not need says nothing.
      if (!inWorst?.has(line) || !built.has(line)) return [];
      const verdict: Verdict = inBest?.get(line) ? 'again' : inWorst.get(line) ? 'perhaps' : 'cache';
      return [
        [
          line,
          {
            verdict,
            vague: unsure || ignores || (borrows && moves) || (covered && verdict === 'cache'),
            unknown: ignores && seen === 'before',
          },
        ] as const,
      ];
    }),
  );
}

/**
 * Whether an edit is of the text of a COPY, or of what is expanded in one: the map does not know what became of it, so
 * that anything that takes files of its stage is `perhaps`.
 */
function movesCopies(before: Model, edits: Case['edits']): boolean {
  const lines = before.stages.flatMap((stage) => stage.lines);
  const expands = lines.some(
    (line) => ('to' in line || /WORKDIR|USER/.test(line.keyword)) && JSON.stringify(line).includes('$'),
  );
  return edits.some((edit) => {
    if (edit.kind === 'argument') return expands;
    if (edit.kind !== 'line') return false;
    const line = edit.stage === null || edit.line === null ? null : before.stages[edit.stage]?.lines[edit.line];
    if (!line) return expands;
    return 'to' in line || /WORKDIR|USER/.test(line.keyword) || (expands && /ARG|ENV/.test(line.keyword));
  });
}

function differing(said: ReadonlyMap<number, Verdict>, truth: ReadonlyMap<number, Truth>): readonly number[] {
  return [...truth.keys()].filter((line) => {
    const is = truth.get(line);
    if (!is || said.get(line) === is.verdict) return false;
    return !(is.vague && said.get(line) === 'perhaps') && !(is.unknown && said.get(line) === 'again');
  });
}

function show(one: Case, said: ReadonlyMap<number, Verdict>, truth: ReadonlyMap<number, Truth>): string {
  const { after } = applied(one.before, one.edits);
  const lines = print(one.before)
    .text.split('\n')
    .map((text, at) => {
      const is = truth.get(at + 1)?.verdict ?? '';
      const verdict = differing(said, truth).includes(at + 1) ? `   <<< said ${said.get(at + 1)}, is ${is}` : '';
      return `${String(at + 1).padStart(2)} ${is.padEnd(8)} ${text}${verdict}`;
    });
  const { buildArgs, ignore, files } = one.before;
  return `${lines.join('\n')}\n${JSON.stringify({ edits: one.edits, seen: one.seen, buildArgs, ignore, files: Object.keys(files) })}\n--- after\n${print(after).text}`;
}

interface Tally {
  steps: number;
  again: number;
  perhaps: number;
  vague: number;
}

function check(one: Case, tally: Tally): void {
  let truth: ReadonlyMap<number, Truth>;
  try {
    truth = simulated(one);
  } catch (error) {
    if (error instanceof BuildFails) fc.pre(false);
    throw error;
  }
  const said = mapped(one);
  for (const [line, { verdict }] of truth) {
    tally.steps++;
    if (verdict === 'again') tally.again++;
    if (verdict === 'perhaps') tally.perhaps++;
    if (said.get(line) !== verdict) tally.vague++;
  }
  if (differing(said, truth).length > 0) throw new Error(show(one, said, truth));
}

/** Cases that the map once had wrong, shrunk; each is a model and its edits, and what becomes of the steps by line. */
const EXAMPLES: Readonly<
  Record<string, Pick<Case, 'edits'> & Partial<Case> & Partial<Model> & { readonly is: string }>
> = {
  'an ARG after an ENV of the same name wins': {
    stages: [stage(env('Y', '1'), arg('Y', '2'), run())],
    edits: [{ kind: 'argument', name: 'Y' }],
    is: '2 cache, 5 again',
  },
  'an ARG without a value leaves what is there': {
    stages: [stage(env('Y', '$X'), arg('Y', null), run())],
    globals: [arg('X', '1')],
    edits: [{ kind: 'argument', name: 'Y' }],
    seen: 'after',
    is: '3 cache, 6 again',
  },
  'an ARG that is given does not follow its default': {
    globals: [arg('X', '1'), arg('Y', '$X')],
    stages: [{ from: 'base:$Y', lines: [run()] }],
    buildArgs: { Y: 'g' },
    edits: [{ kind: 'argument', name: 'X' }],
    is: '4 cache, 5 cache',
  },
  'a WORKDIR / that is edited is a step, upon which the rest stands': {
    stages: [stage({ keyword: 'WORKDIR', value: '/' }, { keyword: 'WORKDIR', value: '/srv' })],
    edits: [{ kind: 'line', stage: 0, line: 0 }],
    is: '2 cache, 4 again',
  },
  'a file goes through a pattern, and on from there': {
    stages: [
      stage(copy(null, ['.'], '/app/')),
      stage(copy(0, ['/app/*.txt'], '/out/')),
      stage(copy(1, ['/out'], '/srv/'), copy(1, ['/out/b.txt'], '/srv/')),
    ],
    files: { 'a.txt': '1', 'b.txt': '1' },
    edits: [{ kind: 'write', path: 'a.txt' }],
    is: '2 cache, 3 again, 4 cache, 5 again, 6 cache, 7 again, 8 again',
  },
  'a file is copied over by one that is the same': {
    stages: [
      stage(copy(null, ['.'], '/app/'), copy(null, ['conf'], '/app/')),
      stage(copy(0, ['/app/x.conf'], '/out/')),
      stage(copy(0, ['/app'], '/out/')),
      stage(copy(1, ['/out'], '/'), copy(2, ['/out'], '/')),
    ],
    files: { 'x.conf': '1', 'conf/x.conf': '2' },
    edits: [{ kind: 'write', path: 'x.conf' }],
    is: '2 cache, 3 again, 4 again, 5 cache, 6 cache, 7 cache, 8 cache, 9 cache, 10 cache, 11 cache',
  },
  'what a RUN leaves is not known': {
    stages: [stage(copy(null, ['.'], '/app/'), run()), stage(copy(0, ['/app/a.txt'], '/'), run())],
    edits: [{ kind: 'write', path: 'a.txt' }],
    is: '2 cache, 3 again, 4 again, 5 cache, 6 perhaps, 7 perhaps',
  },
  'a COPY --link with --chmod stands on what is below it': {
    stages: [stage(run(), { ...copy(null, ['a.txt'], '/'), link: true, chmod: '755' })],
    edits: [{ kind: 'line', stage: 0, line: 0 }],
    files: { 'a.txt': '1' },
    ignore: ['Dockerfile'],
    is: '2 cache, 3 again, 4 again',
  },
  'a COPY --link stands on nothing, what follows does': {
    stages: [stage(run(), { ...copy(null, ['a.txt'], '/'), link: true }, run())],
    edits: [{ kind: 'line', stage: 0, line: 0 }],
    files: { 'a.txt': '1' },
    ignore: ['Dockerfile'],
    is: '2 cache, 3 again, 4 cache, 5 again',
  },
};

function stage(...lines: readonly Line[]): StageModel {
  return { from: KNOWN_IMAGE, lines };
}

function arg(name: string, value: string | null): ArgLine {
  return { keyword: 'ARG', name, value };
}

function env(name: string, value: string): Line {
  return { keyword: 'ENV', name, value };
}

function run(): Line {
  return { keyword: 'RUN', form: 'shell', value: 'make', mounts: [] };
}

function copy(from: number | null, sources: readonly string[], to: string): CopyLine {
  return { keyword: 'COPY', from, sources, to, link: false, chmod: null, exclude: null, chown: null };
}

test.each(Object.entries(EXAMPLES))('%s', (_, { edits, seen = 'before', is, ...model }) => {
  const before: Model = {
    ...{ globals: [], stages: [], buildArgs: {}, files: { 'a.txt': '1' }, ignore: null, comment: 'end' },
    ...model,
  };
  const one: Case = { before, edits, seen };
  const listed = (lines: Iterable<readonly [number, Verdict]>) =>
    [...lines]
      .sort(([a], [b]) => a - b)
      .map((entry) => entry.join(' '))
      .join(', ');
  expect(listed([...simulated(one)].map(([line, { verdict }]) => [line, verdict] as const))).toBe(is);
  expect(listed(mapped(one))).toBe(is);
});

/** `SEED=7 RUNS=50000 npx vitest run test/cache-map.test.ts` looks further. */
const { SEED: seed = '1', RUNS: runs = '2500' } = process.env;

test('the cache map says what a simulation of the build does', () => {
  const tally: Tally = { steps: 0, again: 0, perhaps: 0, vague: 0 };
  fc.assert(
    fc.property(cases, (one) => check(one, tally)),
    { numRuns: Number(runs), seed: Number(seed), maxSkipsPerRun: 20 },
  );
  if (Number(runs) < 1000) return;
  // What the generator makes has to be worth looking at, and what is let pass to stay rare.
  expect(tally.again / tally.steps).toBeGreaterThan(0.2);
  expect(tally.perhaps / tally.steps).toBeGreaterThan(0.01);
  expect(tally.vague / tally.steps).toBeLessThan(0.04);
}, 600_000);

/** A Dockerfile of so many stages, each with ten lines, that stand on one another and take from one another. */
function manyStages(count: number): Model {
  const stages = Array.from({ length: count }, (_, index): StageModel => {
    const lines: Line[] = [
      arg(`A${index}`, '1'),
      env(`E${index}`, `$A${index}`),
      run(),
      copy(null, ['.'], `/app${index}/`),
    ];
    if (index > 0) lines.push(copy(index - 1, [`/app${index - 1}`], `/from${index}/`));
    while (lines.length < 10) lines.push(lines.length % 2 === 0 ? run() : copy(null, ['src'], `/src${index}/`));
    return { from: index % 2 === 0 ? KNOWN_IMAGE : index - 1, lines };
  });
  const files = { 'a.txt': '1', 'src/main.js': '1' };
  return { globals: [], stages, buildArgs: {}, files, ignore: null, comment: 'end' };
}

test('twice as many stages take about twice as long', () => {
  const edits: readonly Edit[] = [
    { kind: 'argument', name: 'A0' },
    { kind: 'files', paths: ['src/main.js', 'a.txt'] },
  ];
  const [small, big] = [75, 300].map((count) => {
    const facts = factsOf(manyStages(count));
    const times = Array.from({ length: 7 }, () => {
      const start = performance.now();
      for (const edit of edits) replay([edit], facts);
      for (const { inputs } of layersOf(facts).all) expect(inputs.files.length).toBeLessThan(2);
      return performance.now() - start;
    });
    return Math.min(...times);
  });
  // Four times as many; what is quadratic would take sixteen times as long.
  expect((big ?? 0) / Math.max(small ?? 0, 1)).toBeLessThan(10);
});
