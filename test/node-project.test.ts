import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openContext } from '../src/context/build-context.js';
import { readManifest } from '../src/context/manifest.js';
import { createMemoryFs, type MemoryEntry } from '../src/context/memory-fs.js';
import { parseNpmrc } from '../src/context/npmrc.js';
import type { Fs } from '../src/context/types.js';
import { createSource, textAt } from '../src/model/source.js';

function open(files: Record<string, MemoryEntry>, wrap: (fs: Fs) => Fs = (fs) => fs) {
  const fs = wrap(createMemoryFs(files, { base: '/ctx' }));
  return openContext(fs, { root: '/ctx', displayRoot: '.', dockerfile: null, certainty: 'given' });
}

function manifest(text: string) {
  return readManifest(createSource('package.json', text));
}

/** Each problem as the text it stands at and its words. */
function problems(text: string) {
  const { source, problems: found } = manifest(text);
  for (const { span } of found) {
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(source.text.length);
  }
  return found.map(({ message, span }) => [textAt(source, span), message]);
}

describe('package.json', () => {
  const text = JSON.stringify(
    {
      name: '@scope/app',
      main: 'server.js',
      type: 'module',
      scripts: { start: 'node server.js', test: 'vitest' },
      dependencies: { express: '^4.17.1' },
      devDependencies: { vitest: '1' },
      optionalDependencies: { fsevents: '2' },
      engines: { node: '>=20' },
      packageManager: 'pnpm@9.1.0+sha512.abc',
      workspaces: ['packages/*', 'apps/*'],
      bin: { app: 'bin/app.js' },
    },
    null,
    2,
  );

  it('gives every field with its place', () => {
    const read = manifest(text);
    expect(read.problems).toEqual([]);
    expect(read).toMatchObject({ name: '@scope/app', type: 'module' });
    expect(read.packageManager).toMatchObject({ manager: 'pnpm', version: '9.1.0' });
    const located = {
      '"node server.js"': read.scripts.get('start'),
      '"server.js"': read.main,
      '"^4.17.1"': read.dependencies.get('express'),
      '"1"': read.devDependencies.get('vitest'),
      '"2"': read.optionalDependencies.get('fsevents'),
      '">=20"': read.engines.get('node'),
      '"pnpm@9.1.0+sha512.abc"': read.packageManager,
      '"apps/*"': read.workspaces[1],
    };
    for (const [written, value] of Object.entries(located)) {
      expect(value && textAt(read.source, value.span)).toBe(written);
      expect(value?.value).toBe(JSON.parse(written));
    }
    expect([...read.bin]).toEqual([['app', 'bin/app.js']]);
  });

  it('takes the other forms of workspaces, bin and packageManager', () => {
    expect(manifest('{"workspaces":{"packages":["a"],"nohoist":[]}}').workspaces.map((w) => w.value)).toEqual(['a']);
    expect([...manifest('{"name":"@s/app","bin":"cli.js"}').bin]).toEqual([['app', 'cli.js']]);
    expect(manifest('{"packageManager":"yarn"}').packageManager).toMatchObject({ manager: 'yarn', version: null });
    expect(manifest('{}')).toMatchObject({
      name: null,
      main: null,
      type: 'commonjs',
      packageManager: null,
      problems: [],
    });
    expect(manifest('{"engines":["node >= 0.4"]}').problems).toEqual([]);
  });

  it('is not misled by the names of objects', () => {
    const read = manifest('{"scripts":{"constructor":"a","__proto__":"b"}}');
    expect([...read.scripts.keys()]).toEqual(['constructor', '__proto__']);
  });

  it.each([
    ['', '', 'empty'],
    ['{"a": 1,}', '}', 'trailing comma'],
    ['{"scripts": {"a": "b",}}', '}', 'trailing comma'],
    ['{"a": 1 "b": 2}', '"b"', 'comma is missing'],
    ['// x\n{}', '// x', 'comments'],
    ['{/* x */}', '/* x */', 'comments'],
    ['{"a" 1}', '1', 'colon'],
    ["{'a': 1}", "'a'", 'not a JSON value'],
    ['{"a": "b}', '"b}', 'not closed'],
    ['{} {}', '{', 'should end'],
    ['[1]', '[1]', 'should be an object, not an array'],
    ['null', 'null', 'should be an object, not null'],
  ])('reports %j', (broken, place, words) => {
    const [first] = problems(broken);
    expect(first?.[0]).toBe(place);
    expect(first?.[1]).toContain(words);
  });

  it('reports an unclosed object once', () => {
    expect(problems('{"scripts": {"start": "node ."')).toHaveLength(1);
    expect(manifest('{"scripts": {"start": "node ."').scripts.get('start')?.value).toBe('node .');
  });

  it('reports fields of a wrong type and reads the others', () => {
    const wrong = `{
      "name": 1, "main": [], "scripts": ["x"], "dependencies": {"a": 1, "b": "2"},
      "packageManager": {}, "workspaces": "x", "bin": 3, "engines": {"node": 20}
    }`;
    expect(problems(wrong)).toEqual([
      ['1', '`name` should be a string, not a number'],
      ['[]', '`main` should be a string, not an array'],
      ['["x"]', '`scripts` should be an object, not an array'],
      ['1', '`dependencies.a` should be a string, not a number'],
      ['{}', '`packageManager` should be a string, not an object'],
      ['"x"', '`workspaces` should be a list of globs, not a string'],
      ['3', '`bin` should be a string or an object, not a number'],
      ['20', '`engines.node` should be a string, not a number'],
    ]);
    expect(manifest(wrong).dependencies.get('b')?.value).toBe('2');
  });

  it('survives deep nesting and any text', () => {
    expect(manifest('['.repeat(200_000)).problems.length).toBeGreaterThan(0);
    expect(manifest(`{"a":${'{"a":'.repeat(100_000)}`).problems.length).toBeGreaterThan(0);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => void problems(any)));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: text.length }),
        (at) => void problems(text.slice(0, at) + text.slice(at + 1)),
      ),
    );
  });
});

