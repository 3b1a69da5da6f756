import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openContext } from '../src/context/build-context.js';
import { locateContext } from '../src/context/locate-context.js';
import { createMemoryFs, type MemoryEntry } from '../src/context/memory-fs.js';
import { createNodeFs } from '../src/context/node-fs.js';
import { cleanPath } from '../src/context/paths.js';
import type { Fs } from '../src/context/types.js';
import { parse } from '../src/dockerfile/parse.js';
import { createSource } from '../src/model/source.js';

interface Options {
  readonly at?: string;
  readonly ceiling?: string | null;
  readonly cwd?: string;
  readonly wrap?: (fs: Fs) => Fs;
}

/** `<root> <certainty>` for a Dockerfile in a repository at /repo. */
function locate(
  dockerfile: string,
  files: Record<string, MemoryEntry>,
  { at = 'Dockerfile', ceiling = '/repo', cwd = '/repo', wrap = (fs) => fs }: Options = {},
): string {
  const fs = wrap(createMemoryFs({ ...files, [at]: dockerfile }, { base: '/repo' }));
  const document = parse(createSource(at, `FROM node:22\n${dockerfile}`));
  const { root, certainty } = locateContext(fs, { dockerfile: `/repo/${at}`, document, ceiling, cwd });
  return `${root} ${certainty}`;
}

const nested = { at: 'docker/Dockerfile' };

describe('the context of a Dockerfile', () => {
  it('is its own directory where that fits', () => {
    expect(locate('COPY package.json src ./', { 'package.json': '', 'src/a': '' })).toBe('/repo known');
    expect(locate('COPY nginx.conf /etc/', { 'docker/nginx.conf': '', 'nginx.conf': '' }, nested)).toBe(
      '/repo/docker known',
    );
    expect(locate('RUN true', { 'package.json': '' }, nested)).toBe('/repo/docker known');
    expect(locate('COPY a /', { a: '', '.dockerignore': 'a' })).toBe('/repo known');
  });

  it('is the nearest ancestor in which every source is', () => {
    expect(locate('COPY package.json /', { 'package.json': '' }, nested)).toBe('/repo known');
    expect(locate('COPY docker/start.sh package*.json /', { 'package.json': '', 'docker/start.sh': '' }, nested)).toBe(
      '/repo known',
    );
    expect(locate('COPY a /', { 'x/a': '', a: '' }, { at: 'x/y/Dockerfile' })).toBe('/repo/x known');
  });

  it('is never above the ceiling', () => {
    const files = { 'package.json': '' };
    expect(locate('COPY package.json /', files, { ...nested, ceiling: '/repo/docker' })).toBe('/repo/docker guessed');
    expect(locate('COPY package.json /', files, { ...nested, ceiling: null })).toBe('/repo known');
    expect(locate('COPY package.json /', files, { ...nested, ceiling: null, cwd: '/else' })).toBe(
      '/repo/docker guessed',
    );
    expect(locate('COPY package.json /', files, { ...nested, ceiling: null, cwd: '/repo/else/where' })).toBe(
      '/repo known',
    );
  });

  it('may do without what a glob names', () => {
    expect(locate('COPY package.json yarn.lock* /', { 'package.json': '' })).toBe('/repo known');
    expect(locate('COPY package.json yarn.lock* /', { 'package.json': '' }, nested)).toBe('/repo known');
    expect(locate('COPY package*.json /\nCOPY . /', { 'package.json': '' }, nested)).toBe('/repo known');
  });

  it('is shown by bind mounts too, and not by what comes from elsewhere', () => {
    const mount = 'RUN --mount=type=bind,source=package.json,target=package.json true';
    expect(locate(mount, { 'package.json': '' }, nested)).toBe('/repo known');
    const others = [
      'COPY --from=build /app /app',
      'ADD https://example.com/a.tgz /',
      'ADD git@example.com:a/b.git /',
      'COPY $DIR/x /x',
      'COPY <<EOF /x\nhello\nEOF',
      'RUN --mount=type=cache,target=/x --mount=type=bind,from=build,source=/a,target=/a true',
      'ONBUILD COPY package.json /',
    ];
    expect(locate(others.join('\n'), { 'package.json': '' }, nested)).toBe('/repo/docker known');
  });

  it('is guessed where everything is copied from a directory of Docker files alone', () => {
    expect(locate('COPY . .', { 'package.json': '' }, nested)).toBe('/repo guessed');
    expect(locate('COPY . .', { 'docker/package.json': '', 'package.json': '' }, nested)).toBe('/repo/docker known');
    expect(locate('COPY . .', { 'README.md': '' }, nested)).toBe('/repo/docker known');
    expect(locate('COPY . .', { 'index.html': '' })).toBe('/repo known');
  });

  it('is known where one source is missing but the place is plain', () => {
    expect(locate('COPY package.json dist /', { 'package.json': '' })).toBe('/repo known');
    expect(locate('COPY a b /', { a: '' })).toBe('/repo known');
    expect(locate('COPY package-lock.json /\nCOPY . .', { 'package.json': '' })).toBe('/repo known');
    expect(locate('COPY a b /', { 'docker/a': '', 'docker/go.mod': '' }, nested)).toBe('/repo/docker known');
  });

  it('is guessed where everything is copied from a package of a monorepo', () => {
    const files = { 'package.json': '{"workspaces": ["apps/*"]}', 'apps/web/package.json': '{}' };
    const web = { at: 'apps/web/Dockerfile' };
    expect(locate('COPY . .', files, web)).toBe('/repo guessed');
    expect(locate('COPY . .', { ...files, 'package.json': '{}' }, web)).toBe('/repo/apps/web known');
    expect(locate('COPY . .', { ...files, 'package.json': '{}', 'turbo.json': '{}' }, web)).toBe('/repo guessed');
    expect(locate('COPY . .', { ...files, 'apps/web/package-lock.json': '{}' }, web)).toBe('/repo/apps/web known');
    expect(locate('COPY package.json .', files, web)).toBe('/repo/apps/web known');
  });

  it('is guessed where a source is written as from above', () => {
    const files = { 'apps/web/package.json': '', 'apps/web/nginx.conf': '' };
    const web = { at: 'apps/web/Dockerfile', ceiling: '/repo/apps/web' };
    expect(locate('COPY . .\nCOPY apps/web/nginx.conf /etc/', files, web)).toBe('/repo/apps/web guessed');
    expect(locate('COPY . .\nCOPY apps/nginx.conf /etc/', files, web)).toBe('/repo/apps/web known');
  });

  it('is guessed where sources are missing and nothing tells', () => {
    expect(locate('COPY a b /', { 'docker/a': '' }, nested)).toBe('/repo/docker guessed');
    expect(locate('COPY a b c /', { 'docker/a': '', a: '', b: '' }, nested)).toBe('/repo guessed');
    expect(locate('COPY a /', {})).toBe('/repo guessed');
  });
});

