import { describe, expect, it } from 'vitest';
import { openContext } from '../src/context/build-context.js';
import { createMemoryFs } from '../src/context/memory-fs.js';
import type { BuildContext } from '../src/context/types.js';

function open(files: Record<string, string>, root = '/repo'): BuildContext {
  const fs = createMemoryFs(files, { base: '/repo' });
  return openContext(fs, { root, displayRoot: '.', dockerfile: null, certainty: 'given' });
}

describe('what .gitignore keeps out of the repository', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['dist/', 'dist', true],
    ['dist/', 'packages/a/dist/index.js', true],
    ['/dist', 'packages/a/dist', false],
    ['build/app', 'build/app', true],
    ['build/app', 'x/build/app', false],
    ['*.jar', 'target/app.jar', true],
    ['**/cache', 'a/b/cache/x', true],
    ['# dist\n\n', '# dist', false],
    ['*.log\n!keep.log', 'keep.log', false],
    ['*.log\n!keep.log', 'other.log', true],
    ['file[!0-9].txt', 'filea.txt', true],
    ['file[!0-9].txt', 'file1.txt', false],
    ['trailing   ', 'trailing', true],
    ['.env', 'src', false],
  ];

  it.each(cases)('%j and %s: %s', (text, path, expected) => {
    expect(open({ '.gitignore': text }).isGitIgnored(path)).toBe(expected);
  });

  it('lets the file nearest to the path have the last word', () => {
    const context = open({ '.gitignore': '*.key', 'certs/.gitignore': '!dev.key' });
    expect(context.isGitIgnored('certs/dev.key')).toBe(false);
    expect(context.isGitIgnored('certs/live.key')).toBe(true);
  });

  it('reads the files above the context up to the root of the repository, and no further', () => {
    const files = { '.git/HEAD': '', '.gitignore': '/app/dist', '../.gitignore': '*' };
    expect(open(files, '/repo/app').isGitIgnored('dist')).toBe(true);
    expect(open(files, '/repo/app').isGitIgnored('src')).toBe(false);
  });

  it('reads nothing above a context that is in no repository', () => {
    expect(open({ '.gitignore': '*' }, '/repo/app').isGitIgnored('src')).toBe(false);
  });
});

describe('a walk that passes directories over', () => {
  it('does not enter them', () => {
    const context = open({ 'a/x': '', 'node_modules/b/y': '', 'c/node_modules/z': '' });
    const entries = context.walk('.', 10, (directory) => !/(?:^|\/)node_modules$/.test(directory));
    expect([...entries].map((entry) => entry.path)).toEqual(['a/x']);
  });
});
