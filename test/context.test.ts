import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openContext } from '../src/context/build-context.js';
import { createMemoryFs, type MemoryEntry } from '../src/context/memory-fs.js';
import type { BuildContext, CopyRequest, DirectoryEntry, Fs } from '../src/context/types.js';

type Files = Record<string, MemoryEntry>;

function open(files: Files, fs: Fs = createMemoryFs(files, { base: '/ctx' })): BuildContext {
  return openContext(fs, { root: '/ctx', displayRoot: '.', dockerfile: '/ctx/Dockerfile', certainty: 'given' });
}

/** Which directories were listed, in order. */
function counting(fs: Fs): Fs & { readonly listed: string[]; readonly opened: string[] } {
  const listed: string[] = [];
  const opened: string[] = [];
  return {
    ...fs,
    listed,
    opened,
    readDirectory: (path) => {
      listed.push(path);
      return fs.readDirectory(path);
    },
    readFile: (path, limit) => {
      opened.push(path);
      return fs.readFile(path, limit);
    },
  };
}

const paths = (context: BuildContext, under?: string, limit?: number) =>
  [...context.walk(under, limit)].map((entry) => entry.path);

function copy(context: BuildContext, source: string, more: Partial<CopyRequest> = {}) {
  const [match] = context.resolveCopy({ sources: [source], exclude: [], parents: false, ...more });
  if (!match) throw new Error('no answer');
  return match;
}

const brought = (context: BuildContext, source: string, more?: Partial<CopyRequest>) =>
  copy(context, source, more).matches.map((entry) => entry.path);

describe('walking what the build is sent', () => {
  const files: Files = {
    '.dockerignore': 'node_modules\n*.log\ndist\n!dist/keep\n',
    'a.log': '',
    'b.js': '',
    'dist/drop.js': '',
    'dist/keep/x.js': '',
    'node_modules/a/index.js': '',
    'src/b.log': '',
    'src/z.js': '',
    'src/deep/y.js': '',
  };

  it('goes depth first by name and leaves out what is ignored', () => {
    expect(paths(open(files))).toEqual([
      '.dockerignore',
      'b.js',
      'dist/keep/x.js',
      'src/b.log',
      'src/deep/y.js',
      'src/z.js',
    ]);
    expect(paths(open(files), 'src')).toEqual(['src/b.log', 'src/deep/y.js', 'src/z.js']);
    expect(paths(open(files), '/src/deep/')).toEqual(['src/deep/y.js']);
    expect(paths(open(files), '.', 2)).toEqual(['.dockerignore', 'b.js']);
    expect(paths(open(files), 'absent')).toEqual([]);
    expect(paths(open(files), 'b.js')).toEqual([]);
  });

  it('never lists an ignored node_modules, whatever is asked', () => {
    const fs = counting(createMemoryFs(files, { base: '/ctx' }));
    const context = open(files, fs);
    paths(context);
    context.isSent('node_modules');
    context.isSent('node_modules/a/index.js');
    copy(context, '.');
    copy(context, 'node_modules');
    copy(context, 'node_modules/a');
    copy(context, '*/z.js');
    copy(context, '*/*.js');
    copy(context, '**/*.js', { parents: true });
    copy(context, 'node_module');
    expect(fs.listed.filter((path) => path.includes('node_modules'))).toEqual([]);
  });

  it('reads nothing but the ignore file before it is asked, and nothing twice', () => {
    const fs = counting(createMemoryFs(files, { base: '/ctx' }));
    const context = open(files, fs);
    expect(fs.listed).toEqual([]);
    for (let n = 0; n < 3; n++) {
      paths(context);
      context.read('b.js');
    }
    expect(new Set(fs.listed).size).toBe(fs.listed.length);
    expect(fs.opened.filter((path) => path === '/ctx/b.js')).toHaveLength(1);
  });

  it('is lazy', () => {
    const fs = counting(createMemoryFs(files, { base: '/ctx' }));
    for (const entry of open(files, fs).walk()) if (entry.path === 'b.js') break;
    expect(fs.listed).toEqual(['/ctx']);
  });

  it('asks each file for its size once, and only where somebody asks', () => {
    const stats: string[] = [];
    const fs = createMemoryFs({ ...files, 'src/link': { link: '../b.js' } }, { base: '/ctx' });
    const lstat = (path: string) => {
      stats.push(path);
      return fs.lstat(path);
    };
    const context = open(files, { ...fs, lstat });
    paths(context);
    expect(stats.length).toBeLessThan(3);
    const all = context.sizes();
    expect(all.map(({ path }) => path)).toEqual(paths(context));
    expect(all.find(({ path }) => path === 'src/link')?.size).toBe('../b.js'.length);
    expect(context.sizes()).toBe(all);
    expect(context.sizes('src')).toEqual(all.filter(({ path }) => path.startsWith('src/')));
    expect(context.stat('b.js')?.size).toBe(all.find(({ path }) => path === 'b.js')?.size);
    expect(new Set(stats).size).toBe(stats.length);
  });

  it('tells what is sent', () => {
    const context = open({ ...files, 'empty/': '' });
    for (const path of ['b.js', 'src', 'dist', 'dist/keep', 'empty', '.', './b.js', '/b.js']) {
      expect([path, context.isSent(path)]).toEqual([path, true]);
    }
    for (const path of ['a.log', 'node_modules', 'dist/drop.js', 'absent']) {
      expect([path, context.isSent(path)]).toEqual([path, false]);
    }
    expect(context.kindOf('a.log')).toBe('file');
    expect(context.kindOf('empty')).toBe('directory');
    expect(context.kindOf('absent')).toBeNull();
    expect(context.decide('a.log').by?.line).toBe(2);
  });
});