describe('compose files', () => {
  const compose = (build: string) => `services:\n  web:\n    build: ${build}\n  db:\n    image: postgres\n`;

  it.each([
    ['compose.yaml', '.', 'Dockerfile', '/repo'],
    ['docker-compose.yml', './docker', 'docker/Dockerfile', '/repo/docker'],
    ['docker-compose.dev.yml', '{context: ., dockerfile: docker/Dockerfile}', 'docker/Dockerfile', '/repo'],
    ['docker/compose.yml', '{context: .., dockerfile: docker/Dockerfile}', 'docker/Dockerfile', '/repo'],
    ['docker/docker-compose.yml', '{dockerfile: Dockerfile}', 'docker/Dockerfile', '/repo/docker'],
    ['compose.yml', '"${DIR:-docker}"', 'docker/Dockerfile', '/repo/docker'],
    ['compose.yml', '{context: ., dockerfile: $FILE}', 'docker/Dockerfile', '/repo'],
  ])('%s says %s', (name, build, at, expected) => {
    const files = { [name]: compose(build), '.env': 'FILE="./docker/Dockerfile"\n', 'package.json': '' };
    expect(locate('COPY . .', files, { at })).toBe(`${expected} known`);
  });

  it('do not count for another Dockerfile, from a URL, or with unknown variables', () => {
    for (const build of [
      './other',
      'https://example.com/a.git',
      '$UNKNOWN',
      '{context: ., dockerfile: x}',
      '[]',
      '3',
    ]) {
      expect(locate('COPY . .', { 'compose.yaml': compose(build), 'docker/go.mod': '' }, nested)).toBe(
        '/repo/docker known',
      );
    }
  });

  it('are weighed by their sources where they differ', () => {
    const files = {
      'compose.yaml': compose('docker'),
      'docker-compose.ci.yml': compose('{context: ., dockerfile: docker/Dockerfile}'),
      'package.json': '',
    };
    expect(locate('COPY package.json /', files, nested)).toBe('/repo known');
    expect(locate('COPY . /', files, nested)).toBe('/repo/docker guessed');
    expect(locate('COPY nothing /', files, nested)).toBe('/repo/docker guessed');
  });

  it('give way where their context lacks what another has', () => {
    const files = { 'deploy/compose.override.yml': compose('.'), 'package.json': '' };
    expect(locate('COPY package.json /', files, { at: 'deploy/Dockerfile' })).toBe('/repo guessed');
  });

  it('are passed over where they are broken', () => {
    for (const text of ['build: [', '\0', 'build: &a [*a', '- build', '['.repeat(50_000)]) {
      expect(locate('COPY a /', { 'compose.yaml': text, a: '' }, nested)).toBe('/repo known');
    }
  });
});

