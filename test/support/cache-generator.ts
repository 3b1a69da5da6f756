// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a Dockerfile's variables look like this
import fc from 'fast-check';
import { contextFiles, KNOWN_IMAGE } from './cache-simulation.js';
import type { ArgLine, CopyLine, Line, Model, Mount, StageModel } from './dockerfile-model.js';

/** One thing that a person does between two builds. */
export type ModelEdit =
  /** The text of an instruction: of `stage` null, a global ARG; `line` null: the FROM. */
  | { readonly kind: 'line'; readonly stage: number | null; readonly line: number | null }
  | { readonly kind: 'argument'; readonly name: string }
  | { readonly kind: 'write' | 'remove'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'comment' }
  | { readonly kind: 'ignore'; readonly pattern: string };

const NAMES = ['X', 'Y', 'Z'] as const;
const PATHS = [
  ...['a.txt', 'b.txt', 'README.md', 'package.json', 'debug.log', 'src/main.js', 'src/app.log', 'src/lib/util.js'],
  ...['docs/guide.md', 'docs/keep.md', 'conf/x.conf', 'conf/y.conf', '.git/HEAD'],
] as const;
const PATTERNS = [
  ...['*.md', '!README.md', '**/*.log', '*.log', 'docs', '!docs/keep.md', 'src/lib', '.git', 'Dockerfile', '*', '!src'],
  ...['.dockerignore', '!a.txt', '**/*.conf', '!conf/x.conf'],
] as const;

const name = fc.constantFrom(...NAMES);
const variable = name.chain((one) => fc.constantFrom(`$${one}`, `\${${one}}`, `\${${one}:-d}`));
const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('1', '2', 'v') }, { weight: 2, arbitrary: variable });
const directory = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('/app', '/out', '/app/src', '/', '/srv') },
  { weight: 2, arbitrary: fc.constantFrom('sub', 'lib') },
  { weight: 1, arbitrary: variable.map((one) => `/opt/${one}`) },
  { weight: 1, arbitrary: variable.map((one) => `rel-${one}`) },
);
const destination = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('./', '.') },
  { weight: 3, arbitrary: directory.map((one) => `${one}/`) },
  { weight: 1, arbitrary: fc.constantFrom('/app/file', 'file') },
);
const contextSource = fc.constantFrom(
  ...[
    '.',
    '.',
    'src',
    'src/',
    'docs',
    'conf',
    'a.txt',
    'package.json',
    '*.txt',
    '*.md',
    'src/*.js',
    'conf/*',
    '/src',
    './b.txt',
  ],
);
const stageSource = fc.constantFrom(
  '/app',
  '/out',
  '/',
  '/app/src',
  '/app/src/main.js',
  '/app/a.txt',
  '/out/bin',
  '/app/*.txt',
  'app/lib',
);

const arg: fc.Arbitrary<ArgLine> = fc.record({
  keyword: fc.constant('ARG' as const),
  name,
  value: fc.option(value),
});

/** An earlier stage, or null. */
const earlier = (index: number, weight: number): fc.Arbitrary<number | null> =>
  index === 0 ? fc.constant(null) : fc.option(fc.nat(index - 1), { freq: weight });

const mountOf = (index: number): fc.Arbitrary<Mount> =>
  fc.oneof(
    fc.record({
      type: fc.constant('cache' as const),
      from: fc.constant(null),
      source: fc.constant(null),
      target: fc.constantFrom('/c', '/d'),
    }),
    fc.record({
      type: fc.constant('secret' as const),
      from: fc.constant(null),
      source: fc.constant(null),
      target: fc.constantFrom('/s', '/t'),
    }),
    earlier(index, 2).chain((from) =>
      fc.record({
        type: fc.constant('bind' as const),
        from: fc.constant(from),
        source: fc.option(
          from === null
            ? fc.constantFrom('package.json', 'src', '.', 'a.txt')
            : fc.constantFrom('/app', '/out', '/app/a.txt'),
        ),
        target: fc.constantFrom('/m', '/n'),
      }),
    ),
  );

