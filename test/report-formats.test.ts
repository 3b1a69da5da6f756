import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { XmlDocument, type XmlElement, XsdValidator } from 'libxml2-wasm';
import { afterAll, describe, expect, test } from 'vitest';
import type { Report } from '../src/model/report.js';
import { createSource } from '../src/model/source.js';
import { type FormatName, loadReporter } from '../src/reporters/index.js';
import { PLAIN } from '../src/reporters/types.js';
import { xmlTag, xmlText } from '../src/reporters/xml.js';
import { finding, hostile, places, REPORTS, report, sampleReport, spanOf } from './support/reports.js';

const FIXTURES = `${import.meta.dirname}/fixtures/reporters`;
const ALL = Object.entries(REPORTS);

async function rendered(format: FormatName, subject: Report): Promise<string> {
  return (await loadReporter(format))(subject, PLAIN);
}

/** One finding at a place of a text. */
function single(text: string, at: string, path = 'Dockerfile'): Report {
  const file = createSource(path, text);
  return report([{ source: file, context: null, findings: [finding(file, at)] }]);
}

describe('JSON', () => {
  const SEVERITY = { enum: ['info', 'minor', 'major', 'critical', 'blocker'] };
  const LINE = { type: 'integer', minimum: 1 };
  /** On one line. */
  const TEXT = { type: 'string', minLength: 1, not: { pattern: '\\n' } };
  const PATH = { type: 'string', minLength: 1 };
  const POSITION = strict({ line: LINE, column: LINE });
  const LOCATION = {
    oneOf: [
      strict({ path: PATH, lines: strict({ begin: LINE, end: LINE }) }),
      strict({ path: PATH, positions: strict({ begin: POSITION, end: POSITION }) }),
    ],
  };
  const CATEGORY = {
    enum: ['Bug Risk', 'Clarity', 'Compatibility', 'Complexity', 'Duplication', 'Performance', 'Security', 'Style'],
  };
  const TEXT_RANGE = {
    ...strict({ startLine: LINE }, { endLine: LINE, startColumn: { minimum: 0 }, endColumn: { minimum: 0 } }),
    dependentRequired: { startColumn: ['endLine', 'endColumn'], endColumn: ['startColumn'] },
  };
  const SCHEMAS = {
    // https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
    gitlab: {
      type: 'array',
      items: strict({
        description: TEXT,
        check_name: TEXT,
        fingerprint: TEXT,
        severity: SEVERITY,
        location: strict({ path: PATH, lines: strict({ begin: LINE }, { end: LINE }) }),
      }),
    },
    // https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md#issues
    codeclimate: {
      type: 'array',
      items: strict(
        {
          type: { const: 'issue' },
          check_name: TEXT,
          description: TEXT,
          categories: { type: 'array', minItems: 1, items: CATEGORY },
          location: LOCATION,
          severity: SEVERITY,
          fingerprint: TEXT,
        },
        {
          content: strict({ body: { type: 'string' } }),
          trace: strict({ locations: { type: 'array', items: LOCATION } }),
          remediation_points: { type: 'integer' },
        },
      ),
    },
    // https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/importing-external-issues/generic-issue-import-format
    sonarqube: strict({
      rules: {
        type: 'array',
        items: strict({
          id: TEXT,
          name: TEXT,
          description: TEXT,
          engineId: TEXT,
          cleanCodeAttribute: {
            enum: [
              ...['FORMATTED', 'CONVENTIONAL', 'IDENTIFIABLE', 'CLEAR', 'LOGICAL', 'COMPLETE', 'EFFICIENT'],
              ...['FOCUSED', 'DISTINCT', 'MODULAR', 'TESTED', 'LAWFUL', 'TRUSTWORTHY', 'RESPECTFUL'],
            ],
          },
          type: { enum: ['BUG', 'VULNERABILITY', 'CODE_SMELL'] },
          severity: { enum: ['BLOCKER', 'CRITICAL', 'MAJOR', 'MINOR', 'INFO'] },
          impacts: {
            type: 'array',
            minItems: 1,
            items: strict({
              softwareQuality: { enum: ['SECURITY', 'RELIABILITY', 'MAINTAINABILITY'] },
              severity: { enum: ['HIGH', 'MEDIUM', 'LOW'] },
            }),
          },
        }),
      },
      issues: {
        type: 'array',
        items: strict(
          {
            engineId: TEXT,
            ruleId: TEXT,
            primaryLocation: strict({ message: TEXT, filePath: PATH }, { textRange: TEXT_RANGE }),
          },
          {
            secondaryLocations: {
              type: 'array',
              items: strict({ message: TEXT, filePath: PATH, textRange: TEXT_RANGE }),
            },
          },
        ),
      },
    }),
  } as const;

  const ajv = new Ajv({ strict: false, allErrors: true });

  describe.each(Object.entries(SCHEMAS))('%s', (name, schema) => {
    const validate = ajv.compile(schema);

    test.each(ALL)('is valid: %s', async (_, subject) => {
      validate(JSON.parse(await rendered(name as FormatName, subject)));
      expect(validate.errors ?? []).toEqual([]);
    });

    test('has only text that UTF-8 and a database can hold, but for the path', async () => {
      const strings: string[] = [];
      JSON.parse(await rendered(name as FormatName, hostile()), (key, value) => {
        if (typeof value === 'string' && key !== 'path' && key !== 'filePath') strings.push(value);
        return value;
      });
      // Two paragraphs of Markdown are the only text with line feeds.
      for (const text of strings) expect(text.replaceAll('\n\n', '')).not.toMatch(/\p{Control}|\p{Surrogate}/u);
    });
  });

  test.each(['gitlab', 'codeclimate'] as const)('%s: a fingerprint for each issue, stable', async (format) => {
    for (const [name, subject] of ALL) {
      const prints = fingerprints(await rendered(format, subject));
      expect(new Set(prints).size, name).toBe(prints.length);
    }
    const [before] = fingerprints(await rendered(format, single('FROM a\nRUN b\n', 'RUN')));
    const [after] = fingerprints(await rendered(format, single('# c\nFROM a:1\n\n  RUN   b\n', 'RUN')));
    expect(after).toBe(before);
    expect(fingerprints(await rendered(format, single('FROM a\nRUN c\n', 'RUN')))[0]).not.toBe(before);
    expect(fingerprints(await rendered(format, single('FROM a\nRUN b\n', 'RUN', 'x/Dockerfile')))[0]).not.toBe(before);
  });

  test('a finding is located in the file that it stands in', async () => {
    const paths = JSON.parse(await rendered('gitlab', places())).map((issue: Issue) => issue.location.path);
    expect(paths.slice(-2)).toEqual(['.dockerignore', '.dockerignore']);
    const { issues } = JSON.parse(await rendered('sonarqube', places()));
    expect(issues.at(-1).primaryLocation.filePath).toBe('.dockerignore');
  });

  test('severities keep their order', async () => {
    const severities = JSON.parse(await rendered('gitlab', sampleReport())).map(({ severity }: Issue) => severity);
    expect(severities).toEqual(['major', 'info', 'minor', 'critical', 'major']);
  });

  test('what could not be linted is an issue', async () => {
    const [issue] = JSON.parse(await rendered('gitlab', REPORTS.failed));
    expect([issue.check_name, issue.severity, issue.location.path]).toEqual(['not-linted', 'blocker', 'gone']);
  });

  test('a path that UTF-8 cannot hold', async () => {
    const subject = single('FROM a', 'FROM', 'a\ud83d/Dockerfile');
    for (const format of ['gitlab', 'codeclimate'] as const)
      expect(JSON.parse(await rendered(format, subject))[0].location.path).toBe('a\ufffd/Dockerfile');
  });

  describe('sonarqube', () => {
    test.each(ALL)('each rule is listed once, and each issue has one: %s', async (_, subject) => {
      const { rules, issues } = JSON.parse(await rendered('sonarqube', subject));
      const ids = rules.map(({ id }: { id: string }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect([...new Set(issues.map(({ ruleId }: { ruleId: string }) => ruleId))].sort()).toEqual(ids.sort());
    });

    test('the worst of its findings decides over a rule', async () => {
      const { rules } = JSON.parse(await rendered('sonarqube', sampleReport()));
      const [copy, install] = rules;
      expect([copy.id, copy.severity, copy.impacts[0].severity]).toEqual(['context/copy-ignored', 'CRITICAL', 'HIGH']);
      expect([install.id, install.severity]).toEqual(['apt/no-recommends', 'MINOR']);
    });

    test('columns count from 0, and only where they can be told', async () => {
      const rangeOf = async (subject: Report) =>
        JSON.parse(await rendered('sonarqube', subject)).issues[0].primaryLocation.textRange;
      expect(await rangeOf(single('FROM a\nRUN \ud83d\ude00 b', 'b'))).toEqual({
        startLine: 2,
        endLine: 2,
        startColumn: 7,
        endColumn: 8,
      });
      expect(await rangeOf(single('FROM a\r\nRUN b', 'a\r\n'))).toMatchObject({
        startColumn: 5,
        endLine: 2,
        endColumn: 0,
      });
      expect(await rangeOf(single('FROM a\r\nRUN b', 'a\r'))).toMatchObject({ endLine: 1, endColumn: 6 });
      expect(await rangeOf(single('FROM a\rb\nRUN b', 'RUN'))).toEqual({ startLine: 2 });
      expect(await rangeOf(single('FROM a', ''))).toEqual({ startLine: 1 });
    });
  });
});

describe('XML', () => {
  const validators = { checkstyle: validatorOf('checkstyle'), junit: validatorOf('junit') } as const;
  afterAll(() => {
    for (const { dispose } of Object.values(validators)) dispose();
  });

  describe.each(['checkstyle', 'junit'] as const)('%s', (format) => {
    test.each(ALL)('is valid: %s', async (_, subject) => {
      validators[format].validate(await rendered(format, subject));
    });

    test('each character of the BMP in a message, a path and a rule', async () => {
      const path = String.fromCharCode(...Array.from({ length: 0x10000 }, (_, code) => code));
      const file = createSource(path, 'FROM a');
      const found = finding(file, 'FROM', { message: path, help: path, rule: path });
      const failures = [{ path, message: path }];
      validators[format].validate(
        await rendered(format, { ...report([{ source: file, context: null, findings: [found] }]), failures }),
      );
    });
  });

  test('the validator refuses what is not well-formed, or not the format', () => {
    for (const text of ['<checkstyle version="4.3">\u0001</checkstyle>', '<checkstyle version="4.3">&#1;</checkstyle>'])
      expect(() => validators.checkstyle.validate(text)).toThrow();
    expect(() => validators.checkstyle.validate('<checkstyle version="4.3"><file/></checkstyle>')).toThrow();
    expect(() => validators.junit.validate('<testsuites tests="1"/>')).toThrow();
  });

  test('text comes back as it was, but for what XML forbids', async () => {
    const message = 'a & b < c > d "e" \'f\' ]]> <![CDATA[ g ]]> <!-- h --> &amp; \u{1f600} \u{10ffff}';
    const file = createSource('a & "b" <c>.Dockerfile', 'FROM a');
    const subject = report([{ source: file, context: null, findings: [finding(file, 'FROM', { message })] }]);
    expect(valuesOf(await rendered('checkstyle', subject), '//file/@name')).toEqual([file.path]);
    expect(valuesOf(await rendered('checkstyle', subject), '//error/@message')).toEqual([message]);
    expect(valuesOf(await rendered('junit', subject), '//failure/@message')).toEqual([message]);
    expect(valuesOf(await rendered('junit', subject), '//failure')[0]).toContain(message);
    expect(xmlText('\u0000\u0001\t\n\r\u0085\ud83d\ufffe\uffff')).toBe('␀␁␉␊␍\\u{85}\\u{d83d}\\u{fffe}\\u{ffff}');
    expect(xmlTag('a', { b: 'c"', d: 0, e: null })).toBe('a b="c&#34;" d="0"');
  });

  describe('checkstyle', () => {
    test('a file for each that was linted or has findings, once', async () => {
      const names = valuesOf(await rendered('checkstyle', places()), '//file/@name');
      expect(names).toEqual(['Dockerfile', '.dockerignore', 'web/Dockerfile']);
    });
  });

  describe('junit', () => {
    test('the sums are those of the tests', async () => {
      for (const [, subject] of ALL) {
        const text = await rendered('junit', subject);
        for (const [attribute, path] of [
          ['tests', '//testcase'],
          ['failures', '//failure'],
          ['errors', '//error'],
        ]) {
          const found = String(valuesOf(text, path ?? '').length);
          expect(valuesOf(text, `/testsuites/@${attribute}`)).toEqual([found]);
          const sum = valuesOf(text, `//testsuite/@${attribute}`).reduce((total, value) => total + Number(value), 0);
          expect(String(sum)).toBe(found);
        }
      }
    });

    test('a passed test for a clean file, an error for one that could not be linted', async () => {
      const clean = await rendered('junit', REPORTS.clean);
      expect(valuesOf(clean, '//testcase/@classname')).toEqual(['Dockerfile', 'web/Dockerfile']);
      expect(valuesOf(clean, '//testcase/*')).toEqual([]);
      expect(valuesOf(await rendered('junit', REPORTS.failed), '//error/@message')).toEqual([
        'no such file or directory',
        'permission denied',
      ]);
    });

    test('no two tests of a suite have one name, and no name holds a line', async () => {
      for (const [, subject] of ALL) {
        const text = await rendered('junit', subject);
        const classes = valuesOf(text, '//testcase/@classname');
        const names = valuesOf(text, '//testcase/@name').map((name, index) => `${classes[index]} ${name}`);
        expect(new Set(names).size).toBe(names.length);
      }
      const names = async (text: string) => valuesOf(await rendered('junit', single(text, 'RUN')), '//testcase/@name');
      expect(await names('FROM a\nRUN b')).toEqual(await names('\n\nFROM a\n  RUN b'));
    });
  });
});

describe('gnu', () => {
  const placeOf = async (text: string, at: string) => {
    const out = await rendered('gnu', single(text, at));
    return out.slice('Dockerfile:'.length, out.indexOf(': '));
  };

  test.each([
    ['FROM a', 'FROM', '1.1-1.4'],
    ['FROM a\nRUN b', 'b', '2.5-2.5'],
    ['RUN\tapt', 'apt', '1.9-1.11'],
    ['RUN echo\t\u6f22\tapt', 'apt', '1.25-1.27'],
    ['RUN \ud55c\uad6d\uc5b4 apt', 'apt', '1.12-1.14'],
    ['RUN \ud55c\uad6d\uc5b4', '\uad6d', '1.7-1.8'],
    ['RUN \u{1f469}\u200d\u{1f4bb} apt', 'apt', '1.8-1.10'],
    ['FROM a\r\nRUN b\r\n', 'a\r\nRUN b\r\n', '1.6-2.5'],
    ['FROM a\n\n', 'a\n\n', '1.6-1.6'],
    ['FROM a', '', '1.1'],
  ])('%j, %j: %s', async (text, at, place) => {
    expect(spanOf(text, at).start).toBeGreaterThanOrEqual(0);
    expect(await placeOf(text, at)).toBe(place);
  });

  test('many findings in a line of 5 MB cost little', async () => {
    const file = createSource('Dockerfile', `RUN ${'echo \u00e9 && '.repeat(600_000)}needle`);
    const findings = Array.from({ length: 200 }, () => finding(file, 'needle'));
    const start = performance.now();
    await rendered('gnu', report([{ source: file, context: null, findings }]));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

interface Issue {
  readonly check_name: string;
  readonly severity: string;
  readonly fingerprint: string;
  readonly location: { readonly path: string };
}

function fingerprints(text: string): readonly string[] {
  return JSON.parse(text).map((issue: Issue) => issue.fingerprint);
}

/** An object with these keys and no others. */
function strict(required: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}) {
  const properties = { ...required, ...optional };
  return { type: 'object', properties, required: Object.keys(required), additionalProperties: false } as const;
}

function validatorOf(name: string) {
  const schema = XmlDocument.fromString(readFileSync(`${FIXTURES}/${name}.xsd`, 'utf8'));
  const validator = XsdValidator.fromDoc(schema);
  return {
    /** @throws for what is not well-formed or not valid. */
    validate(text: string): void {
      const document = XmlDocument.fromString(text);
      try {
        validator.validate(document);
      } finally {
        document.dispose();
      }
    },
    dispose(): void {
      validator.dispose();
      schema.dispose();
    },
  };
}

/** Text of the attributes or elements that an XPath names. */
function valuesOf(text: string, path: string): readonly string[] {
  const document = XmlDocument.fromString(text);
  try {
    return document.find(path).map((node) => (node as XmlElement).content);
  } finally {
    document.dispose();
  }
}
