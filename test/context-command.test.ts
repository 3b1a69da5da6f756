import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ContextReport } from '../src/cli/context/report.js';
import { size } from '../src/cli/context/units.js';
import { type CliSetup, plimsoll } from './support/cli.js';
import { fencesOf } from './support/docs-page.js';

const FILES = {
  'app/Dockerfile': `FROM node:24 AS build
WORKDIR /app
COPY package.json yarn.lock ./
COPY --exclude=*.map src ./src
RUN --mount=type=bind,source=tools,target=/tools ls
FROM node:24 AS lint
COPY docs /docs
FROM node:24
ADD https://example.com/x.tgz assets/ /srv/
COPY dist /dist
COPY --from=build /app /app
COPY $UNKNOWN /x
`,
  'app/.dockerignore': '# what\nnode_modules\n**/*.log\n!src/keep.log\ndist\ncoverage\n',
  'app/package.json': '{}',
  'app/yarn.lock': 'x'.repeat(1234),
  'app/src/index.js': 'x'.repeat(50),
  'app/src/index.js.map': 'x'.repeat(100),
  'app/src/keep.log': 'x',
  'app/src/a.log': 'x',
  'app/tools/t.sh': 'x'.repeat(7),
  'app/docs/a.md': 'x'.repeat(30),
  'app/docs/b/c.md': 'x'.repeat(30),
  'app/assets/logo.svg': 'x'.repeat(2_500_000),
  'app/dist/out.js': 'x',
  'app/node_modules/a/index.js': 'x',
  'app/node_modules/b.log': 'x',
};

async function report(argv: readonly string[], setup: CliSetup): Promise<ContextReport> {
  const { code, out, err } = await plimsoll(['context', '--json', ...argv], setup);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

describe('plimsoll context --json', () => {
  it('says where the context is and what would be sent', async () => {
    const found = await report(['app'], { files: FILES });
    expect(found).toMatchObject({
      version: 1,
      tool: { name: 'plimsoll' },
      dockerfile: 'app/Dockerfile',
      context: { path: 'app', certainty: 'known', reason: 'sources' },
      ignoreFile: { path: 'app/.dockerignore', kind: 'dockerignore', patterns: 5, problems: [] },
      unreadIgnoreFiles: [],
      notIgnored: { files: 11 },
      unreadable: [],
    });
    // The files of COPY in built stages, of the bind mount, and what --exclude only keeps out of the image.
    expect(found.sent).toEqual({ files: 7, bytes: 2 + 1234 + 50 + 100 + 1 + 7 + 2_500_000, known: false });
    expect(found.largest[0]).toEqual({ path: 'assets/logo.svg', bytes: 2_500_000 });
  });

  it('says what each COPY, ADD and bind mount brings', async () => {
    const { copies } = await report(['app'], { files: FILES });
    expect(
      copies.map((copy) => [copy.instruction, copy.line, copy.stage, copy.built, copy.files, copy.destination]),
    ).toEqual([
      ['COPY', 3, 'build', true, 2, '/app'],
      ['COPY', 4, 'build', true, 2, '/app/src'],
      ['RUN', 5, 'build', true, 1, '/tools'],
      ['COPY', 7, 'lint', false, 2, '/docs'],
      ['ADD', 9, '2', true, 1, '/srv'],
      ['COPY', 10, '2', true, 0, '/dist'],
      ['COPY', 12, '2', true, 0, '/x'],
    ]);
    expect(copies.flatMap(({ sources }) => sources).map(({ source, status }) => [source, status])).toEqual([
      ['package.json', 'ok'],
      ['yarn.lock', 'ok'],
      ['src', 'ok'],
      ['tools', 'ok'],
      ['docs', 'ok'],
      ['assets/', 'ok'],
      ['dist', 'ignored'],
      ['$UNKNOWN', 'unknown'],
    ]);
    expect(copies[5]?.sources[0]?.ignoredBy).toEqual({ path: 'dist', line: 5, pattern: 'dist' });
  });

  it('says what each line of the ignore file does, and does not look into what it leaves out', async () => {
    const listed: string[] = [];
    const found = await report(['app'], {
      files: FILES,
      wrap: (fs) => ({
        ...fs,
        readDirectory: (path) => {
          listed.push(path);
          return fs.readDirectory(path);
        },
      }),
    });
    expect(found.ignored).toEqual([
      { line: 2, pattern: 'node_modules', lets: false, files: 0, directories: 1, paths: ['node_modules/'] },
      { line: 3, pattern: '**/*.log', lets: false, files: 1, directories: 0, paths: ['src/a.log'] },
      { line: 4, pattern: '!src/keep.log', lets: true, files: 1, directories: 0, paths: ['src/keep.log'] },
      { line: 5, pattern: 'dist', lets: false, files: 0, directories: 1, paths: ['dist/'] },
    ]);
    expect(found.idlePatterns).toEqual([{ line: 6, pattern: 'coverage' }]);
    expect(listed.filter((path) => /node_modules|dist/.test(path))).toEqual([]);
  });

  it('names what is neither ignored nor copied, directories as a whole', async () => {
    const { unused } = await report(['app'], { files: FILES });
    expect(unused.files).toBe(4);
    expect(unused.paths.find(({ path }) => path === 'docs/')).toEqual({ path: 'docs/', files: 2, bytes: 60 });
    const whole = await report(['app'], { files: { ...FILES, 'app/Dockerfile': 'FROM scratch\nCOPY . .\n' } });
    expect(whole.unused).toEqual({ files: 0, bytes: 0, paths: [] });
    expect(whole.sent.files).toBe(whole.notIgnored.files);
  });

  it('says which ignore file holds and which is not read', async () => {
    const files = {
      'a.Dockerfile': 'FROM scratch\nCOPY . .\n',
      'a.Dockerfile.dockerignore': 'x\n',
      '.dockerignore': 'y\n',
      '.containerignore': '# nothing\n',
    };
    const found = await report(['a.Dockerfile', '--context', '.'], { files });
    expect(found.ignoreFile).toMatchObject({ path: 'a.Dockerfile.dockerignore', kind: 'dockerfile-specific' });
    expect(found.unreadIgnoreFiles).toEqual(['.dockerignore']);
    expect(found.context.reason).toBe('given');
  });

  it('takes --target and --build-arg into account', async () => {
    const options = ['app', '--target', 'LINT', '--build-arg', 'UNKNOWN=src'];
    const found = await report(options, { files: FILES });
    expect(found.copies.filter(({ built }) => built).map(({ line }) => line)).toEqual([7]);
    expect(found.sent).toMatchObject({ files: 2, known: true });
  });
});

describe('docs/context.md', () => {
  it('shows every key', async () => {
    const [example = ''] = fencesOf(readFileSync('docs/context.md', 'utf8'))
      .filter(({ language }) => language === 'json')
      .map(({ content }) => content);
    const shown: unknown = JSON.parse(example);
    const real: unknown = await report(['app'], { files: FILES });
    expect([...keysOf(shown)].sort()).toEqual([...keysOf(real)].sort());
  });
});

/** Paths of keys, those of all elements of an array together. */
function keysOf(value: unknown, prefix = '', keys = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const one of value) keysOf(one, `${prefix}[]`, keys);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      keys.add(`${prefix}.${key}`);
      keysOf(member, `${prefix}.${key}`, keys);
    }
  }
  return keys;
}