const copyOf = (index: number): fc.Arbitrary<CopyLine> =>
  fc
    .tuple(earlier(index, 2), fc.constantFrom('COPY' as const, 'COPY' as const, 'ADD' as const))
    .chain(([from, keyword]) =>
      fc.record({
        keyword: fc.constant(from === null ? keyword : ('COPY' as const)),
        from: fc.constant(from),
        sources: fc.uniqueArray(from === null ? contextSource : stageSource, { minLength: 1, maxLength: 2 }),
        to: destination,
        link: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
        chmod: fc.option(fc.constant('755'), { freq: 8 }),
        exclude: fc.option(fc.constantFrom('**/*.md', '**/*.log', '**/main.js'), { freq: 6 }),
        chown: fc.option(fc.oneof(fc.constant('app'), variable), { freq: 6 }),
      }),
    )
    // Several sources go into a directory, and a file is given a name only where it is one.
    .map((copy) =>
      copy.to.endsWith('file') &&
      !(copy.sources.length === 1 && /^\.?\/?\w+\.(?:txt|json)$/.test(copy.sources[0] ?? ''))
        ? { ...copy, to: './' }
        : copy,
    )
    .map((copy) =>
      copy.exclude !== null && copy.sources.some((one) => /\.|\*/.test(one) && one !== '.')
        ? { ...copy, exclude: null }
        : copy,
    );

const lineOf = (index: number): fc.Arbitrary<Line> =>
  fc.oneof(
    { weight: 4, arbitrary: arg },
    { weight: 3, arbitrary: fc.record({ keyword: fc.constant('ENV' as const), name, value }) },
    {
      weight: 1,
      arbitrary: fc.record({ keyword: fc.constant('USER' as const), value: fc.oneof(fc.constant('app'), variable) }),
    },
    { weight: 3, arbitrary: fc.record({ keyword: fc.constant('WORKDIR' as const), value: directory }) },
    { weight: 1, arbitrary: fc.record({ keyword: fc.constant('SHELL' as const), value: fc.constantFrom('ec', 'xc') }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Line>(
        { keyword: 'LABEL', value: 'a=$X' },
        { keyword: 'CMD', value: 'x' },
        { keyword: 'ENTRYPOINT', value: '["x"]' },
        { keyword: 'EXPOSE', value: '80' },
        { keyword: 'STOPSIGNAL', value: 'SIGINT' },
        { keyword: 'VOLUME', value: '/v' },
      ),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        keyword: fc.constant('RUN' as const),
        form: fc.constantFrom('shell' as const, 'shell' as const, 'exec' as const, 'heredoc' as const),
        value: fc.constantFrom('make all', 'work $X'),
        mounts: fc.uniqueArray(mountOf(index), { maxLength: 2, selector: ({ target }) => target }),
      }),
    },
    { weight: 8, arbitrary: copyOf(index) },
    {
      weight: 1,
      arbitrary: fc.record({
        keyword: fc.constant('HEREDOC' as const),
        content: fc.oneof(fc.constant('text'), variable),
        to: fc.constantFrom('/app/in', 'in'),
      }),
    },
  );

const stageOf = (index: number): fc.Arbitrary<StageModel> =>
  fc.record({
    from: fc.oneof(
      { weight: 3, arbitrary: fc.constant<string | number>(KNOWN_IMAGE) },
      { weight: 1, arbitrary: variable.map((one) => `base:${one}`) },
      ...(index === 0 ? [] : [{ weight: 2, arbitrary: fc.nat(index - 1) }]),
    ),
    lines: fc.array(lineOf(index), { maxLength: 7, size: 'max' }),
  });

const files = fc
  .array(fc.boolean(), { minLength: PATHS.length, maxLength: PATHS.length })
  // Most are there, or most sources would be missing.
  .chain((gone) =>
    fc
      .array(fc.nat(9), { minLength: PATHS.length, maxLength: PATHS.length })
      .map((rare) => PATHS.filter((_, at) => !(gone[at] && (rare[at] ?? 9) < 3))),
  )
  .map((there) => Object.fromEntries(there.map((path) => [path, `1 ${path}`])));

const models: fc.Arbitrary<Model> = fc.integer({ min: 1, max: 4 }).chain((count) =>
  fc.record({
    globals: fc.array(arg, { maxLength: 2 }),
    stages: fc.tuple(...Array.from({ length: count }, (_, index) => stageOf(index))),
    buildArgs: fc.dictionary(name, fc.constantFrom('g', 'h'), { maxKeys: 2 }),
    files,
    ignore: fc.option(fc.array(fc.constantFrom(...PATTERNS), { maxLength: 4 })),
    comment: fc.constant('end'),
  }),
);

