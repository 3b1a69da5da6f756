import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compactBaseImages } from '../scripts/data/base-images.js';
import { mergeCollected } from '../scripts/data/collected-images.js';
import { problemsOf, readTable, type TableRow } from '../scripts/data/image-table.js';
import { BASE_IMAGES } from '../src/data/base-images.js';
import { END_OF_LIFE } from '../src/data/end-of-life.js';
import { type ImageReference, parseImageReference } from '../src/dockerfile/image-reference.js';
import { canonicalImageName, hasTool, IMAGE_TOOLS, lookUpImage } from '../src/facts/image-table.js';

interface Table {
  readonly images: Record<string, number>;
  readonly sets: [string, ...number[]][][];
}

const DIGEST = 'sha256:8d26608b65edb3b0a0e1958a0a5a45209524c4df54bbe21a4ca53548bc97a3a5';

function reference(image: string): ImageReference {
  const parsed = parseImageReference(image);
  if (!parsed.ok) throw new Error(`${image}: ${parsed.message}`);
  return parsed.value;
}

describe('what an image brings along', () => {
  it.each([
    [
      'node:22',
      { user: 'root', distribution: 'debian', sh: 'dash', pipefail: false, packageManager: 'apt', workdir: '/' },
    ],
    [
      'node:22-alpine',
      {
        distribution: 'alpine',
        sh: 'ash',
        pipefail: true,
        packageManager: 'apk',
        entrypoint: ['docker-entrypoint.sh'],
      },
    ],
    [`node:22-alpine@${DIGEST}`, { distribution: 'alpine' }],
    ['node', { distribution: 'debian' }],
    ['alpine', { exposes: [], shell: null, cmd: ['/bin/sh'], entrypoint: [], libc: 'musl', healthcheck: false }],
    ['ubuntu:24.04', { distribution: 'ubuntu', user: 'root', packageManager: 'apt' }],
    ['busybox', { distribution: 'busybox', packageManager: 'none' }],
    ['nginx:1.31', { exposes: ['80/tcp'], user: 'root', stopSignal: 'SIGQUIT', users: ['nginx:101'] }],
    ['nginxinc/nginx-unprivileged:1.31', { exposes: ['8080/tcp'], user: '101' }],
    ['postgres:16-alpine', { exposes: ['5432/tcp'] }],
    ['golang:1.27', { workdir: '/go' }],
    ['fedora:44', { distribution: 'rhel', sh: 'bash' }],
    ['amazonlinux:2', { distribution: 'rhel', exposes: null, entrypoint: null, cmd: null, workdir: null }],
    [
      'gcr.io/distroless/nodejs22-debian12',
      { distribution: 'distroless', sh: 'none', cmd: [], entrypoint: ['/nodejs/bin/node'] },
    ],
    ['cgr.dev/chainguard/static:latest', { distribution: 'wolfi', user: '65532', sh: 'none' }],
    ['ghcr.io/astral-sh/uv:latest', { distribution: 'scratch', sh: 'none' }],
    ['quay.io/jupyter/base-notebook', { user: '1000', sh: 'dash', shell: ['/bin/bash', '-o', 'pipefail', '-c'] }],
    ['golang:1.27-nanoserver-ltsc2025', { distribution: 'windows', user: 'ContainerUser', shell: ['cmd', '/S', '/C'] }],
    ['mcr.microsoft.com/windows/servercore:ltsc2022', { distribution: 'windows', sh: null, shell: null }],
  ])('%s', (image, row) => {
    expect(lookUpImage(reference(image))).toMatchObject(row);
  });
});

describe('an image that is not known has no row', () => {
  it.each([
    'example.com/team/node:22',
    'mycompany/node:22',
    'node:no-such-tag',
    'node:22-windows',
    `node@${DIGEST}`,
    'constructor:latest',
    'toString',
  ])('%s', (image) => {
    const parsed = parseImageReference(image);
    expect(parsed.ok ? lookUpImage(parsed.value) : null).toBe(null);
  });
});

