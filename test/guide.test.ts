import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { presetRules } from '../src/engine/presets.js';
import type { RuleSettings } from '../src/engine/types.js';
import { textAt } from '../src/model/source.js';
import { rules } from '../src/rules/index.js';
import { defaultOptions, lintFiles } from './support/lint-one.js';

/** The app of the guide that the project began from, in our own words: a web server with express on port 8080. */
const APP: Readonly<Record<string, string>> = Object.fromEntries(
  ['Dockerfile', '.dockerignore', 'package.json', 'server.js'].map((name) => [
    name,
    readFileSync(`examples/node-web-app/${name}`, 'utf8'),
  ]),
);

const RECOMMENDED: RuleSettings = new Map(
  presetRules('recommended', rules).map((rule) => [
    rule.id,
    { severity: rule.severity, explicit: false, varies: true, options: defaultOptions(rule.options) },
  ]),
);

describe('the app as the guide has it', () => {
  it('reports what is true and nothing that the guide does right', () => {
    expect(found(APP)).toEqual(['base/no-eol: 12', 'node/prefer-ci: install', 'node/env-production: CMD']);
  });
});

describe('each point of the guide, broken in turn, is reported at the right token', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string, RegExp])[] = [
    [
      'source copied before the install',
      edit({ 'COPY package*.json ./\nRUN npm install\n\nCOPY . .': 'COPY . .\nRUN npm install' }),
      'node/copy-manifest-first: .',
      /install/,
    ],
    ['no .dockerignore', without('.dockerignore'), 'context/ignore-missing: .', /\.dockerignore/],
    [
      'node_modules not ignored',
      { ...APP, '.dockerignore': 'npm-debug.log\n' },
      'context/ignore-node-modules: .',
      /node_modules/,
    ],
    ['no EXPOSE', edit({ 'EXPOSE 8080\n': '' }), 'runtime/expose-missing: CMD', /8080/],
    ['a wrong port', edit({ 'EXPOSE 8080': 'EXPOSE 3000' }), 'runtime/expose-mismatch: 3000', /8080/],
    [
      'shell-form CMD',
      edit({ 'CMD ["node", "server.js"]': 'CMD node server.js' }),
      'runtime/exec-form: node server.js',
      /signal|SIGTERM/,
    ],
    ['no WORKDIR', edit({ 'WORKDIR /usr/src/app\n': '' }), 'instruction/require-workdir: ./', /WORKDIR/],
    ['no tag', edit({ 'FROM node:12': 'FROM node' }), 'base/require-tag: node', /tag/],
    ['a moving tag', edit({ 'FROM node:12': 'FROM node:latest' }), 'base/no-latest: latest', /latest/],
    [
      'npm start',
      edit({ 'CMD ["node", "server.js"]': 'CMD ["npm", "start"]' }),
      'node/no-npm-start: "npm", "start"',
      /node server\.js|"node", "server\.js"/,
    ],
  ];

  it.each(cases)('%s', (_, files, expected, words) => {
    expect(found(files)).toContain(expected);
    const rule = expected.slice(0, expected.indexOf(':'));
    const { findings } = lintFiles(files, RECOMMENDED);
    const finding = findings.find((one) => one.rule === rule);
    expect(`${finding?.message} ${finding?.help}`).toMatch(words);
    // A broken point may silence what was said before; it brings up nothing else.
    const before = [...found(APP).map((one) => one.slice(0, one.indexOf(':'))), rule];
    for (const other of findings) expect(before).toContain(other.rule);
  });
});

describe('the app put right', () => {
  const right = {
    ...edit({
      'FROM node:12': 'FROM node:24-slim',
      'RUN npm install': 'RUN npm ci --omit=dev',
      'COPY . .': 'COPY . .\nUSER node',
      'EXPOSE 8080': 'ENV NODE_ENV=production\nEXPOSE 8080',
    }),
    'package-lock.json': '{ "name": "node-web-app", "lockfileVersion": 3, "packages": {} }\n',
  };

  it('has no finding', () => expect(found(right)).toEqual([]));
});

function found(files: Readonly<Record<string, string>>): readonly string[] {
  const { findings, crashed } = lintFiles(files, RECOMMENDED);
  expect(crashed).toEqual([]);
  return findings.map((finding) => `${finding.rule}: ${textAt(finding.at.file, finding.at.span)}`);
}

function edit(changes: Readonly<Record<string, string>>): Record<string, string> {
  let dockerfile = APP.Dockerfile ?? '';
  for (const [from, to] of Object.entries(changes)) {
    expect(dockerfile).toContain(from);
    dockerfile = dockerfile.replace(from, to);
  }
  return { ...APP, Dockerfile: dockerfile };
}

function without(name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(APP).filter(([path]) => path !== name));
}
