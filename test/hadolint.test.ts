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

/** Codes of hadolint that no rule stands for yet. */
const PENDING: readonly string[] = (
  'DL1001 DL3001 DL3008 DL3010 DL3013 DL3016 DL3018 DL3021 DL3022 DL3023 DL3026 DL3027 DL3028 DL3029 DL3030 DL3032 DL3033 ' +
  'DL3034 DL3035 DL3036 DL3037 DL3038 DL3040 DL3041 DL3042 DL3043 DL3044 DL3046 DL3047 DL3048 DL3049 DL3050 DL3051 DL3052 ' +
  'DL3053 DL3054 DL3055 DL3056 DL3057 DL3058 DL3059 DL3060 DL3062 DL3063 DL3065 DL3066 DL3067 DL4001 DL4005'
).split(' ');
/** Codes whose rules do not read a file as hadolint does yet. */
const UNLIKE: readonly string[] = ['DL3009', 'DL3014', 'DL3015', 'DL3019'];

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

  it('are no longer called pending', () => expect(PENDING.filter((code) => codes.has(code))).toEqual([]));
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

  it.each([...codes, '*'].sort())('%s is answered as recorded, but for the differences', (code) => {
    const judged = cases.filter(({ rule }) => rule === code);
    const differing = judged.flatMap((one) => {
      const answer = answerCase(one);
      return answer && isAsExpected(one, answer) ? [] : [`${one.id}: ${one.name}`];
    });
    const recorded = judged.flatMap(({ id, name }) => (knownCases.has(id) ? [`${id}: ${name}`] : []));
    if (!UNLIKE.includes(code)) expect(differing).toEqual(recorded);
  });
});

describe.skipIf(!hasShared)(`the preset hadolint, by the levels of hadolint${skipped}`, () => {
  const levels = new Map(readHadolintLevels().map(({ code, level }) => [code, level]));

  it.each([...codeOf])('%s has the level of %s', (id, code) => {
    const like = rules.find((rule) => rule.id === id)?.like.hadolint;
    const level = levels.get(code);
    expect(level).toBeDefined();
    expect(like?.off ?? false).toBe(level === 'ignore');
    if (level !== 'ignore') expect(like?.severity).toBe(level === 'style' ? 'info' : level);
  });

  it('each of its codes has a rule or is pending', () => {
    expect([...levels.keys()].filter((code) => !codes.has(code) && !PENDING.includes(code))).toEqual([]);
  });
});

describe.skipIf(!hasShared)(`the preset hadolint, by what hadolint says of real files${skipped}`, () => {
  const { theirs, ours } = hasShared ? compareCorpus() : { theirs: new Set<string>(), ours: new Set<string>() };
  const isJudged = (finding: string) => {
    const code = finding.slice(-'DL0000'.length);
    return codes.has(code) && !UNLIKE.includes(code) && !knownCorpus.has(finding);
  };

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
    expect([...knownCorpus].filter((finding) => theirs.has(finding) === ours.has(finding))).toEqual([]);
  });

  it('what does not agree yet does not agree', () => {
    const agrees = (code: string) => {
      const of = (side: ReadonlySet<string>) => [...side].filter((one) => one.endsWith(code) && !knownCorpus.has(one));
      return of(theirs).every((one) => ours.has(one)) && of(ours).every((one) => theirs.has(one));
    };
    expect(UNLIKE.filter(agrees)).toEqual([]);
  });
});