describe('the readable table', () => {
  const rows = readTable();

  it('has every field in every row, with where and when it was read', () => {
    expect(problemsOf(rows)).toEqual([]);
    expect(rows.length).toBeGreaterThan(300);
  });

  it('says what the compact one says', () => {
    expect(readFileSync('src/data/base-images.ts', 'utf8')).toBe(compactBaseImages(rows));
    for (const row of rows.filter(({ tags }) => /^\^[\w:]+\$$|^\^\.\*\$$/.test(tags))) {
      const tag = row.tags === '^.*$' ? 'any' : row.tags.slice(1, -1);
      const found = lookUpImage({ ...reference(row.image), tag });
      expect(found).toMatchObject({ user: row.user, exposes: row.expose, entrypoint: row.entrypoint, cmd: row.cmd });
      expect(found?.env && Object.fromEntries(found.env)).toEqual(row.env);
      for (const tool of IMAGE_TOOLS)
        expect(found && hasTool(found, tool), `${row.image} ${tool}`).toBe(row.tools[tool]);
    }
  });

  it('names what is wrong with a row', () => {
    const [row] = rows;
    if (!row) throw new Error('the table is empty');
    const { user: _, ...less } = row;
    const bad = [
      row,
      row,
      { ...row, tags: 'latest' },
      { ...row, tags: '^a$', sh: 'zsh' },
      { ...less, tags: '^b$' },
    ] as TableRow[];
    expect(problemsOf(bad).map((problem) => problem.slice(problem.lastIndexOf(': ') + 2))).toEqual([
      'is there twice',
      'tags begins with ^ and ends with $',
      'sh is one of dash, bash, ash, none or null',
      'has no user; what is not known is null',
    ]);
  });

  it('keeps what was mended later than the collected facts', () => {
    const [row] = rows;
    if (!row) throw new Error('the table is empty');
    const collected = { ...row, os: 'debian', pipefailInSh: true, stopsignal: null, shell: 'none', asOf: '2026-01-01' };
    const later = { ...row, user: 'someone', asOf: '2026-01-02' };
    expect(mergeCollected([later], [collected])).toEqual([later]);
    expect(mergeCollected([{ ...later, asOf: '2025-12-31' }], [collected])).toMatchObject([
      { user: 'root', sh: 'none' },
    ]);
  });
});

describe('mirrors and copies of the official images', () => {
  it.each([
    ['public.ecr.aws/docker/library/node:22', 'docker.io/library/node'],
    ['mirror.gcr.io/library/node:22', 'docker.io/library/node'],
    ['mirror.gcr.io/bitnami/node:22', 'docker.io/bitnami/node'],
    ['registry.hub.docker.com/library/node:22', 'docker.io/library/node'],
    ['registry-1.docker.io/library/node:22', 'docker.io/library/node'],
    ['arm64v8/node:22', 'docker.io/library/node'],
    ['docker.io/amd64/node:22', 'docker.io/library/node'],
    ['armand/node:22', 'docker.io/armand/node'],
    ['public.ecr.aws/lambda/nodejs:22', 'public.ecr.aws/lambda/nodejs'],
    ['quay.io/library/node:22', 'quay.io/library/node'],
  ])('%s is %s', (image, name) => {
    expect(canonicalImageName(reference(image))).toBe(name);
  });
});

describe('the tables', () => {
  it.each([
    ['src/data/base-images.ts', BASE_IMAGES, 'scripts/generate.ts', 70_000],
    ['src/data/end-of-life.ts', END_OF_LIFE, 'scripts/generate-data.ts', 60_000],
  ])('%s is small and says where it comes from', (path, json, script, most) => {
    expect(json.length).toBeLessThan(most);
    const header = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8').slice(0, 1000);
    expect(header).toContain(`GENERATED by ${script}`);
    expect(header).toContain('docker-library/official-images');
    expect(header).toMatch(/as of (?:\d{4}-\d{2}-\d{2} to )?2026-\d{2}-\d{2}/);
  });

  it('have no pattern that a tag can make slow', () => {
    const { images } = JSON.parse(BASE_IMAGES) as Table;
    const tags = ['_a', '.a', '-a', '1', '.1', '-1', '_1', 'a', '8u1-b1', '1.1_', '-alpine3.1', '3.1-'].flatMap(
      (part) =>
        ['', '1', '8', '17', '8-', '17.0', '1.1-', 'lts-'].map((start) => `${start}${part.repeat(128)}`.slice(0, 127)),
    );
    const started = performance.now();
    for (const name of Object.keys(images)) {
      for (const tag of tags) lookUpImage({ ...reference(name), tag: `${tag}~` });
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('have one kind at most for a tag', () => {
    const { images, sets } = JSON.parse(BASE_IMAGES) as Table;
    const tags = [
      'latest',
      '1',
      '3.12',
      '22',
      '22-alpine',
      '24-slim',
      '8.5-fpm-alpine',
      '17-jre',
      'bookworm',
      'stable',
    ];
    for (const [name, set] of Object.entries(images)) {
      const rows = sets[set] ?? [];
      expect(rows.length, name).toBeGreaterThan(0);
      for (const tag of tags) {
        const matching = rows.filter(([pattern]) => new RegExp(pattern).test(tag));
        expect(matching.length, `${name}:${tag}`).toBeLessThan(2);
      }
    }
  });
});
