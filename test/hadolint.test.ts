import { describe, expect, it } from 'vitest';
import {
  answerCase,
  codeOf,
  compareCorpus,
  hasShared,
  isAsExpected,
  readHadolintCases,
  readHadolintLevels,
} from '../scripts/hadolint/compare.js';
import { readDifferences } from '../scripts/hadolint/differences.js';
import { rules } from '../src/rules/index.js';

/** Of 832 cases; more would be another linter. */
const MOST_CASES = 15;
const SHARE = 0.99;

const skipped = hasShared ? '' : ' (skipped: no ../shared)';
const codes = new Set(codeOf.values());
const differences = readDifferences();
const knownCases = new Set(differences.flatMap(({ cases }) => cases));
const knownCorpus = new Set(differences.flatMap(({ corpus }) => corpus));

describe('rules that stand for one of hadolint', () => {
  it('stand for one code at most', () => {
    const several = rules.filter((rule) => rule.aliases.filter((alias) => /^DL\d{4}$/.test(alias)).length > 1);
    expect(several.map(({ id }) => id)).toEqual([]);
  });

  it('say what they are to it', () => {
    const silent = rules.filter((rule) => codeOf.has(rule.id) !== (rule.like.hadolint !== undefined));
    expect(silent.map(({ id }) => id)).toEqual([]);
  });
});

describe('differences from hadolint', () => {
  it('are few', () => expect(knownCases.size).toBeLessThanOrEqual(MOST_CASES));

  it.each(differences.map((one) => [one.id, one] as const))('%s has a reason, and something to show', (id, one) => {
    expect(id).toMatch(/^[a-z\d]+(?:-[a-z\d]+)*$/);
    expect(one.title).toMatch(/^[^\n]+[^.\n]$/);
    expect(one.reason).toMatch(/^[^\n]{40,}$/);
    expect(one.cases.length + one.corpus.length).toBeGreaterThan(0);
    const shown = one.corpus.map((entry) => entry.split(':')[2] ?? '');
    expect(shown.filter((code) => !one.codes.includes(code))).toEqual([]);
  });

  it('name each case and each finding once', () => {
    const all = differences.flatMap(({ cases, corpus }) => [...cases, ...corpus]);
    expect(all.filter((entry, index) => all.indexOf(entry) !== index)).toEqual([]);
  });
});

describe.skipIf(!hasShared)(`the preset hadolint, by the tests of hadolint${skipped}`, () => {
  const cases = readHadolintCases();

  it('differences name cases that are there', () => {
    const ids = new Set(cases.map(({ id }) => id));
    expect([...knownCases].filter((id) => !ids.has(id))).toEqual([]);
  });

  it('are all judged, here or with ShellCheck', () => {
    expect(cases).toHaveLength(832);
    expect(cases.filter(({ rule }) => !codes.has(rule) && !['*', 'DL1000', 'SC'].includes(rule))).toEqual([]);
  });

  it.each([...codes, '*', 'DL1000'].sort())('%s is answered as recorded, but for the differences', (code) => {
    const judged = cases.filter(({ rule }) => rule === code);
    const differing = judged.flatMap((one) => {
      const answer = answerCase(one);
      return answer && isAsExpected(one, answer) ? [] : [`${one.id}: ${one.name}`];
    });
    const recorded = judged.flatMap(({ id, name }) => (knownCases.has(id) ? [`${id}: ${name}`] : []));
    expect(differing).toEqual(recorded);
  });
});

describe.skipIf(!hasShared)(`the preset hadolint, by the levels of hadolint${skipped}`, () => {
  const levels = new Map(readHadolintLevels().map(({ code, level }) => [code, level]));

  it.each([...codeOf])('%s has the level of %s', (id, code) => {
    const like = rules.find((rule) => rule.id === id)?.like.hadolint;
    const level = levels.get(code);
    expect(level).toBeDefined();
    expect(like?.off ?? false).toBe(level === 'ignore');
    if (level !== 'ignore') expect(like?.severity).toBe(level);
  });

  it('each of its codes has a rule', () => {
    expect([...levels.keys()].filter((code) => !codes.has(code))).toEqual([]);
    expect(levels.size).toBe(71);
  });
});

describe.skipIf(!hasShared)(`the preset hadolint, by what hadolint says of real files${skipped}`, () => {
  const { theirs, ours } = hasShared ? compareCorpus() : { theirs: new Set<string>(), ours: new Set<string>() };
  const isJudged = (finding: string) => !knownCorpus.has(finding);

  it.each([
    ['of its findings are ours', theirs, ours],
    ['of our findings are its', ours, theirs],
  ] as const)('99 %% %s', (_, side, other) => {
    const judged = [...side].filter(isJudged);
    const alone = judged.filter((finding) => !other.has(finding));
    expect(judged.length).toBeGreaterThan(0);
    expect(alone.length / judged.length, alone.join('\n')).toBeLessThanOrEqual(1 - SHARE);
  });

  it('differences name findings that one of the two has, and the other has not', () => {
    const known = [...knownCorpus].filter((finding) => !/:SC\d+$/.test(finding));
    expect(known.filter((finding) => theirs.has(finding) === ours.has(finding))).toEqual([]);
  });
});