describe('what compose files lay over a container', () => {
  const mounts = (files: Record<string, MemoryEntry>): string[] => {
    const fs = createMemoryFs({ ...files, 'apps/web/Dockerfile': 'FROM node:22\n' }, { base: '/repo' });
    const context = openContext(fs, {
      root: '/repo/apps/web',
      displayRoot: '.',
      dockerfile: '/repo/apps/web/Dockerfile',
      certainty: 'known',
    });
    return [...context.mountedPaths].sort();
  };

  it('is read of both forms of volumes, here and above', () => {
    const short =
      'services:\n  web:\n    build: ./apps/web\n    volumes: ["./apps/web:/app", "/app/node_modules", "db:/data:ro"]\n';
    const long = 'services:\n  web:\n    volumes:\n      - type: bind\n        source: .\n        target: /srv/web/\n';
    expect(mounts({ 'compose.yaml': short, 'apps/web/docker-compose.override.yml': long })).toEqual([
      '/app',
      '/app/node_modules',
      '/data',
      '/srv/web',
    ]);
  });

  it('is nothing where there are none, or they are broken', () => {
    expect(mounts({})).toEqual([]);
    expect(mounts({ 'compose.yaml': 'volumes: [', 'apps/compose.yml': 'services: { web: { volumes: 3 } }' })).toEqual(
      [],
    );
  });
});

it('costs a few look-ups and no walk', () => {
  let calls = 0;
  const counted =
    <A extends unknown[], R>(call: (...args: A) => R) =>
    (...args: A): R => {
      calls++;
      return call(...args);
    };
  const count = (fs: Fs): Fs => ({
    ...fs,
    lstat: counted(fs.lstat),
    readDirectory: counted(fs.readDirectory),
    readFile: counted(fs.readFile),
  });
  const files = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`node_modules/p${n}/index.js`, '']));
  expect(locate('COPY package.json /\nCOPY . .', { ...files, 'package.json': '' }, { wrap: count })).toBe(
    '/repo known',
  );
  expect(calls).toBeLessThan(10);
});

const contexts = fileURLToPath(new URL('../../shared/contexts', import.meta.url));
const hasContexts = existsSync(contexts);
if (!hasContexts) console.warn('skipped: ../shared/contexts is not there');

describe.skipIf(!hasContexts)('51 real contexts', () => {
  interface Entry {
    readonly name: string;
    readonly dockerfiles: readonly string[];
    readonly copySourcesDropped: readonly string[];
    readonly copySourcesMissingUpstream: readonly string[];
  }
  const entries: readonly Entry[] = hasContexts
    ? readFileSync(`${contexts}/index.jsonl`, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  const fs = createNodeFs();

  /** What no source brings, for each Dockerfile, as `<path> <certainty>`. */
  function unmatched(entry: Entry): string[] {
    const root = `${contexts.replaceAll('\\', '/')}/${entry.name}`;
    const found: string[] = [];
    for (const path of entry.dockerfiles) {
      const dockerfile = `${root}/${path}`;
      const document = parse(createSource(path, readFileSync(dockerfile, 'utf8')));
      const located = locateContext(fs, { dockerfile, document, ceiling: root, cwd: root });
      const context = openContext(fs, { ...located, displayRoot: '.', dockerfile });
      expect(context.ignoreFile?.problems ?? []).toEqual([]);
      for (const file of context.walk()) expect(context.isSent(file.path)).toBe(true);
      expect(context.node()?.manifest.problems ?? []).toEqual([]);
      for (const instruction of document.instructions) {
        if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') continue;
        if (instruction.flags.some((flag) => flag.name === 'from')) continue;
        const sources = instruction.sources.map((word) => word.text).filter((text) => !/\$|^\w+:\/\//.test(text));
        const parents = instruction.flags.some((flag) => flag.name === 'parents');
        for (const match of context.resolveCopy({ sources, exclude: [], parents })) {
          if (match.status !== 'ok') found.push(`${cleanPath(match.source)} ${match.status} ${located.certainty}`);
        }
      }
    }
    return found;
  }

  it.each(entries.map((entry) => [entry.name, entry] as const))(
    '%s: nothing is missing but what the index names',
    (_, entry) => {
      const allowed = new Set([
        ...entry.copySourcesMissingUpstream.map((path) => `${path} missing known`),
        // The original has these, so that nobody may be sure that they are missing.
        ...entry.copySourcesDropped.map((path) => `${path} missing guessed`),
      ]);
      expect(new Set(unmatched(entry))).toEqual(allowed);
    },
  );

  it('are all there', () => {
    console.info(`contexts: ${entries.length}, ${entries.flatMap((entry) => entry.dockerfiles).length} Dockerfiles`);
    expect(entries.length).toBeGreaterThanOrEqual(51);
  });
});