describe('plimsoll context', () => {
  it('fits 80 columns, and 60', async () => {
    for (const terminal of [80, 60]) {
      const { code, out, err } = await plimsoll(['context', 'app', '--no-color'], { files: FILES, terminal });
      expect([code, err]).toEqual([0, '']);
      for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(terminal);
    }
    const piped = await plimsoll(['context', 'app'], { files: FILES });
    expect(piped.out).toMatchInlineSnapshot(`
      "Dockerfile   app/Dockerfile
      Context      app (what COPY names is there)
      Ignore file  app/.dockerignore (5 patterns)
      Sent         at least 7 files, 2.5 MB: what BuildKit asks for; the classic
                   builder is sent all that is not ignored, 11 files, 2.5 MB

      Copied from the context
        files      size  line
            2    1.2 kB     3  package.json, yarn.lock -> /app
            2      51 B     4  src -> /app/src
            1       7 B     5  bind mount of tools -> /tools
            2      60 B     7  docs -> /docs (stage lint is not built)
            1    2.5 MB     9  ADD assets/ -> /srv
            0       0 B    10  dist -> /dist
                               dist is ignored: line 5 of app/.dockerignore (dist)
            0       0 B    12  $UNKNOWN -> /x
                               what $UNKNOWN brings cannot be told

      Largest files sent
         2.5 MB  assets/logo.svg
         1.2 kB  yarn.lock
          100 B  src/index.js.map
           50 B  src/index.js
            7 B  tools/t.sh
            2 B  package.json
            1 B  src/keep.log

      Left out by app/.dockerignore
        line  pattern
           2  node_modules   node_modules/ (not entered)
           3  **/*.log       src/a.log
           4  !src/keep.log  lets in src/keep.log
           5  dist           dist/ (not entered)

      Lines of app/.dockerignore that leave nothing out now
           6  coverage

      Neither ignored nor copied: 4 files, 421 B
            1     304 B  Dockerfile
            2      60 B  docs/
            1      57 B  .dockerignore
      "
    `);
  });

  it('colours where it is asked to', async () => {
    expect((await plimsoll(['context', 'app', '--color'], { files: FILES })).out).toContain('\u001b[1m');
    expect((await plimsoll(['context', 'app'], { files: FILES })).out).not.toContain('\u001b');
  });

  it('shows names that would act on a terminal as they are spelt', async () => {
    const files = {
      Dockerfile: 'FROM scratch\nCOPY . .\n',
      '.dockerignore': 'a\u001b31m\n',
      'a\u001b31m': '',
      'b\u202e\nc': 'x',
      '\ud800d': 'x',
    };
    const { out } = await plimsoll(['context'], { files });
    expect(out).toContain('b\\u{202e}␊c');
    expect(out).toContain('a␛31m');
    expect(out).toContain('\\u{d800}d');
    expect(out).not.toMatch(/[\u001b\u202e\ud800]/);
    const json = await plimsoll(['context', '--json'], { files });
    expect(json.out).not.toMatch(/[\u001b\u202e\ud800]/);
    expect(JSON.parse(json.out).largest).toContainEqual({ path: 'b\u202e\nc', bytes: 1 });
  });

  it('reads standard input where --context says what it is about', async () => {
    const files = { 'app/a': 'x' };
    const stdin = 'FROM scratch\nCOPY a /\n';
    const { code, out } = await plimsoll(['context', '-', '--context', 'app'], { files, stdin });
    expect([code, out.split('\n')[0]]).toEqual([0, 'Dockerfile   <stdin>']);
    const bare = await plimsoll(['context', '-'], { files, stdin });
    expect([bare.code, bare.out, bare.err]).toEqual([
      2,
      '',
      'plimsoll: standard input has no build context; name one with --context\n',
    ]);
  });
});

it('sizes read as docker build prints them', () => {
  expect([0, 999, 1000, 1234, 999_940, 999_960, 34_000_000, 5e9, 7e15].map(size)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '1.2 kB',
    '999.9 kB',
    '1.0 MB',
    '34.0 MB',
    '5.0 GB',
    '7000.0 TB',
  ]);
});
