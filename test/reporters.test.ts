import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../src/model/finding.js';
import type { FileReport, Report, RuleInfo } from '../src/model/report.js';
import { createSource, type SourceFile } from '../src/model/source.js';
import type { Span } from '../src/model/span.js';
import { displayWidth } from '../src/reporters/cells.js';
import { conceal } from '../src/reporters/conceal.js';
import { FORMATS, isFormat, loadReporter } from '../src/reporters/index.js';
import { PLAIN, type RenderEnv } from '../src/reporters/types.js';
import { safeJson, visible } from '../src/reporters/visible.js';

const FIXTURES = `${import.meta.dirname}/fixtures/reporters`;

describe('one report in every format', () => {
  for (const format of FORMATS) {
    for (const [name, report] of Object.entries({
      findings: sampleReport(),
      clean: cleanReport(),
      hostile: hostile(),
    })) {
      test(`${format}: ${name}`, async () => {
        const render = await loadReporter(format);
        const out = render(report, PLAIN);
        expect(out === '' || out.endsWith('\n')).toBe(true);
        await expect(out).toMatchFileSnapshot(`${FIXTURES}/${name}.${format}.txt`);
      });
    }
  }

  test('a name that is no format is refused', () => {
    expect(isFormat('text')).toBe(true);
    expect(isFormat('toString')).toBe(false);
  });

  test('suppressed findings appear in SARIF alone', async () => {
    for (const format of FORMATS) {
      const out = (await loadReporter(format))(sampleReport(), PLAIN);
      expect(out.includes('this one is silenced'), format).toBe(format === 'sarif');
    }
  });

  test('no control character of a file, path or message reaches the output', async () => {
    for (const format of FORMATS) {
      const out = (await loadReporter(format))(hostile(), PLAIN);
      const raw = [...out].filter((character) => character !== '\n' && visible(character) !== character);
      expect(raw, format).toEqual([]);
    }
  });
});

