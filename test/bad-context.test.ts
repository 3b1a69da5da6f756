import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { MemoryEntry } from '../src/context/memory-fs.js';
import { type CliResult, type CliSetup, PACKAGE_ROOT, plimsoll } from './support/cli.js';

/**
 * Bad things in a build context, one a test. What is sure stays said: the finding of the neighbour, which has nothing to do
 * with what is bad.
 */
const NODE = `FROM node:24
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
CMD ["node", "a.js"]
CMD ["node", "server.js"]
`;
const NEIGHBOUR = 'app/Dockerfile:6:1: warning: ';
const MANIFEST = '{"name":"a","dependencies":{"express":"5.0.0"}}';
const LOCK = '{"name":"a","lockfileVersion":3,"packages":{"":{"name":"a","dependencies":{"express":"5.0.0"}}}}';
/** A project with nothing wrong in its context. */
const GOOD = {
  'app/Dockerfile': NODE,
  'app/.dockerignore': 'node_modules\n.git\n.env*\n',
  'app/package.json': MANIFEST,
  'app/package-lock.json': LOCK,
  'app/server.js': '',
  'app/a.js': '',
};
const LONGEST = 20_000;

type Files = Readonly<Record<string, MemoryEntry | null>>;

/** Lints and shows the project with some files changed; null takes one away. */
async function lint(bad: Files, argv: readonly string[] = ['app'], setup: CliSetup = {}): Promise<CliResult> {
  const merged = Object.entries({ ...GOOD, ...bad }).filter(([, entry]) => entry !== null);
  const files = Object.fromEntries(merged) as Record<string, MemoryEntry>;
  const start = performance.now();
  const result = await plimsoll(['-f', 'compact', '--preset', 'all', ...argv], { ...setup, files });
  expect(result.out).toContain(NEIGHBOUR);
  expect(result.err).toBe('');
  expectCalm(result);
  const shown = await plimsoll(['context', 'app', ...argv.slice(1)], { ...setup, files });
  expect([shown.code, shown.err]).toEqual([0, '']);
  expectCalm(shown);
  expect(performance.now() - start).toBeLessThan(LONGEST);
  return result;
}

