import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../src/model/version.js';
import { rules } from '../src/rules/index.js';
import { readCases } from './support/fixture-case.js';

const ids = rules.map((rule) => rule.id);

describe('a rule is one file, one page and one folder of cases, without exception', () => {
  it('files', () => expect(pathsBelow('src/rules', '.ts')).toEqual(ids));

  it('pages', () => expect(pathsBelow('docs/rules', '.md')).toEqual(ids));

  it('folders', () => expect([...new Set(readCases().map((one) => one.rule))]).toEqual(ids));

  it('the registry is sorted and each id is its path', () => expect(ids).toEqual(ids.toSorted()));

  it('no name is taken twice, but for checks of BuildKit that are several rules here', () => {
    const names = rules.flatMap((rule) => [rule.id, ...new Set(rule.aliases)]);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    expect([...new Set(twice)]).toEqual(twice.length > 0 ? ['MultipleInstructionsDisallowed'] : []);
  });

  it.each(ids)('%s has cases where it fires and at least as many where it must not', (id) => {
    const cases = readCases().filter((one) => one.rule === id);
    const bad = cases.filter((one) => one.name.startsWith('bad-')).length;
    expect(bad).toBeGreaterThan(0);
    expect(cases.length - bad).toBeGreaterThanOrEqual(bad);
  });
});

it('the version is that of package.json', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8')).version).toBe(VERSION);
});

describe('rules stay small', () => {
  const lengths = ids.map((id) => readFileSync(`src/rules/${id}.ts`, 'utf8').split('\n').length - 1);

  it('the median rule has 60 lines at most', () => {
    expect(lengths.toSorted((a, b) => a - b)[lengths.length >> 1]).toBeLessThanOrEqual(60);
  });

  it('no rule has more than 150', () => expect(ids.filter((_, index) => (lengths[index] ?? 0) > 150)).toEqual([]));
});

function pathsBelow(directory: string, extension: string): readonly string[] {
  return readdirSync(directory)
    .filter((family) => statSync(join(directory, family)).isDirectory())
    .flatMap((family) =>
      readdirSync(join(directory, family))
        .filter((name) => name.endsWith(extension) && existsSync(join(directory, family, name)))
        .map((name) => `${family}/${name.slice(0, -extension.length)}`),
    )
    .sort();
}