describe('links', () => {
  const files: Files = {
    'app/index.js': 'x',
    in: { link: 'app' },
    file: { link: './app/index.js' },
    out: { link: '../secret' },
    absolute: { link: '/etc/passwd' },
    dangling: { link: 'nowhere' },
    'loop/self': { link: '.' },
    one: { link: 'two' },
    two: { link: 'one' },
    '/secret': 's',
    '/etc/passwd': 'root',
  };
  const context = open(files);

  it('are one entry each and not gone into', () => {
    expect(paths(context)).toEqual([
      'absolute',
      'app/index.js',
      'dangling',
      'file',
      'in',
      'loop/self',
      'one',
      'out',
      'two',
    ]);
    expect(paths(context, 'in')).toEqual([]);
  });

  it('are followed by COPY inside the context only', () => {
    expect(copy(context, 'in').matches).toEqual([{ path: 'app', kind: 'directory' }]);
    expect(copy(context, 'file').status).toBe('ok');
    expect(copy(context, 'in/index.js').matches).toEqual([{ path: 'app/index.js', kind: 'file' }]);
    expect(copy(context, 'loop/self/self/self').status).toBe('ok');
    for (const source of ['out', 'absolute', 'dangling', 'one', 'out/x', 'absolute/x']) {
      expect([source, copy(context, source).status]).toEqual([source, 'unknown']);
    }
    expect(copy(context, 'in/absent.js').status).toBe('missing');
  });

  it('are not read through out of the context', () => {
    expect(context.read('file')?.text).toBe('x');
    expect(context.read('out')).toBeNull();
    expect(context.read('absolute')).toBeNull();
    expect(context.kindOf('out')).toBe('link');
    expect(context.kindOf('out/x')).toBeNull();
  });

  it('count as ignored where the link or what it leads to is', () => {
    const ignoring = open({ ...files, '.dockerignore': 'app\n' });
    expect(copy(ignoring, 'in')).toMatchObject({ status: 'ignored', ignored: { path: 'app' } });
    expect(copy(open({ ...files, '.dockerignore': 'in\n' }), 'in')).toMatchObject({
      status: 'ignored',
      ignored: { path: 'in' },
    });
  });
});

