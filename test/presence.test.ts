import { describe, expect, it } from 'vitest';
import { openContext } from '../src/context/build-context.js';
import { createMemoryFs } from '../src/context/memory-fs.js';
import { parse } from '../src/dockerfile/parse.js';
import { analyse } from '../src/facts/analyse.js';
import { type Presence, presenceAtEnd, presenceFor } from '../src/facts/presence.js';
import { stagedInstalls } from '../src/facts/staged-install.js';
import type { Facts } from '../src/facts/types.js';
import { createSource } from '../src/model/source.js';

type Files = Readonly<Record<string, string>>;

function factsOf(dockerfile: string, files: Files, certainty: 'given' | 'guessed' = 'given'): Facts {
  const texts = Object.entries({ ...files, Dockerfile: dockerfile }).map(
    ([path, text]) => [`/ctx/${path}`, text] as const,
  );
  const fs = createMemoryFs(Object.fromEntries(texts));
  return analyse({
    document: parse(createSource('Dockerfile', dockerfile)),
    context: openContext(fs, { root: '/ctx', displayRoot: '.', dockerfile: '/ctx/Dockerfile', certainty }),
    options: { target: null, buildArgs: new Map(), now: new Date('2026-11-23') },
  });
}

const NODE = 'FROM node:24\nWORKDIR /app\n';
const FILES = {
  'a.txt': 'a',
  'dir/b.txt': 'b',
  'package.json': '{}',
  '.dockerignore': 'secret.txt\n',
  'secret.txt': 's',
};

const told = (found: Presence): string =>
  found.status === 'present' ? `present ${found.origin ?? '?'}` : found.status;