function editsOf(model: Model): fc.Arbitrary<readonly ModelEdit[]> {
  const there = Object.keys(model.files);
  const lines = [
    ...model.globals.map((_, line) => ({ stage: null, line })),
    // A FROM of another tag; that another stage is built on is another Dockerfile rather than an edit.
    ...model.stages.flatMap(({ from, lines }, stage) =>
      [...(typeof from === 'string' ? [null] : []), ...lines.keys()].map((line) => ({ stage, line })),
    ),
  ];
  const path = fc.constantFrom(...PATHS);
  const one = fc.oneof<fc.MaybeWeightedArbitrary<ModelEdit>[]>(
    ...(lines.length === 0
      ? []
      : [{ weight: 6, arbitrary: fc.constantFrom(...lines).map((at): ModelEdit => ({ kind: 'line', ...at })) }]),
    { weight: 3, arbitrary: name.map((named) => ({ kind: 'argument' as const, name: named })) },
    { weight: 6, arbitrary: path.map((to) => ({ kind: 'write' as const, path: to })) },
    ...(there.length === 0
      ? []
      : [
          { weight: 1, arbitrary: fc.constantFrom(...there).map((gone) => ({ kind: 'remove' as const, path: gone })) },
          {
            weight: 1,
            arbitrary: fc
              .tuple(fc.constantFrom(...there), path)
              .map(([from, to]) => ({ kind: 'rename' as const, path: from, to })),
          },
        ]),
    { weight: 1, arbitrary: fc.constant({ kind: 'comment' as const }) },
    { weight: 1, arbitrary: fc.constantFrom(...PATTERNS).map((pattern) => ({ kind: 'ignore' as const, pattern })) },
  );
  return fc.oneof(
    { weight: 3, arbitrary: one.map((edit) => [edit]) },
    { weight: 1, arbitrary: fc.array(one, { minLength: 2, maxLength: 3 }) },
  );
}

export interface Case {
  readonly before: Model;
  readonly edits: readonly ModelEdit[];
  /** Which of the two states the map is asked about; the plan of a table sees the one before, `--since` the one after. */
  readonly seen: 'before' | 'after';
}

export const cases: fc.Arbitrary<Case> = models.chain((before) =>
  fc.record({
    before: fc.constant(before),
    edits: editsOf(before),
    seen: fc.constantFrom('before' as const, 'after' as const),
  }),
);

/** The state after the edits, and the files of the context that differ, the Dockerfile and the ignore file among them. */
export function applied(before: Model, edits: readonly ModelEdit[]): { after: Model; paths: readonly string[] } {
  let after = before;
  edits.forEach((edit, index) => {
    after = withEdit(after, edit, `n${index}`);
  });
  const old = contextFiles(before);
  const now = contextFiles(after);
  const paths = new Set([...Object.keys(old), ...Object.keys(now)]);
  return { after, paths: [...paths].filter((path) => old[path] !== now[path]) };
}

function withEdit(model: Model, edit: ModelEdit, fresh: string): Model {
  switch (edit.kind) {
    case 'write':
      return { ...model, files: { ...model.files, [edit.path]: `${fresh} ${edit.path}` } };
    case 'remove':
    case 'rename': {
      const { [edit.path]: content, ...files } = model.files;
      if (content === undefined) return model;
      return { ...model, files: edit.kind === 'rename' ? { ...files, [edit.to]: content } : files };
    }
    case 'ignore':
      return { ...model, ignore: [...(model.ignore ?? []), edit.pattern] };
    case 'comment':
      return { ...model, comment: fresh };
    case 'argument':
      return { ...model, buildArgs: { ...model.buildArgs, [edit.name]: fresh } };
    case 'line':
      return withLine(model, edit, fresh);
  }
}

function withLine(model: Model, { stage, line }: Extract<ModelEdit, { kind: 'line' }>, fresh: string): Model {
  if (stage === null)
    return { ...model, globals: model.globals.map((one, at) => (at === line ? { ...one, value: fresh } : one)) };
  const stages = model.stages.map((one, at) => {
    if (at !== stage) return one;
    if (line === null) return { ...one, from: `base:${fresh}` };
    return { ...one, lines: one.lines.map((old, place) => (place === line ? changed(old, fresh) : old)) };
  });
  return { ...model, stages };
}

function changed(line: Line, fresh: string): Line {
  switch (line.keyword) {
    case 'COPY':
    case 'ADD':
      return { ...line, chown: fresh };
    case 'HEREDOC':
      return { ...line, content: fresh };
    case 'WORKDIR':
      return { ...line, value: `/${fresh}` };
    case 'LABEL':
      return { ...line, value: `a=${fresh}` };
    case 'EXPOSE':
      return { ...line, value: '81' };
    case 'STOPSIGNAL':
      return { ...line, value: 'SIGQUIT' };
    case 'ENTRYPOINT':
      return { ...line, value: `["${fresh}"]` };
    default:
      return { ...line, value: fresh };
  }
}
