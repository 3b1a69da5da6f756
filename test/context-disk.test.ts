import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContext } from '../src/context/build-context.js';
import { createCachedFs } from '../src/context/cached-fs.js';
import { compileName, hasWildcard, isValidGlob } from '../src/context/glob.js';
import { createMemoryFs } from '../src/context/memory-fs.js';
import { createNodeFs } from '../src/context/node-fs.js';
import { clampToRoot, cleanPath, relativePath } from '../src/context/paths.js';
import type { BuildContext, CopySourceMatch } from '../src/context/types.js';

function copy(context: BuildContext, source: string): CopySourceMatch | undefined {
  return context.resolveCopy({ sources: [source], exclude: [], parents: false })[0];
}

const paths = (context: BuildContext) => [...context.walk()].map((entry) => entry.path);

describe('a real directory', () => {
  let directory = '';
  const isRoot = process.getuid?.() === 0;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'plimsoll-context-'));
    const root = join(directory, 'ctx');
    mkdirSync(join(root, 'src'), { recursive: true });
    mkdirSync(join(root, 'node_modules', 'a'), { recursive: true });
    mkdirSync(join(root, 'locked'));
    writeFileSync(join(directory, 'secret'), 'secret');
    writeFileSync(join(root, '.dockerignore'), 'node_modules\n');
    writeFileSync(join(root, 'src', 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(root, 'node_modules', 'a', 'index.js'), '');
    symlinkSync('src', join(root, 'in'));
    symlinkSync('../secret', join(root, 'out'));
    symlinkSync('self', join(root, 'self'));
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(root, 'pipe')]);
    chmodSync(join(root, 'locked'), 0);
  });

  afterAll(() => {
    chmodSync(join(directory, 'ctx', 'locked'), 0o700);
    rmSync(directory, { recursive: true });
  });

  const openReal = () => {
    const root = join(directory, 'ctx').replaceAll('\\', '/');
    return openContext(createNodeFs(), { root, displayRoot: '.', dockerfile: null, certainty: 'given' });
  };

  it('is read as one in memory', () => {
    const context = openReal();
    expect(paths(context)).toEqual(['.dockerignore', 'in', 'out', 'self', 'src/run.sh']);
    expect(context.stat('src/run.sh')).toEqual({ kind: 'file', size: 10, executable: true });
    expect(copy(context, 'in/run.sh')?.matches).toEqual([{ path: 'src/run.sh', kind: 'file' }]);
    expect(copy(context, 'out')?.status).toBe('unknown');
    expect(copy(context, 'self')?.status).toBe('unknown');
    expect(context.read('out')).toBeNull();
    expect(context.read('src')).toBeNull();
  });

  it.skipIf(process.platform === 'win32')('never opens a pipe', () => {
    const fs = createNodeFs();
    expect(fs.readFile(join(directory, 'ctx', 'pipe'))).toEqual({ ok: false, reason: 'not-a-file' });
    expect(openReal().read('pipe')).toBeNull();
    expect(openReal().kindOf('pipe')).toBe('other');
  });

  it('names the reason of a failure', () => {
    const fs = createNodeFs();
    const at = (path: string) => join(directory, 'ctx', path);
    expect(fs.readFile(at('absent'))).toEqual({ ok: false, reason: 'missing' });
    expect(fs.readFile(at('src/run.sh/x'))).toEqual({ ok: false, reason: 'missing' });
    expect(fs.readFile(at('src'))).toEqual({ ok: false, reason: 'not-a-file' });
    expect(fs.readFile(at('src/run.sh'), 3)).toEqual({ ok: false, reason: 'too-large' });
    expect(fs.readFile(at('self'))).toEqual({ ok: false, reason: 'io' });
    expect(fs.readDirectory(at('src/run.sh')).ok).toBe(false);
    expect(fs.lstat(`${at('src')}\0`).ok).toBe(false);
    expect(fs.realPath(at('in'))).toEqual(fs.realPath(at('src')));
  });

  it.skipIf(isRoot)('notes a directory without permission (skipped for root, who may read all)', () => {
    expect(createNodeFs().readDirectory(join(directory, 'ctx', 'locked'))).toEqual({ ok: false, reason: 'denied' });
    expect(copy(openReal(), 'locked/x')?.status).toBe('unknown');
  });
});