describe('sources of COPY', () => {
  const files: Files = {
    '.dockerignore': 'dist\nlogs/*\n!logs/keep.log\n*.md\nsecret/**\n',
    'package.json': '{}',
    'package-lock.json': '{}',
    'README.md': '',
    'arr[0].txt': '',
    'dist/main.js': '',
    'logs/drop.log': '',
    'logs/keep.log': '',
    'secret/key': '',
    'src/Index.js': '',
    'src/lib/a.js': '',
    'src/lib/a.txt': '',
    'test/lib/a.js': '',
    'empty/': '',
  };
  const context = open(files);

  it.each([
    ['.', ['.']],
    ['./', ['.']],
    ['/', ['.']],
    ['..', ['.']],
    ['package.json', ['package.json']],
    ['./package.json', ['package.json']],
    ['/package.json', ['package.json']],
    ['../package.json', ['package.json']],
    ['src/../package.json', ['package.json']],
    ['src/', ['src']],
    ['src/lib', ['src/lib']],
    ['empty', ['empty']],
    ['logs', ['logs']],
    ['secret', ['secret']],
    ['package*.json', ['package-lock.json', 'package.json']],
    ['package?json', ['package.json']],
    ['[o-q]ackage.json', ['package.json']],
    ['arr[[]0].txt', ['arr[0].txt']],
    ['*/lib/a.js', ['src/lib/a.js', 'test/lib/a.js']],
    ['*/*/a.*', ['src/lib/a.js', 'src/lib/a.txt', 'test/lib/a.js']],
    ['src/*', ['src/Index.js', 'src/lib']],
    ['logs/*', ['logs/keep.log']],
    ['s*c', ['src']],
  ])('%s brings %j', (source, expected) => {
    expect(copy(context, source).status).toBe('ok');
    expect(brought(context, source)).toEqual(expected);
  });

  it('says which pattern leaves a source out', () => {
    expect(copy(context, 'dist')).toMatchObject({
      status: 'ignored',
      ignored: { path: 'dist', by: { line: 1, text: 'dist' } },
    });
    expect(copy(context, 'dist/main.js').ignored?.by.line).toBe(1);
    expect(copy(context, 'README.md').ignored?.by.line).toBe(4);
    expect(copy(context, '*.md')).toMatchObject({ status: 'ignored', glob: true, ignored: { path: 'README.md' } });
    expect(copy(context, 'dist/*.js')).toMatchObject({
      status: 'ignored',
      ignored: { path: 'dist/main.js', by: { line: 1 } },
    });
    expect(copy(context, 'secret/key').ignored?.by.line).toBe(5);
    expect(copy(context, 'logs/drop.log').ignored?.by.text).toBe('logs/*');
  });

  it('says what is missing and what was meant', () => {
    expect(copy(context, 'pakage.json')).toMatchObject({ status: 'missing', glob: false, didYouMean: 'package.json' });
    expect(copy(context, 'scr/lib/a.js')).toMatchObject({ status: 'missing', didYouMean: 'src/lib/a.js' });
    expect(copy(context, 'scr/nothing')).toMatchObject({ status: 'missing', didYouMean: null });
    expect(copy(context, 'something-else')).toMatchObject({ status: 'missing', didYouMean: null });
    expect(copy(context, '*.py')).toMatchObject({ status: 'missing', glob: true });
    expect(copy(context, '[a')).toMatchObject({ status: 'missing' });
    expect(copy(context, 'package.json/x')).toMatchObject({ status: 'missing' });
    expect(copy(context, '')).toMatchObject({ status: 'unknown' });
  });

  it('tells another case from a missing file', () => {
    expect(copy(context, 'Package.json')).toMatchObject({ status: 'wrong-case', didYouMean: 'package.json' });
    expect(copy(context, 'SRC/lib/A.js')).toMatchObject({ status: 'wrong-case', didYouMean: 'src/lib/a.js' });
    expect(copy(context, 'src/index.js')).toMatchObject({ status: 'wrong-case', didYouMean: 'src/Index.js' });
    expect(copy(context, 'SRC/absent')).toMatchObject({ status: 'missing' });
    expect(copy(context, 'Package*.json')).toMatchObject({ status: 'wrong-case', didYouMean: 'package-lock.json' });
  });

  it('tells a source that would have to be outside', () => {
    expect(copy(context, '../shared/x')).toMatchObject({ status: 'outside' });
    expect(copy(context, '../../src')).toMatchObject({ status: 'ok' });
    expect(copy(context, '../*.py')).toMatchObject({ status: 'outside' });
  });

  it('takes case literally where the disk does not', () => {
    const memory = createMemoryFs(files, { base: '/ctx' });
    const careless: Fs = {
      ...memory,
      lstat: (path) => {
        const exact = memory.lstat(path);
        return exact.ok ? exact : memory.lstat(path.toLowerCase());
      },
    };
    expect(copy(open(files, careless), 'Package.json').status).toBe('wrong-case');
  });

  it('leaves out what --exclude names', () => {
    expect(brought(context, 'package*.json', { exclude: ['*-lock.json'] })).toEqual(['package.json']);
    expect(brought(context, 'src/lib/*', { exclude: ['*.txt'] })).toEqual(['src/lib/a.js']);
    expect(brought(context, 'src/lib/*', { exclude: ['*', '!a.js'] })).toEqual(['src/lib/a.js']);
    expect(brought(context, 'src', { exclude: ['*.txt'] })).toEqual(['src']);
    expect(brought(context, 'package.json', { exclude: ['['] })).toEqual(['package.json']);
  });

  it('resolves --parents, with `**` and a pivot', () => {
    const parents = { parents: true };
    expect(brought(context, 'src/lib/a.js', parents)).toEqual(['src/lib/a.js']);
    expect(brought(context, './src/./lib/a.js', parents)).toEqual(['src/lib/a.js']);
    expect(brought(context, '**/a.js', parents)).toEqual(['src/lib/a.js', 'test/lib/a.js']);
    expect(brought(context, 'src/**/*.js', parents)).toEqual(['src/Index.js', 'src/lib/a.js']);
    expect(brought(context, './src/./**/*.txt', parents)).toEqual(['src/lib/a.txt']);
    expect(brought(context, '*/./**/a.js', parents)).toEqual(['src/lib/a.js', 'test/lib/a.js']);
    expect(brought(context, '*/lib/a.js', parents)).toEqual(['src/lib/a.js', 'test/lib/a.js']);
    expect(brought(context, '**/a.*', { parents: true, exclude: ['**/*.txt', 'test'] })).toEqual(['src/lib/a.js']);
    expect(copy(context, 'src/absent', parents).status).toBe('missing');
    expect(copy(context, '**/*.py', parents).status).toBe('unknown');
    expect(copy(open({ a: '' }), '**/*.py', parents).status).toBe('missing');
  });

  it('does not know what it may not read', () => {
    const denied = open({ 'locked/': { denied: true }, 'open/a': '', file: { denied: true } });
    expect(copy(denied, 'locked').status).toBe('ok');
    expect(copy(denied, 'file').status).toBe('ok');
    expect(copy(denied, 'locked/x').status).toBe('unknown');
    expect(copy(denied, 'locked/*').status).toBe('unknown');
    expect(brought(denied, '*/a')).toEqual(['open/a']);
    expect(paths(denied)).toEqual(['file', 'open/a']);
    expect(denied.read('file')).toBeNull();
  });

  it('stays silent on a context that is not there', () => {
    const nothing = openContext(createMemoryFs({}), {
      root: '/no',
      displayRoot: 'no',
      dockerfile: null,
      certainty: 'guessed',
    });
    expect(paths(nothing)).toEqual([]);
    expect(nothing.ignoreFile).toBeNull();
    expect(copy(nothing, 'x').matches).toEqual([]);
  });

  it('takes any source', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), fc.array(fc.string()), (source, parents, exclude) => {
        copy(context, source, { parents, exclude });
      }),
    );
  });
});

