import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../src/model/finding.js';
import type { Report } from '../src/model/report.js';
import { createSource } from '../src/model/source.js';
import type { Span } from '../src/model/span.js';
import { displayWidth } from '../src/reporters/cells.js';
import { conceal } from '../src/reporters/conceal.js';
import { FORMATS, isFormat, loadReporter } from '../src/reporters/index.js';
import { PLAIN, type RenderEnv } from '../src/reporters/types.js';
import { safeJson, visible } from '../src/reporters/visible.js';
import { cleanReport, finding, hostile, REPORTS, report, sampleReport, spanOf } from './support/reports.js';

const FIXTURES = `${import.meta.dirname}/fixtures/reporters`;

describe('one report in every format', () => {
  for (const format of FORMATS) {
    for (const [name, report] of Object.entries(REPORTS)) {
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

  test.each(Object.entries(REPORTS))('is valid against the schema: %s', async (_name, subject) => {
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

describe('markdown', () => {
  const render = async (found: Partial<Finding>) => {
    const file = createSource('a|b`c<d>.Dockerfile', 'FROM a');
    const findings = [finding(file, 'FROM', found)];
    return (await loadReporter('markdown'))(report([{ source: file, context: null, findings }]), PLAIN);
  };

  test('neither ends a cell nor is taken for markup', async () => {
    const out = await render({ message: 'a | b ` c <img src=x> [d](e) ![f](g) **h** &lt; `i | j <b>`', help: '|' });
    const rows = out.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(2);
    expect(rows[1]).toBe(
      '| 🟡 warning | <code>a&#124;b&#96;c&#60;d&#62;.Dockerfile:1</code> | a \\| b <code> c &#60;img src=x&#62; &#91;d&#93;(e) !&#91;f&#93;(g) &#42;&#42;h&#42;&#42; &#38;lt; </code>i \\| j &#60;b&#62;\\`<br>\\| | [apt/no-recommends](https://example.org/rules/apt/no-recommends) |',
    );
  });

  test('mentions nobody', async () => {
    expect(await render({ message: 'npm install @nobody' })).toContain('npm install @&#8203;nobody |');
  });

  test('what does not fit into the summary of a step is counted', async () => {
    const file = createSource('Dockerfile', 'FROM a');
    const findings = Array.from({ length: 9000 }, () => finding(file, 'FROM', { message: '\u6f22'.repeat(100) }));
    const failures = Array.from({ length: 9000 }, (_, index) => ({ path: `gone-${index}`, message: 'x'.repeat(300) }));
    const markdown = await loadReporter('markdown');
    for (const subject of [
      report([{ source: file, context: null, findings }]),
      { ...report([]), failures },
      { ...report([{ source: file, context: null, findings }]), failures },
    ]) {
      const out = markdown(subject, PLAIN);
      expect(Buffer.byteLength(out)).toBeLessThan(1 << 20);
      expect(out.length).toBeGreaterThan(300_000);
      expect(out).toMatch(/^(?:- )?[1-9]\d{3} more/m);
    }
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