describe('a disk that remembers', () => {
  it('asks once, and minds the limit of each reading', () => {
    const asked: string[] = [];
    const memory = createMemoryFs({ '/a/small': 'x'.repeat(10), '/a/large': 'x'.repeat(200_000) });
    const note =
      <A extends [string, ...unknown[]], R>(name: string, call: (...args: A) => R) =>
      (...args: A): R => {
        asked.push(`${name} ${args[0]}`);
        return call(...args);
      };
    const fs = createCachedFs({
      lstat: note('lstat', memory.lstat),
      readDirectory: note('list', memory.readDirectory),
      readFile: note('read', memory.readFile),
      readLink: note('link', memory.readLink),
      realPath: note('real', memory.realPath),
    });
    for (let n = 0; n < 2; n++) {
      expect(fs.lstat('/a/small').ok).toBe(true);
      expect(fs.lstat('/none').ok).toBe(false);
      expect(fs.readDirectory('/a').ok).toBe(true);
      expect(fs.readFile('/none')).toEqual({ ok: false, reason: 'missing' });
      expect(fs.readFile('/a/small').ok).toBe(true);
    }
    expect(asked).toEqual(['lstat /a/small', 'lstat /none', 'list /a', 'read /none', 'read /a/small']);
    expect(fs.readFile('/a/small', 5)).toEqual({ ok: false, reason: 'too-large' });
    expect(fs.readFile('/a/large', 5)).toEqual({ ok: false, reason: 'too-large' });
    expect(fs.readFile('/a/large').ok).toBe(true);
  });
});

describe('paths', () => {
  it.each([
    ['', '.'],
    ['a/./b//c/', 'a/b/c'],
    ['a/../..', '..'],
    ['/../a', '/a'],
    ['./.', '.'],
    ['a/b/../../c', 'c'],
    ['...', '...'],
    ['a/.b/..c', 'a/.b/..c'],
    ['/', '/'],
  ])('cleans %j to %j', (path, expected) => {
    expect(cleanPath(path)).toBe(expected);
  });

  it('keeps a clean path, and a clamped one inside', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '.', '..', '', '/', 'b.c'), { maxLength: 8 }), (parts) => {
        const clean = cleanPath(parts.join('/'));
        expect(cleanPath(clean)).toBe(clean);
        expect(clampToRoot(parts.join('/')).startsWith('..')).toBe(false);
      }),
    );
  });

  it('goes from one directory to another', () => {
    expect(relativePath('/a/b', '/a/c/d')).toBe('../c/d');
    expect(relativePath('/a', '/a')).toBe('.');
    expect(relativePath('/', '/x')).toBe('x');
  });
});

describe('globs of COPY', () => {
  it.each([
    ['a*b', 'ab', true],
    ['a*b', 'axxb', true],
    ['a*b*c', 'abbc', true],
    ['*', '.hidden', true],
    ['[^a]x', 'bx', true],
    ['[^a]x', 'ax', false],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['?', 'é', true],
    ['?', '😀', true],
    ['[a-c]', 'b', true],
    ['a]', 'a]', true],
  ])('%s on %s: %s', (pattern, name, expected) => {
    expect(compileName(pattern)?.(name)).toBe(expected);
  });

  it.each(['[', '[]', '[]a]', '[-]', '[a-]', '[a', 'a\\', '[^]', '[a-b-c]'])('refuses %s', (pattern) => {
    expect(isValidGlob(pattern)).toBe(false);
    expect(compileName(pattern)).toBeNull();
  });

  it('knows wildcards', () => {
    expect(['a', 'a\\*', '*', 'a?', '[a]'].map(hasWildcard)).toEqual([false, false, true, true, true]);
  });
});
