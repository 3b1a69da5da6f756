import { describe, expect, it } from 'vitest';
import { CHECKS } from '../scripts/buildkit/checks.js';
import {
  check,
  checkOf,
  exampleOf,
  hasShared,
  keysOf,
  readBuildkitCases,
  readBuildkitPages,
  type Warning,
} from '../scripts/buildkit/compare.js';
import { lintText } from '../src/index.js';

const skipped = hasShared ? '' : ' (skipped: no ../shared)';

/** Errors that only a real build comes to, so that `docker build --check` does not see them either. */
const ONLY_A_BUILD: Readonly<Record<string, string>> = {
  'CopyIgnoredFile/testCopyIgnoredFiles/01': 'the source is missing in what the build is sent; the check warns of it',
  'CopyIgnoredFile/testCopyIgnoredFiles/02': 'the source is missing in what the build is sent; the check warns of it',
  'CopyIgnoredFile/testCopyIgnoredFiles/03':
    'the source is missing in what the build is sent, and the check is skipped',
  'source-map/invalidsyntax': 'the frontend that `# syntax=` names is not in the registry',
  'source-map/invalidrun': 'the command of RUN is not in the image',
  'source-map/invalidcopy': 'the source of COPY is not in the context',
  'source-map/invalidcopyfrom': 'the image of COPY --from is not in the registry',
  'source-map/invalidmultiline': 'the command of RUN is not in the image',
};

/** Examples of BuildKit's pages on which it answers otherwise than they say. */
const WRONG_EXAMPLES: readonly string[] = [
  'CopyIgnoredFile:35',
  'InvalidDefinitionDescription:53',
  'LegacyKeyValueFormat:28',
];

it('every check of BuildKit is a rule', () => {
  expect([...new Set(checkOf.values())].sort()).toEqual(CHECKS);
});

describe.skipIf(!hasShared)(`buildkit-lint.json${skipped}`, () => {
  const cases = readBuildkitCases();

  it('has as many cases as we know of', () => expect(cases).toHaveLength(95));

  it('has the errors that only a build sees, and no others', () => {
    const real = cases.filter(({ buildError }) => buildError && !buildError.inCheck).map(({ id }) => id);
    expect(real.sort()).toEqual(Object.keys(ONLY_A_BUILD).sort());
  });

  it.each(cases.map((one) => [one.id, one] as const))('%s', (id, one) => {
    const { warnings, errors } = check(one);
    if (one.expectChecked !== false) expect(keysOf(warnings)).toEqual(expected(one.expect));
    if (one.expectBuild) expect(keysOf(warnings.filter((it) => !it.isUnreachable))).toEqual(expected(one.expectBuild));
    const isPromoted = one.buildError?.message?.startsWith('lint violation found') === true;
    expect(one.expect.every(({ level }) => level === 1)).toBe(true);
    for (const { severity } of warnings) expect(severity).toBe(isPromoted ? 'error' : 'warning');
    if (isPromoted || id in ONLY_A_BUILD || !one.buildError) expect(errors).toEqual([]);
    else expect(errors).toContain(one.buildError.line);
  });

  function expected(list: readonly Warning[]): readonly string[] {
    return keysOf(list);
  }
});

describe.skipIf(!hasShared)(`buildkit-docs.json${skipped}`, () => {
  const pages = readBuildkitPages();

  it('has a page of each check but the one that needs a registry', () => {
    expect(pages.map(({ rule }) => rule)).toEqual(CHECKS.filter((name) => name !== 'InvalidBaseImagePlatform'));
  });

  it('is wrong where we know it to be', () => {
    const wrong = pages.flatMap(({ rule, details }) =>
      details.filter(({ status }) => status === 'contradiction').map(({ docLine }) => `${rule}:${docLine}`),
    );
    expect(wrong).toEqual(WRONG_EXAMPLES);
  });

  const examples = pages.flatMap((page) => page.details.map((detail) => [page, detail] as const));
  it.each(examples.map(([page, detail]) => [`${page.rule}:${detail.docLine} ${detail.kind}`, page, detail] as const))(
    '%s',
    (_, page, detail) => {
      const example = exampleOf(page, detail);
      if (!example) return expect(detail.kind).toBe('other');
      expect(check(example).warnings.some(({ rule }) => rule === page.rule)).toBe(example.fires);
    },
  );
});

describe('experimental checks', () => {
  const text = '# about something else\nFROM scratch AS base\n';
  const asked = `# check=experimental=InvalidDefinitionDescription\n${text}`;
  const RULE = 'instruction/definition-description';
  const found = (file: string, options: Parameters<typeof lintText>[1] = {}) =>
    lintText(file, options).findings.filter(({ rule }) => rule === RULE).length;

  it('run where the file asks for them, under any preset', () => {
    expect(found(asked, { presets: ['buildkit'] })).toBe(1);
    expect(found(asked)).toBe(1);
    expect(found(`# check=experimental=all\n${text}`)).toBe(1);
  });

  it('and nowhere else', () => {
    expect(found(text, { presets: ['buildkit'] })).toBe(0);
    expect(found(text, { presets: ['strict'] })).toBe(0);
    expect(found(text, { presets: ['all'] })).toBe(1);
  });

  it('stay off where somebody has turned them off', () => {
    expect(found(asked, { presets: ['buildkit'], rules: { [RULE]: 'off' } })).toBe(0);
    expect(found(asked, { presets: ['buildkit'], rules: { InvalidDefinitionDescription: 'off' } })).toBe(0);
  });

  it('run where the argument of the build asks for them', () => {
    const buildArgs = { BUILDKIT_DOCKERFILE_CHECK: 'experimental=all' };
    expect(found(text, { presets: ['buildkit'], buildArgs })).toBe(1);
    expect(found(asked, { presets: ['buildkit'], buildArgs: { BUILDKIT_DOCKERFILE_CHECK: 'error=true' } })).toBe(0);
  });

  it('are not skipped by skip=all', () => {
    for (const asked of ['InvalidDefinitionDescription', 'all'])
      expect(found(`# check=skip=all;experimental=${asked}\n${text}`, { presets: ['buildkit'] })).toBe(1);
  });
});

describe('BUILDKIT_DOCKERFILE_CHECK', () => {
  const file = 'FROM scratch as base\nCMD run\n';
  const said = (value: string | null, text = file) =>
    lintText(text, {
      presets: ['buildkit'],
      ...(value === null ? {} : { buildArgs: { BUILDKIT_DOCKERFILE_CHECK: value } }),
    })
      .findings.filter(({ suppressed }) => !suppressed)
      .map(({ rule, severity }) => `${severity} ${rule}`);

  it('skips as the directive would', () => {
    expect(said(null)).toEqual(['warning base/from-as-casing', 'warning runtime/exec-form']);
    expect(said('skip=FromAsCasing')).toEqual(['warning runtime/exec-form']);
    expect(said('skip=all')).toEqual([]);
  });

  it('makes errors, and takes the place of the directive', () => {
    expect(said('error=true', `# check=skip=all\n${file}`)).toEqual([
      'error base/from-as-casing',
      'error runtime/exec-form',
    ]);
  });
});