describe('a file when the last command begins', () => {
  const at = (lines: string, path: string, files: Files = FILES): string => {
    const facts = factsOf(lines.startsWith('FROM') ? lines : `${NODE}${lines}\n`, files);
    const use = facts.commands().at(-1);
    return use ? told(presenceFor(use, path, facts)) : 'no command';
  };

  const cases: readonly (readonly [string, string, string, string])[] = [
    ['a file that is copied', 'COPY a.txt ./\nRUN ls', '/app/a.txt', 'present a.txt'],
    ['a directory that is copied', 'COPY dir ./\nRUN ls', '/app/b.txt', 'present dir/b.txt'],
    ['its name is not', 'COPY dir ./\nRUN ls', '/app/dir/b.txt', 'absent'],
    ['several sources', 'COPY a.txt dir ./\nRUN ls', '/app/dir/b.txt', 'absent'],
    ['all of it', 'COPY . .\nRUN ls', '/app/dir/b.txt', 'present dir/b.txt'],
    ['an ignored file', 'COPY . .\nRUN ls', '/app/secret.txt', 'absent'],
    ['nothing', 'RUN ls', '/app/a.txt', 'absent'],
    ['a later COPY', 'RUN ls\nCOPY . .', '/app/a.txt', 'absent'],
    ['an unknown source', 'ARG X\nCOPY $X ./\nRUN ls', '/app/a.txt', 'unknown'],
    ['an unknown destination', 'ARG X\nCOPY a.txt $X\nRUN ls', '/app/a.txt', 'unknown'],
    ['an archive', 'ADD a.tar.gz ./\nRUN ls', '/app/a.txt', 'unknown'],
    ['an address', 'ADD https://example.com/a.txt ./\nRUN ls', '/app/a.txt', 'unknown'],
    ['a heredoc', 'COPY <<E /app/a.txt\nx\nE\nRUN ls', '/app/a.txt', 'unknown'],
    ['another image', 'COPY --from=acme/files /x ./\nRUN ls', '/app/a.txt', 'unknown'],
    ['a program that may make it', 'RUN ./make\nRUN ls', '/app/a.txt', 'unknown'],
    ['the same in one RUN', 'RUN ./make && ls', '/app/a.txt', 'unknown'],
    ['commands that make nothing', 'RUN apt-get update && apt-get install -y git\nRUN ls', '/app/a.txt', 'absent'],
    ['a redirect', 'RUN echo x > a.txt\nRUN ls', '/app/a.txt', 'unknown'],
    ['a redirect elsewhere', 'RUN echo x > b.txt\nRUN ls', '/app/a.txt', 'absent'],
    ['rm', 'COPY a.txt ./\nRUN rm a.txt\nRUN ls', '/app/a.txt', 'unknown'],
    ['a bind mount', 'RUN --mount=type=bind,source=a.txt,target=a.txt ls', '/app/a.txt', 'present a.txt'],
    ['a bind mount of all', 'RUN --mount=type=bind,target=. ls', '/app/dir/b.txt', 'present dir/b.txt'],
    ['a bind mount of a stage', 'RUN --mount=type=bind,from=x,target=. ls', '/app/a.txt', 'unknown'],
    ['a secret', 'RUN --mount=type=secret,id=x,target=/app/a.txt ls', '/app/a.txt', 'present ?'],
    ['an install elsewhere', 'RUN npm i -g pnpm\nRUN ls', '/app/package-lock.json', 'absent'],
    ['an install here', 'COPY package.json ./\nRUN npm i\nRUN ls', '/app/package-lock.json', 'unknown'],
    [
      'an install in a directory below',
      'COPY package.json web/\nRUN cd web && npm i\nRUN ls',
      '/app/package-lock.json',
      'unknown',
    ],
    [
      'an install in another directory',
      'COPY package.json /web/\nRUN cd /web && npm i\nRUN ls',
      '/app/package-lock.json',
      'absent',
    ],
    ['a lockfile of another manager', 'COPY package.json ./\nRUN npm i\nRUN ls', '/app/yarn.lock', 'absent'],
    ['npm ci writes no lockfile', 'COPY package.json ./\nRUN npm ci\nRUN ls', '/app/package-lock.json', 'absent'],
    ['a package by name', 'RUN npm i express\nRUN ls', '/app/package.json', 'unknown'],
    ['npm config', 'RUN npm config set a b\nRUN ls', '/app/.npmrc', 'unknown'],
    ['yarn set version', 'RUN yarn set version 4\nRUN ls', '/app/.yarn/releases/yarn-4.cjs', 'unknown'],
    ['corepack enable', 'RUN corepack enable\nRUN ls', '/app/yarn.lock', 'absent'],
    ['corepack use', 'RUN corepack use yarn@4\nRUN ls', '/app/yarn.lock', 'unknown'],
    ['an unknown base', 'FROM acme/base\nWORKDIR /app\nRUN ls', '/app/a.txt', 'unknown'],
    ['the usual directory of node images', 'FROM node:24\nRUN ls', '/usr/src/app/a.txt', 'absent'],
    ['a directory of the system', 'FROM node:24\nRUN ls', '/usr/local/lib/a.txt', 'unknown'],
    ['what an application image has', 'FROM wordpress:6\nRUN ls', '/usr/src/wordpress/a.php', 'unknown'],
    [
      'the stage below',
      'FROM node:24 AS a\nWORKDIR /app\nCOPY a.txt ./\nFROM a\nRUN ls',
      '/app/a.txt',
      'present a.txt',
    ],
    [
      'another stage',
      'FROM node:24 AS a\nCOPY dir /d\nFROM node:24\nCOPY --from=a /d /e\nRUN ls',
      '/e/b.txt',
      'present dir/b.txt',
    ],
    [
      'not in another stage',
      'FROM node:24 AS a\nCOPY dir /d\nFROM node:24\nCOPY --from=a /d /e\nRUN ls',
      '/e/c.txt',
      'absent',
    ],
  ];
  it.each(cases)('%s', (_, lines, path, expected) => expect(at(lines, path)).toBe(expected));

  it('a context whose place is guessed proves nothing', () => {
    const facts = factsOf(`${NODE}COPY . .\nRUN ls\n`, FILES, 'guessed');
    const use = facts.commands()[0];
    expect(use && presenceFor(use, '/app/a.txt', facts).status).toBe('unknown');
  });

  it('at the end of a stage', () => {
    const facts = factsOf(`${NODE}RUN ls\nCOPY a.txt ./\n`, FILES);
    const [stage] = facts.stages;
    expect(stage && told(presenceAtEnd(stage, '/app/a.txt', facts))).toBe('present a.txt');
    expect(stage && told(presenceAtEnd(stage, '/app/b.txt', facts))).toBe('absent');
  });
});

describe('installs of which all is known', () => {
  const count = (lines: string): number =>
    stagedInstalls(factsOf(`${NODE}COPY package.json ./\n${lines}\n`, FILES)).length;

  it('stop the build where they fail', () => {
    expect(count('RUN npm ci')).toBe(1);
    expect(count('RUN npm ci && npm run build')).toBe(1);
    expect(count('RUN set -e; npm ci; npm run build')).toBe(1);
    expect(count('RUN set -e; set +e; npm ci; npm run build')).toBe(0);
    expect(count('RUN <<E\nset -e\nnpm ci\nnpm run build\nE')).toBe(1);
    expect(count('RUN <<E\nnpm ci\nnpm run build\nE')).toBe(0);
    expect(count('RUN npm ci; npm run build')).toBe(0);
    expect(count('RUN npm ci || npm i')).toBe(0);
    expect(count('RUN npm ci && npm run build || true')).toBe(0);
    expect(count('RUN npm ci | tee log')).toBe(0);
    expect(count('RUN npm ci & wait')).toBe(0);
    expect(count('RUN if true; then npm ci; fi')).toBe(0);
    expect(count('RUN (npm ci) || true')).toBe(0);
    expect(count('RUN ["npm", "ci"]')).toBe(1);
  });

  it('read the manifest of the context', () => {
    expect(count('RUN ./edit && npm ci')).toBe(0);
    expect(count('RUN npm pkg set a=b\nRUN npm ci')).toBe(0);
    expect(count('WORKDIR sub\nRUN npm ci')).toBe(0);
  });
});