describe('reading files', () => {
  it('takes UTF-8 text of at most 5 MB', () => {
    const context = open({
      'bom.json': new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
      latin1: new Uint8Array([0x63, 0xe9]),
      utf16: new Uint8Array([0xff, 0xfe, 0x61, 0]),
      binary: new Uint8Array([1, 0, 2]),
      large: 'x'.repeat(5_000_001),
      empty: '',
    });
    expect(context.read('bom.json')).toMatchObject({ text: '{}', hasBom: true, path: 'bom.json' });
    expect(context.read('empty')?.text).toBe('');
    for (const path of ['latin1', 'utf16', 'binary', 'large', 'absent', '.']) expect(context.read(path)).toBeNull();
  });

  it('shows paths from the working directory', () => {
    const fs = createMemoryFs({ '/w/app/.dockerignore': 'x', '/w/app/src/a.js': '' });
    const context = openContext(fs, {
      root: '/w/app',
      displayRoot: '../app',
      dockerfile: '/w/app/Dockerfile',
      certainty: 'known',
    });
    expect(context.read('src/a.js')?.path).toBe('../app/src/a.js');
    expect(context.ignoreFile?.source.path).toBe('../app/.dockerignore');
  });
});

describe('a context of 200,000 files', () => {
  /** 200 directories of 1,000 files, and a node_modules as large, without a disk. */
  const large: Fs = {
    lstat: (path) => ({
      ok: true,
      value: { kind: path.endsWith('.js') ? 'file' : 'directory', size: 1, executable: false },
    }),
    readDirectory: (path) => {
      const depth = path.split('/').length - 2;
      const entries: DirectoryEntry[] =
        depth === 0
          ? [
              { name: 'node_modules', kind: 'directory' },
              { name: 'src', kind: 'directory' },
            ]
          : depth === 1
            ? Array.from({ length: 200 }, (_, n) => ({ name: `d${1000 + n}`, kind: 'directory' as const }))
            : Array.from({ length: 1_000 }, (_, n) => ({ name: `f${1000 + n}.js`, kind: 'file' as const }));
      return { ok: true, value: entries };
    },
    readFile: (path) =>
      path === '/ctx/.dockerignore'
        ? { ok: true, value: new TextEncoder().encode('**/node_modules\n**/*.log\n!src/**/keep\n') }
        : { ok: false, reason: 'missing' },
    readLink: () => ({ ok: false, reason: 'missing' }),
    realPath: (path) => ({ ok: true, value: path }),
  };

  it('is walked within seconds, once, and its node_modules never', () => {
    const fs = counting(large);
    const context = open({}, fs);
    const start = performance.now();
    let files = 0;
    for (const _ of context.walk()) files++;
    expect(files).toBe(200_000);
    expect(brought(context, 'src/*/f1000.js')).toHaveLength(200);
    expect(copy(context, 'src/d1000/f1001.js').status).toBe('ok');
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(fs.listed.some((path) => path.includes('node_modules'))).toBe(false);
  });

  it('costs nothing where it is not walked', () => {
    const fs = counting(large);
    const context = open({}, fs);
    copy(context, '.');
    [...context.walk('.', 10)];
    expect(fs.listed).toEqual(['/ctx', '/ctx/src', '/ctx/src/d1000']);
  });

  it('may be nested 1,000 directories deep', () => {
    const deep = Array.from({ length: 1_000 }, () => 'd').join('/');
    expect(paths(open({ [`${deep}/x`]: '' }))).toHaveLength(1);
    expect(copy(open({ [`${deep}/x`]: '' }), `${deep}/x`).status).toBe('ok');
  });
});