describe('a Node.js project', () => {
  it('is null without a package.json that can be read', () => {
    expect(open({ 'a.js': '' }).node()).toBeNull();
    expect(open({ 'package.json/': '' }).node()).toBeNull();
    expect(open({ 'package.json': { denied: true } }).node()).toBeNull();
    expect(open({ 'package.json': { link: '../outside.json' }, '/outside.json': '{}' }).node()).toBeNull();
    expect(open({ 'package.json': new Uint8Array([0x7b, 0xff]) }).node()).toBeNull();
    const start = performance.now();
    expect(open({ 'package.json': new Uint8Array(50_000_000).fill(32) }).node()).toBeNull();
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('finds every lockfile, ignored ones too', () => {
    const names = ['npm-shrinkwrap.json', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'];
    const files = Object.fromEntries(names.map((name) => [`app/${name}`, '']));
    const project = open({ ...files, 'app/package.json': '{}', '.dockerignore': '**/yarn.lock' }).node('./app/');
    expect(project?.directory).toBe('app');
    expect(project?.lockfiles.map((lock) => lock.name)).toEqual(names);
    expect(project?.lockfiles.filter((lock) => !lock.sent)).toEqual([
      { manager: 'yarn', name: 'yarn.lock', path: 'app/yarn.lock', sent: false },
    ]);
    expect(open({ 'package.json': '{}', 'yarn.lock/': '' }).node()?.lockfiles).toEqual([]);
  });

  it('knows whether package.json is sent', () => {
    expect(open({ 'package.json': '{}' }).node()?.sent).toBe(true);
    expect(open({ 'package.json': '{}', '.dockerignore': '*.json' }).node()?.sent).toBe(false);
  });

  it('reads what stands beside it', () => {
    const project = open({
      'package.json': '{}',
      '.npmrc':
        '; c\nregistry = https://example.com/\nengine-strict\n//example.com/:_authToken="abc"\nca[]=x\n[s]\na=b\n',
      '.yarnrc.yml': 'nodeLinker: node-modules\nyarnPath: .yarn/releases/yarn-4.cjs\n',
      '.nvmrc': '# lts\n\nv20.11.0 \n',
      '.node-version': '18\n',
      'pnpm-workspace.yaml': 'packages:\n  - "packages/*"\n  - 3\n',
    }).node();
    expect(project?.npmrc && Object.fromEntries(project.npmrc)).toEqual({
      registry: 'https://example.com/',
      'engine-strict': 'true',
      '//example.com/:_authToken': 'abc',
      ca: 'x',
    });
    expect(project?.yarnrc).toEqual({
      path: '.yarnrc.yml',
      nodeLinker: 'node-modules',
      yarnPath: '.yarn/releases/yarn-4.cjs',
    });
    expect(project?.nodeVersion).toEqual({ path: '.nvmrc', value: 'v20.11.0' });
    expect(project?.pnpmWorkspace).toEqual(['packages/*']);
  });

  it('has nothing where nothing stands beside it', () => {
    expect(open({ 'package.json': '{}' }).node()).toMatchObject({
      lockfiles: [],
      npmrc: null,
      yarnrc: null,
      nodeVersion: null,
      pnpmWorkspace: null,
    });
  });

  it('takes broken files beside it for empty ones', () => {
    const broken = { '.yarnrc.yml': 'a: [', 'pnpm-workspace.yaml': '*x', '.nvmrc': '\n', '.node-version': '22' };
    const project = open({ 'package.json': '{}', ...broken }).node();
    expect(project?.yarnrc).toEqual({ path: '.yarnrc.yml', nodeLinker: null, yarnPath: null });
    expect(project?.pnpmWorkspace).toEqual([]);
    expect(project?.nodeVersion).toEqual({ path: '.node-version', value: '22' });
    expect(open({ 'package.json': '{}', '.yarnrc.yml': '['.repeat(50_000) }).node()?.yarnrc?.yarnPath).toBeNull();
  });

  it('is read once, and what is beside it only when asked', () => {
    const read: string[] = [];
    const context = open({ 'package.json': '{}', '.npmrc': 'a=b', '.yarnrc.yml': '' }, (fs) => ({
      ...fs,
      readFile: (path, limit) => {
        read.push(path);
        return fs.readFile(path, limit);
      },
    }));
    const before = read.length;
    expect(context.node()).toBe(context.node('.'));
    expect(read.slice(before)).toEqual(['/ctx/package.json']);
    expect(context.node()?.npmrc).toBe(context.node()?.npmrc);
    expect(read.slice(before)).toEqual(['/ctx/package.json', '/ctx/.npmrc']);
  });
});

describe('.npmrc', () => {
  it('takes any text', () => {
    expect([...parseNpmrc('a = 1 ; c\r\nb="x # y"\n=z\n# d\ne=\'f\'\na=2')]).toEqual([
      ['a', '2'],
      ['b', 'x # y'],
      ['e', 'f'],
    ]);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => void parseNpmrc(any)));
  });
});