describe('secrets', () => {
  const password = 'hunter-22';
  const line = `RUN login -p ${password} \u6f22 && apt-get install curl`;

  function leaky(): Report {
    const file = createSource('Dockerfile', `FROM debian:13\n${line}\n`);
    const at = (word: string) => spanOf(file.text, word);
    const findings = [
      finding(file, 'login', { sensitive: [{ file, span: at(password) }] }),
      finding(file, 'install', {
        message: `\`${password}\` is quoted`,
        help: `write "${password}"`,
        label: password,
        related: [{ file, span: at('curl'), message: `beside ${password}` }],
        fix: { kind: 'safe', title: 'Quote it', edits: [{ file, span: at(password), text: `'${password}'` }] },
      }),
    ];
    return report([{ source: file, context: null, findings }]);
  }

  test.each(FORMATS)('stars stand in their place in %s, whichever finding shows the line', async (format) => {
    const out = (await loadReporter(format))(leaky(), PLAIN);
    expect(out).not.toContain('hunter');
    if (format === 'text') expect(out.match(/RUN login -p \*{9} \u6f22 && apt-get install curl/g)).toHaveLength(2);
  });

  test('columns hold, and a fix that would write one is left out', () => {
    const before = leaky();
    const after = conceal(before);
    expect(after.files[0]?.source.text).toHaveLength(before.files[0]?.source.text.length ?? 0);
    expect(after.files[0]?.findings.map(({ fix }) => fix)).toEqual([null, null]);
    expect(before.files[0]?.findings[1]?.fix?.edits).toHaveLength(1);
  });

  test('a password that is a plain word is not looked for in messages', () => {
    const file = createSource('Dockerfile', 'ENV POSTGRES_PASSWORD=postgres\n');
    const found = finding(file, 'ENV', {
      message: '`postgres` is pulled anew',
      sensitive: [{ file, span: { start: 22, end: 30 } }],
    });
    const { files } = conceal(report([{ source: file, context: null, findings: [found] }]));
    expect(files[0]?.findings[0]?.message).toBe('`postgres` is pulled anew');
    expect(files[0]?.source.text).toBe('ENV POSTGRES_PASSWORD=********\n');
  });

  test('the same text is hidden where no finding marks it, too', () => {
    const file = createSource('Dockerfile', `ENV PASSWORD=${password}\nCMD login -p ${password}\n`);
    const found = finding(file, 'CMD', { sensitive: [{ file, span: { start: 13, end: 13 + password.length } }] });
    const { files } = conceal(report([{ source: file, context: null, findings: [found] }]));
    expect(files[0]?.source.text).toBe('ENV PASSWORD=*********\nCMD login -p *********\n');
  });

  test('many of them take little time', () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `RUN login -p secret-${index}`);
    const file = createSource('Dockerfile', lines.join('\n'));
    const findings = file.lineStarts.map((start, index) =>
      finding(
        file,
        { start, end: start + 3 },
        {
          sensitive: [{ file, span: { start: start + 13, end: start + (lines[index]?.length ?? 0) } }],
        },
      ),
    );
    const start = performance.now();
    conceal(report([{ source: file, context: null, findings }]));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('text', () => {
  test('quiet: no summary, and nothing when clean', async () => {
    const text = await loadReporter('text');
    expect(text(cleanReport(), { ...PLAIN, quiet: true })).toBe('');
    expect(text(sampleReport(), { ...PLAIN, quiet: true })).not.toContain('5 findings in');
    expect(text(sampleReport(), PLAIN)).toContain('5 findings in');
  });

  test('nothing was read: no summary', async () => {
    const text = await loadReporter('text');
    expect(text({ ...cleanReport(), files: [] }, PLAIN)).toBe('');
  });

  test('the rule is a link where the terminal can', async () => {
    const text = await loadReporter('text');
    const out = text(sampleReport(), { ...PLAIN, hyperlinks: true });
    expect(out).toContain(
      '\u001b]8;;https://example.org/rules/apt/no-recommends\u001b\\apt/no-recommends\u001b]8;;\u001b\\',
    );
  });

  test('colour goes through the paint it is given and changes no text', async () => {
    const text = await loadReporter('text');
    const styles = new Set<string>();
    const painted = text(sampleReport(), {
      ...PLAIN,
      paint: (style, words) => {
        styles.add(style);
        return `<${style}>${words}</>`;
      },
    });
    expect(painted.replace(/<[a-z]*>|<\/>/g, '')).toBe(text(sampleReport(), PLAIN));
    expect([...styles].sort()).toEqual(['error', 'gutter', 'info', 'message', 'related', 'style', 'warning']);
  });

  test.each([
    ['RUN\tapt\tinstall', 'install'],
    ['RUN echo 한국어 && apt install', 'install'],
    ['RUN echo e\u0301e\u0301 \u{1f469}\u200d\u{1f4bb} 1\ufe0f\u20e3 \u{1f1ef}\u{1f1f5} && apt install', 'install'],
    ['RUN echo \u001b[31m \u202e && apt install', 'install'],
    ['LABEL a=한국어', '한국어'],
    ['', ''],
  ])('the squiggle stands under its text: %j', async (line, word) => {
    const rows = await frameRows(line, spanOf(line, word), PLAIN);
    const shown = rows.source.indexOf(word);
    const before = displayWidth(rows.source.slice(0, shown));
    expect(rows.marks).toBe(`${' '.repeat(before)}${'^'.repeat(Math.max(1, displayWidth(word)))}`);
  });

  test.each([40, 60, 80])('a headline is broken at blanks on a terminal: %i columns', async (width) => {
    const long = 'every source edit reinstalls the dependencies, since package.json is copied together with the source';
    const rendered = await renderText(long, { ...PLAIN, width, wrap: true });
    const head = rendered.split('\n').slice(
      0,
      rendered.split('\n').findIndex((row) => row.includes('-->')),
    );
    expect(head.length).toBeGreaterThan(1);
    for (const row of head) expect(displayWidth(row)).toBeLessThanOrEqual(width);
    expect(head.map((row) => row.trim()).join(' ')).toContain(long);
    expect((await renderText(long, PLAIN)).split('\n')[0]).toContain(long);
  });

  test.each([40, 80, 120])('a long line is cut around the squiggle: %i columns', async (width) => {
    for (const at of [0, 30, 500, 990]) {
      const line = `${'x '.repeat(at)}needle${' y'.repeat(1000 - at)}`;
      const rows = await frameRows(line, spanOf(line, 'needle'), { ...PLAIN, width });
      expect(displayWidth(rows.source) + 5).toBeLessThanOrEqual(width);
      expect(rows.source.slice(rows.marks.indexOf('^'), rows.marks.lastIndexOf('^') + 1)).toBe('needle');
      expect(rows.source.startsWith('…')).toBe(at > 30 || (at === 30 && width < 80));
    }
  });

  test('two places far apart on one long line get an excerpt each', async () => {
    const text = await loadReporter('text');
    const line = `first${' '.repeat(4000)}second`;
    const file = createSource('Dockerfile', line);
    const found = finding(file, 'first', { related: [{ file, span: spanOf(line, 'second'), message: 'here too' }] });
    const out = text(report([{ source: file, context: null, findings: [found] }]), PLAIN);
    expect(out).toMatch(/ 1 \| first +…\n {3}\| \^{5}\n/);
    expect(out).toMatch(/ 1 \| … +second\n {3}\| +-{6} here too/);
  });

  test('a line of 5 MB costs little', async () => {
    const text = await loadReporter('text');
    const line = `RUN ${'echo \u00e9 && '.repeat(600_000)}needle`;
    const file = createSource('Dockerfile', line);
    const findings = Array.from({ length: 50 }, () => finding(file, 'needle'));
    const start = performance.now();
    const out = text(report([{ source: file, context: null, findings }]), PLAIN);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(out.length).toBeLessThan(50_000);
    expect(out).toContain('needle');
  });

  test('without Unicode the marks of its own are ASCII', async () => {
    const line = `\u001b ${'x '.repeat(400)}needle`;
    const rows = await frameRows(line, spanOf(line, 'needle'), { ...PLAIN, unicode: false });
    expect(rows.source).toMatch(/^\.\.\.[ x]*needle$/);
    expect(visible('\u001b\u007f', false)).toBe('\\u{1b}\\u{7f}');
  });
});

describe('sarif', () => {
  const validate = sarifValidator();

  test.each([
    ['findings', sampleReport()],
    ['clean', cleanReport()],
    ['hostile', hostile()],
  ])('is valid against the schema: %s', async (_name, subject) => {
    const log: unknown = JSON.parse((await loadReporter('sarif'))(subject, PLAIN));
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
  });

  test('the schema refuses what is not SARIF', () => {
    expect(validate({ version: '2.1.0', runs: [{ results: [{}] }] })).toBe(false);
  });

  test('fingerprints survive edits elsewhere and tell equal lines apart', async () => {
    const line = 'RUN apt-get install curl';
    const prints = async (text: string) => {
      const file = createSource('Dockerfile', text);
      const findings = [...text.matchAll(/apt-get/g)].map(({ index }) =>
        finding(file, { start: index, end: index + 7 }),
      );
      const log = JSON.parse((await loadReporter('sarif'))(report([{ source: file, context: null, findings }]), PLAIN));
      return log.runs[0].results.map((result: { partialFingerprints: object }) => result.partialFingerprints);
    };
    const before = await prints(`FROM a\n${line}\n${line}\n`);
    const after = await prints(`# new\n\nFROM b:1\nRUN true\n  ${line}  \n${line}\n`);
    expect(before).toHaveLength(2);
    expect(before[0]).not.toEqual(before[1]);
    expect(after).toEqual(before);
    expect(await prints(`FROM a\n${line} wget\n`)).not.toEqual(before.slice(0, 1));
  });

  test('URIs are relative to the root and percent-encoded; absolute ones stand alone', async () => {
    const uris = async (path: string) => {
      const file = createSource(path, 'FROM a');
      const subject = report([{ source: file, context: null, findings: [finding(file, 'FROM')] }]);
      const log = JSON.parse((await loadReporter('sarif'))(subject, PLAIN));
      return log.runs[0].results[0].locations[0].physicalLocation.artifactLocation;
    };
    expect(await uris('a b/한#?%.Dockerfile')).toEqual({
      uri: 'a%20b/%ED%95%9C%23%3F%25.Dockerfile',
      uriBaseId: '%SRCROOT%',
    });
    expect(await uris('/srv/a b/Dockerfile')).toEqual({ uri: 'file:///srv/a%20b/Dockerfile' });
    expect(await uris('C:/a b/Dockerfile')).toEqual({ uri: 'file:///C:/a%20b/Dockerfile' });
  });
});

describe('github', () => {
  test('escapes what the runner would take as its own', async () => {
    const file = createSource('a,b:c%/Dockerfile', 'FROM a');
    const found = finding(file, 'FROM', { message: '100% a, b: c', help: '::error::x' });
    const out = (await loadReporter('github'))(report([{ source: file, context: null, findings: [found] }]), PLAIN);
    expect(out).toBe(
      '::warning file=a%2Cb%3Ac%25/Dockerfile,line=1,endLine=1,col=1,endColumn=5,title=apt/no-recommends::100%25 a, b: c%0A::error::x\n',
    );
  });

  test('a span of several lines names no columns', async () => {
    const file = createSource('Dockerfile', 'RUN a \\\n  b');
    const found = finding(file, { start: 0, end: 11 });
    const out = (await loadReporter('github'))(report([{ source: file, context: null, findings: [found] }]), PLAIN);
    expect(out).toContain('line=1,endLine=2,title=');
  });
});

test('safeJson means the same as JSON', () => {
  const value = { a: '\u001b\u009b\u202e\u{e0041}\ud800\ufeff"\\\n', b: ['한', '\u{1f600}'] };
  expect(JSON.parse(safeJson(value))).toEqual(value);
  expect(safeJson(value)).toMatch(/^[\n -~한\u{1f600}]*$/u);
});

async function renderText(message: string, env: RenderEnv): Promise<string> {
  const file = createSource('Dockerfile', 'RUN a\n');
  const findings = [finding(file, 'a', { message })];
  return (await loadReporter('text'))(report([{ source: file, context: null, findings }]), env);
}

async function frameRows(line: string, span: Span, env: RenderEnv) {
  const text = await loadReporter('text');
  const file = createSource('Dockerfile', line);
  const out = text(report([{ source: file, context: null, findings: [finding(file, span)] }]), env);
  const [source = '', marks = ''] = out.split('\n').slice(3);
  return { source: source.replace(/^ 1 \| ?/, ''), marks: marks.replace(/^ {3}\| /, '') };
}

function sarifValidator() {
  const schema: Record<string, unknown> = JSON.parse(readFileSync(`${FIXTURES}/sarif-schema.json`, 'utf8'));
  // Draft 4 and draft 7 mean the same by what the schema uses, but for the spelling of these two.
  delete schema.$schema;
  delete schema.id;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

function spanOf(text: string, word: string): Span {
  const start = text.indexOf(word);
  return { start, end: start + word.length };
}

function finding(file: SourceFile, at: string | Span, more: Partial<Finding> = {}): Finding {
  return {
    rule: 'apt/no-recommends',
    severity: 'warning',
    message: 'recommended packages come along',
    help: null,
    label: null,
    at: { file, span: typeof at === 'string' ? spanOf(file.text, at) : at },
    related: [],
    fix: null,
    sensitive: [],
    suppressed: null,
    ...more,
  };
}

function report(files: readonly FileReport[]): Report {
  return {
    tool: { name: 'plimsoll', version: '0.1.0' },
    files,
    failures: [],
    rules: new Map([ruleInfo('apt/no-recommends', ['DL3015']), ruleInfo('context/copy-ignored', [])]),
  };
}

function ruleInfo(id: string, aliases: readonly string[]): [string, RuleInfo] {
  const url = `https://example.org/rules/${id}`;
  return [id, { id, aliases, summary: `Summary of ${id}`, category: 'size', severity: 'info', url }];
}

function sampleReport(): Report {
  const text = [
    'FROM node:22',
    'WORKDIR /app',
    'COPY . .',
    'RUN npm ci',
    'RUN apt-get update && \\',
    '    apt-get install curl && \\',
    '    true',
    'EXPOSE 8080',
    'COPY dist ./dist',
    'CMD npm start',
    'USER root',
  ].join('\n');
  const file = createSource('app/Dockerfile', text);
  const ignore = createSource('app/.dockerignore', '.git\n\ndist\n');
  const manifest = createSource('app/package.json', '{\r\n  "name": "a"\r\n}\r\n');
  const install = spanOf(text, 'install');
  const findings: Finding[] = [
    finding(file, '. .', {
      rule: 'context/copy-ignored',
      message: 'every source edit reinstalls the dependencies',
      label: 'brings package.json together with 41 other files',
      help: 'copy package.json and package-lock.json first, run npm ci, then copy the rest',
      at: { file, span: { start: text.indexOf('. .'), end: text.indexOf('. .') + 1 } },
      related: [
        { file, span: spanOf(text, 'npm ci'), message: 'runs again whenever any of them changes' },
        { file, span: spanOf(text, 'FROM'), message: 'two lines above' },
        { file, span: spanOf(text, '8080'), message: 'far below' },
      ],
      fix: {
        kind: 'suggestion',
        title: 'Copy the manifests first',
        edits: [
          { file, span: spanOf(text, '. .'), text: 'package*.json ./' },
          { file: ignore, span: { start: 0, end: 0 }, text: 'node_modules\n' },
        ],
      },
    }),
    finding(file, { start: text.indexOf('apt-get update'), end: text.indexOf('true') + 4 }, { severity: 'style' }),
    finding(file, 'install', {
      severity: 'info',
      message: '`apt-get install` also pulls recommended packages',
      help: `${'a help text of many words that does not fit one line '.repeat(3)}and ends`,
      label: 'a label that is so long that it cannot stand beside the squiggle and goes below it, at the right',
      fix: {
        kind: 'safe',
        title: 'Add --no-install-recommends',
        edits: [{ file, span: { start: install.end, end: install.end }, text: ' --no-install-recommends' }],
      },
    }),
    finding(file, 'dist', {
      rule: 'context/copy-ignored',
      severity: 'error',
      message: 'COPY finds no file, since `dist` is ignored',
      related: [
        { file: ignore, span: spanOf(ignore.text, 'dist'), message: 'this pattern leaves it out of the build context' },
      ],
    }),
    finding(file, 'USER root', {
      message: 'this one is silenced',
      suppressed: { by: { file, span: spanOf(text, 'USER') }, reason: 'needs root' },
    }),
    finding(manifest, '"name"', { rule: 'internal', message: 'a finding in another file, of no known rule' }),
  ];
  return report([
    { source: file, context: 'app', findings },
    { source: createSource('Dockerfile', 'FROM scratch\n'), context: '.', findings: [] },
  ]);
}

function cleanReport(): Report {
  const clean = (path: string) => ({ source: createSource(path, 'FROM scratch\n'), context: '.', findings: [] });
  return { ...report([clean('Dockerfile'), clean('web/Dockerfile')]), rules: new Map() };
}

/** Everything that a file, a path or a message could try on a terminal or on a consumer. */
function hostile(): Report {
  const evil =
    '\u001b[2J\u001b]0;owned\u0007 \u009b31m \u202egnp.exe\u202c \u200b \ufeff \u{e0041} \ud83d %0A ::error::x';
  const file = createSource(`a b,c:d\u001b[1m\u202e/Docker\nfile`, `RUN\techo ${evil}\r\r\n\u0000`);
  const found = finding(file, evil, {
    message: `message ${evil}\n::error::second line`,
    label: evil,
    help: `${evil}\n::warning::third line`,
    related: [{ file, span: spanOf(file.text, '\u0000'), message: evil }],
  });
  const withFailure = report([{ source: file, context: null, findings: [found] }]);
  return { ...withFailure, failures: [{ path: `gone\u001b[1m,:%`, message: `no such file ${evil}\n::error::x` }] };
}