function expectCalm({ out, err }: Pick<CliResult, 'out' | 'err'>): void {
  expect(`${out}${err}`).not.toMatch(/^\s+at .*:\d+/m);
  expect(`${out}${err}`).not.toMatch(/internal|undefined|NaN|\[object/i);
}

/** Ids of the rules with a finding. */
function rulesOf({ out }: CliResult): readonly string[] {
  return [...out.matchAll(/\[([a-z]+\/[a-z-]+)\]$/gm)].map((match) => match[1] ?? '');
}

const BASE = await lint({}).then(rulesOf);

/** Rules that say something that they do not say of the good project. */
async function added(bad: Files, argv?: readonly string[]): Promise<readonly string[]> {
  return rulesOf(await lint(bad, argv)).filter((rule) => !BASE.includes(rule));
}

describe('package.json', () => {
  test('that is not JSON is said once', async () => {
    expect(await added({ 'app/package.json': '{"name": oops' })).toEqual(['node/valid-manifest']);
  });

  test('that is empty, null or a list', async () => {
    for (const text of ['', 'null', '[]', '"text"', '7']) {
      expect((await added({ 'app/package.json': text })).filter((rule) => rule !== 'node/valid-manifest')).toEqual([]);
    }
  });

  test('of 50 MB is not read', async () => {
    const text = `{"name":"a","x":"${'x'.repeat(50_000_000)}"}`;
    expect(await added({ 'app/package.json': text })).toEqual([]);
  });

  test('with wrong types everywhere', async () => {
    const wrong = ['7', 'null', '[]', '{"a":7}', '[[]]', 'true', '{"a":{"b":[]}}', '""'];
    const keys = ['name', 'main', 'scripts', 'dependencies', 'devDependencies', 'optionalDependencies', 'engines'];
    const more = ['packageManager', 'workspaces', 'type', 'bin', 'peerDependencies', 'overrides'];
    for (const value of wrong) {
      const text = `{${[...keys, ...more].map((key) => `"${key}":${value}`).join(',')}}`;
      expectCalm(await lint({ 'app/package.json': text }));
    }
  });

  test('that nests 100,000 deep', async () => {
    const text = `{"name":"a","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expectCalm(await lint({ 'app/package.json': text }));
  });

  test('that is binary, UTF-16, a directory, unreadable', async () => {
    for (const entry of [new Uint8Array([0, 159, 146, 150]), new Uint8Array([255, 254, 123, 0, 125, 0])]) {
      expectCalm(await lint({ 'app/package.json': entry }));
    }
    expectCalm(await lint({ 'app/package.json': null, 'app/package.json/x': '' }));
    expect(await added({ 'app/package.json': { denied: true } })).toEqual([]);
  });

  test('with a name that a prototype has', async () => {
    const text = '{"name":"a","scripts":{"__proto__":"x","constructor":"y"},"dependencies":{"__proto__":"1"}}';
    expectCalm(await lint({ 'app/package.json': text }));
  });
});

describe('a lockfile', () => {
  test('of a version that nobody knows', async () => {
    for (const version of ['99', '"3"', '-1', 'null', '{}', '1e400']) {
      const text = LOCK.replace('"lockfileVersion":3', `"lockfileVersion":${version}`);
      expect(await added({ 'app/package-lock.json': text }), version).toEqual([]);
    }
  });

  test('of 60 MB', async () => {
    const text = LOCK.replace('"packages":{', `"x":"${'x'.repeat(60_000_000)}","packages":{`);
    expect(await added({ 'app/package-lock.json': text })).toEqual([]);
  });

  test('that is binary', async () => {
    expectCalm(await lint({ 'app/package-lock.json': new Uint8Array(5000).map((_, at) => at % 256) }));
  });

  test('that is a directory', async () => {
    expectCalm(await lint({ 'app/package-lock.json': null, 'app/package-lock.json/x': '' }));
  });

  test('of pnpm and of yarn that are no YAML', async () => {
    for (const name of ['pnpm-lock.yaml', 'yarn.lock', 'pnpm-workspace.yaml', '.yarnrc.yml', 'bun.lock']) {
      expectCalm(await lint({ [`app/${name}`]: '\t{[&a *b: !!x\n'.repeat(1000) }));
    }
  });
});

describe('links', () => {
  test('to itself, to one another, to a directory above', async () => {
    const bad = {
      'app/self': { link: 'self' },
      'app/one': { link: 'two' },
      'app/two': { link: 'one' },
      'app/up': { link: '..' },
      'app/sub/here': { link: '.' },
      'app/sub/parent': { link: '../sub' },
      'app/root': { link: '/' },
      'app/gone': { link: 'nowhere' },
    };
    expect(await added(bad)).toEqual([]);
  });

  test('that circle, where COPY names them', async () => {
    const links = { 'app/self': { link: 'self' }, 'app/one': { link: 'two' }, 'app/two': { link: 'one/x' } };
    const dockerfile = NODE.replace('COPY . .', 'COPY self one two/x two/*/y /z/');
    expect(await added({ ...links, 'app/Dockerfile': dockerfile })).toEqual([]);
  });

  test('for package.json and the ignore file, in a circle', async () => {
    const bad = { 'app/package.json': { link: 'package.json' }, 'app/.dockerignore': { link: '.dockerignore' } };
    expect(await added(bad)).toEqual([]);
  });
});

describe('what cannot be read', () => {
  test('a directory: it is shown, and nothing in it is called missing', async () => {
    const bad = {
      'app/private/': { denied: true },
      'app/Dockerfile': NODE.replace('COPY . .', 'COPY . .\nCOPY private/a private/*.js /x/'),
    } as const;
    const result = await plimsoll(['-f', 'compact', 'app/Dockerfile'], { files: { ...GOOD, ...bad } });
    expect(result.out).toContain('app/Dockerfile:7:1: warning: ');
    expect(result.out).not.toMatch(/private/);
    const { out, code } = await plimsoll(['context', 'app'], { files: { ...GOOD, ...bad } });
    expect(code).toBe(0);
    expect(out).toContain('\nUnreadable   private\n');
    expect(out).toContain('what private/a brings cannot be told');
  });

  test('the context itself', async () => {
    const files = { ...GOOD, 'ctx/': { denied: true } } as const;
    for (const argv of [['app'], ['context', 'app']]) {
      const { code, err, out } = await plimsoll([...argv, '--context', 'ctx'], { files });
      expect([code, err, out]).toEqual([2, 'plimsoll: --context: ctx: no directory that can be read\n', '']);
    }
  });
});

describe('a Dockerfile outside its context', () => {
  test('is linted with that context', async () => {
    const files = { ...GOOD, 'other/x': '' };
    const { out, code } = await plimsoll(['-f', 'json', 'app/Dockerfile', '--context', 'other'], { files });
    expect(code).toBe(1);
    const [file] = JSON.parse(out).files;
    expect(file.context).toBe('other');
    expect(file.findings.map(({ rule }: { rule: string }) => rule)).toContain('context/copy-source-missing');
    const shown = await plimsoll(['context', 'app', '--context', 'other'], { files });
    expect(shown.out).toContain('package.json is not there');
    expectCalm(shown);
  });

  test('above it, and below it', async () => {
    for (const [dockerfile, context] of [
      ['Dockerfile', 'app/deep'],
      ['app/deep/er/Dockerfile', 'app'],
    ] as const) {
      const files = { ...GOOD, [dockerfile]: NODE, 'app/deep/x': '' };
      const shown = await plimsoll(['context', dockerfile, '--context', context], { files });
      expect([shown.code, shown.err]).toEqual([0, '']);
      expect(shown.out).toContain(`Context      ${context} (given by --context)`);
    }
  });
});

describe('names', () => {
  const NAMES = [
    'a\nb',
    'c\u001b[31md',
    'e\u202ef',
    '\ufeffg',
    'h\'"`$(x)`',
    '-i',
    ' j ',
    'k\\l',
    '#m',
    '!n',
    '*o',
    '[p',
  ];

  test('with line feeds, escapes and signs of patterns', async () => {
    const files = Object.fromEntries(
      NAMES.flatMap((name) => [
        [`app/${name}`, 'x'],
        [`app/dir/${name}/x`, 'x'],
      ]),
    );
    const { out } = await lint(files);
    expect(out).not.toMatch(/[\u001b\u202e\ufeff]/);
    const shown = await plimsoll(['context', 'app'], { files: { ...GOOD, ...files } });
    expect(shown.out).not.toMatch(/[\u001b\u202e\ufeff]/);
  });

  test('of secrets, which a finding shows', async () => {
    const files = { 'app/x\n\u001b[2J/id_rsa': 'x', 'app/\u202e/.env': 'x', 'app/.dockerignore': '\n' };
    const { out } = await lint(files);
    expect(out).not.toMatch(/[\u001b\u202e]/);
    expect(
      out
        .trimEnd()
        .split('\n')
        .every((line) => /^app\/[^:]+:\d+:\d+: /.test(line)),
    ).toBe(true);
  });

  test('of 4,000 characters', async () => {
    const long = `${'d'.repeat(200)}/`.repeat(19) + 'f'.repeat(200);
    expect(await added({ [`app/${long}`]: 'x', [`app/${'g'.repeat(4000)}`]: 'x' })).toEqual([]);
  });

  test('of 4,000 characters in COPY and in the ignore file', async () => {
    const dockerfile = NODE.replace('COPY . .', `COPY ${'a/'.repeat(2000)}b ${'*/'.repeat(2000)}c /x/\nCOPY . .`);
    const files = { ...GOOD, 'app/Dockerfile': dockerfile, 'app/.dockerignore': `${'**/a/'.repeat(800)}b\n` };
    const result = await plimsoll(['-f', 'compact', 'app'], { files });
    expect(result.err).toBe('');
    expectCalm(result);
  });
});

describe('size and shape', () => {
  test('10,000 files in one directory', async () => {
    const files = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`app/many/f${at}.js`, '']));
    expect(await added(files)).toEqual([]);
  });

  test('directories 3,000 deep', async () => {
    expect(await added({ [`app/${'d/'.repeat(3000)}x`]: '' })).toEqual([]);
  });

  test('directories without end', async () => {
    const wrap: CliSetup['wrap'] = (fs) => ({
      ...fs,
      readDirectory: (path) =>
        path.includes('/app/endless')
          ? { ok: true, value: path.length > 20_000 ? [] : [{ name: 'endless', kind: 'directory' as const }] }
          : fs.readDirectory(path),
    });
    await lint({ 'app/endless/x': '' }, ['app/Dockerfile'], { wrap });
  });
});

describe('the ignore file', () => {
  const UNREAD = ['context/ignore-missing', 'context/ignore-secrets', 'context/copy-ignored'];

  test('that is a directory: nothing is said of what would be sent', async () => {
    const bad = { 'app/.dockerignore': null, 'app/.dockerignore/x': '', 'app/.env': 'A=1', 'app/node_modules/a/x': '' };
    expect((await added(bad)).filter((rule) => UNREAD.includes(rule))).toEqual([]);
    const files = { Dockerfile: 'FROM scratch\nCOPY . .\n', '.dockerignore/x': '' };
    expect((await plimsoll(['context'], { files })).out).toContain('Ignore file  .dockerignore: not a regular file\n');
  });

  test('that is a link to one, to a directory, to nothing, and out of the context', async () => {
    const env = { 'app/.env': 'A=1' };
    for (const link of ['ignored', 'dir', 'gone', '../outside', '.dockerignore']) {
      const bad = {
        ...env,
        'app/.dockerignore': { link },
        'app/ignored': '.env*\n',
        'app/dir/x': '',
        outside: '.env*\n',
      };
      const found = (await added(bad)).filter((rule) => UNREAD.includes(rule));
      // What leads to nothing is as good as none.
      if (link !== 'gone') expect(found, link).toEqual([]);
    }
  });

  test('without permission', async () => {
    const bad = { 'app/.dockerignore': { denied: true }, 'app/.env': 'A=1', 'app/node_modules/a/x': '' } as const;
    expect((await added(bad)).filter((rule) => UNREAD.includes(rule))).toEqual([]);
  });

  test('of 5 MB, and of more than is read', async () => {
    const line = `${'x'.repeat(99)}\n`;
    expect(await added({ 'app/.dockerignore': `.env*\nnode_modules\n${line.repeat(49_990)}` })).toEqual([]);
    const found = await added({ 'app/.dockerignore': `.env*\n${line.repeat(60_000)}`, 'app/.env': 'A=1' });
    expect(found.filter((rule) => UNREAD.includes(rule))).toEqual([]);
  });

  test('that is binary', async () => {
    const bytes = new Uint8Array(100_000).map((_, at) => (at * 7919) % 256);
    expectCalm(await lint({ 'app/.dockerignore': bytes }));
  });

  test('of 100,000 patterns', async () => {
    const kinds = ['a%/b', '**/c%', 'd%/**', '*.e%', '!f%/g', '**/h%*', '[i]%', '!**/j%/*k'];
    const text = Array.from({ length: 100_000 }, (_, at) => kinds[at % kinds.length]?.replace('%', String(at))).join(
      '\n',
    );
    const files = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`app/s${at % 50}/f${at}.js`, '']));
    expectCalm(await lint({ ...files, 'app/.dockerignore': `node_modules\n.env*\n${text}\n` }));
  });

  test('whose patterns an engine of regular expressions chokes on', async () => {
    const patterns = `${'*a'.repeat(30)}b\n${'**/a/'.repeat(20)}b\n${'[a-z]*'.repeat(30)}9\nnode_modules\n.env*\n`;
    const bad = { 'app/.dockerignore': patterns, [`app/${'a'.repeat(200)}`]: '', [`app/${'a/'.repeat(100)}x`]: '' };
    expectCalm(await lint(bad));
  });
});

const isBuilt = existsSync('dist/cli.cjs');
const isUnix = process.platform !== 'win32';

describe.skipIf(!isBuilt || !isUnix)('on a real disk', () => {
  let root = '';
  // Not by Node, which knows no path that is longer than the system takes.
  afterEach(() => void spawnSync('rm', ['-rf', root]));

  function project(): string {
    root = mkdtempSync(join(tmpdir(), 'plimsoll-context-'));
    for (const [path, text] of Object.entries(GOOD)) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return join(root, 'app');
  }

  function run(): void {
    for (const argv of [
      ['-f', 'compact', 'app/Dockerfile'],
      ['context', 'app'],
      ['context', '--json', 'app'],
    ]) {
      const bin = join(PACKAGE_ROOT, 'bin/plimsoll.js');
      const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...argv], {
        cwd: root,
        encoding: 'utf8',
        timeout: LONGEST,
      });
      expect([status, stderr]).toEqual([argv[0] === 'context' ? 0 : 1, '']);
      expectCalm({ out: stdout, err: stderr });
    }
  }

  test('a pipe is not waited for', () => {
    const app = project();
    for (const name of ['pipe', '.npmrc', 'yarn.lock', '.containerignore', 'compose.yaml']) {
      expect(spawnSync('mkfifo', [join(app, name)]).status).toBe(0);
    }
    run();
  });

  test('a pipe for an ignore file', () => {
    const app = project();
    rmSync(join(app, '.dockerignore'));
    expect(spawnSync('mkfifo', [join(app, '.dockerignore')]).status).toBe(0);
    run();
  });

  test('a socket', async () => {
    const app = project();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(app, 's.sock'), resolve));
    run();
    await new Promise((resolve) => server.close(resolve));
  });

  test('names that are not UTF-8', () => {
    const app = project();
    const name = Buffer.concat([Buffer.from(`${app}/x`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(name, 'x');
    mkdirSync(Buffer.concat([Buffer.from(`${app}/d`), Buffer.from([0xc3, 0x28])]));
    run();
  });

  test('links in a circle', () => {
    const app = project();
    symlinkSync('self', join(app, 'self'));
    symlinkSync('..', join(app, 'up'));
    symlinkSync('.', join(app, 'here'));
    symlinkSync('/proc', join(app, 'proc'));
    run();
  });

  test.skipIf(process.getuid?.() === 0)('a directory without permission', () => {
    const app = project();
    mkdirSync(join(app, 'private'));
    chmodSync(join(app, 'private'), 0);
    run();
    chmodSync(join(app, 'private'), 0o700);
  });

  test('a path longer than the system takes', () => {
    const app = project();
    // Made from inside, step by step, as no path may be that long.
    const script = `i=0; while [ $i -lt 30 ]; do mkdir ${'d'.repeat(200)}; cd ${'d'.repeat(200)}; i=$((i+1)); done; : > x`;
    spawnSync('sh', ['-c', script], { cwd: app });
    run();
  });
});
