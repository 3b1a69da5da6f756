import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MemoryEntry } from '../src/context/memory-fs.js';
import { FORMATS } from '../src/reporters/index.js';
import { type CliResult, type CliSetup, PACKAGE_ROOT, plimsoll } from './support/cli.js';

/** A file with one sure finding, which must be reported whatever is wrong beside it. */
const NEIGHBOUR = 'FROM alpine:3.22\nCMD ["a"]\nCMD ["b"]\n';
const NEIGHBOUR_LINE = 'other/Dockerfile:2:1: warning: ';

/** Lints the bad thing and its neighbour. */
async function lint(bad: Readonly<Record<string, MemoryEntry>>, argv: readonly string[], setup: CliSetup = {}) {
  const files = { 'other/Dockerfile': NEIGHBOUR, ...bad };
  const result = await plimsoll(['-f', 'compact', ...argv, 'other/Dockerfile'], { ...setup, files });
  expect(result.out).toContain(NEIGHBOUR_LINE);
  expectNoStack(result);
  return result;
}

function expectNoStack({ out, err }: CliResult): void {
  expect(`${out}${err}`).not.toMatch(/^\s+at .*:\d+/m);
  expect(`${out}${err}`).not.toMatch(/internal/i);
}

describe('what cannot be opened is said on standard error, with exit code 2', () => {
  test('a missing file', async () => {
    const { code, err } = await lint({}, ['app/Dockerfile']);
    expect([code, err]).toEqual([2, 'plimsoll: app/Dockerfile: no such file or directory\n']);
  });

  test('an unreadable file', async () => {
    const { code, err } = await lint({ 'app/Dockerfile': { denied: true } }, ['app/Dockerfile']);
    expect([code, err]).toEqual([2, 'plimsoll: app/Dockerfile: permission denied\n']);
  });

  test('an unreadable directory on the way', async () => {
    const { code, err, out } = await lint({ 'app/secret/': { denied: true }, 'app/Dockerfile': NEIGHBOUR }, ['app']);
    expect([code, err]).toEqual([2, 'plimsoll: app/secret: permission denied\n']);
    expect(out).toContain('app/Dockerfile:2:1: ');
  });

  test('a directory without Dockerfiles', async () => {
    const { code, err } = await lint({ 'app/Dockerfile.j2': '', 'app/src/a.js': '' }, ['app']);
    expect([code, err]).toEqual([2, 'plimsoll: app: no Dockerfile in this directory\n']);
  });

  test('a .gitignore whose patterns an engine of regular expressions chokes on', async () => {
    const start = performance.now();
    const gitIgnore = `${'*a'.repeat(30)}b\n${'**/a/'.repeat(20)}b\nold\n`;
    const files = { '.git/HEAD': '', '.gitignore': gitIgnore, [`${'a/'.repeat(40)}Dockerfile`]: NEIGHBOUR };
    const { code } = await plimsoll([], { files: { ...files, [`${'a'.repeat(100)}.Dockerfile`]: NEIGHBOUR } });
    expect(code).toBe(1);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('a glob that names nothing', async () => {
    const { code, err } = await lint({}, ['app/*.Dockerfile']);
    expect([code, err]).toEqual([2, 'plimsoll: app/*.Dockerfile: no file matches this pattern\n']);
  });

  test('a link that leads nowhere, and one that leads to itself', async () => {
    const { code, err } = await lint({ a: { link: 'gone' }, b: { link: 'b' } }, ['a', 'b']);
    expect(code).toBe(2);
    expect(err).toMatch(/^plimsoll: a: no such file or directory\nplimsoll: b: .+\n$/);
  });

  test('a file that changes into a directory', async () => {
    const { code, err } = await lint({ 'app/Dockerfile': NEIGHBOUR }, ['app'], {
      wrap: (fs) => ({
        ...fs,
        readFile: (path, limit) =>
          path.endsWith('/app/Dockerfile') ? { ok: false, reason: 'not-a-file' } : fs.readFile(path, limit),
      }),
    });
    expect([code, err]).toEqual([2, 'plimsoll: app/Dockerfile: not a regular file\n']);
  });

  test('the failures are in the machine formats too', async () => {
    const json = await plimsoll(['-f', 'json', 'gone'], {});
    expect(JSON.parse(json.out).failures).toEqual([{ path: 'gone', message: 'no such file or directory' }]);
    const sarif = await plimsoll(['-f', 'sarif', 'gone'], {});
    const [invocation] = JSON.parse(sarif.out).runs[0].invocations;
    expect(invocation.executionSuccessful).toBe(false);
    expect(invocation.toolExecutionNotifications[0].message.text).toBe('no such file or directory');
    const github = await plimsoll(['-f', 'github', 'gone'], {});
    expect(github.out).toBe('::error file=gone,title=plimsoll::no such file or directory\n');
    for (const format of ['gitlab', 'codeclimate', 'checkstyle', 'junit', 'sonarqube', 'markdown'])
      expect((await plimsoll(['-f', format, 'gone'], {})).out).toContain('no such file or directory');
  });
});

describe('what is there but is no text is a finding of that file', () => {
  const utf16 = (bom: boolean, big: boolean) => {
    const bytes = Buffer.from(`${bom ? '\ufeff' : ''}FROM node:22\nRUN apt-get update\n`, 'utf16le');
    return new Uint8Array(big ? bytes.swap16() : bytes);
  };
  const random = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919 + (index >> 3) * 104729) & 0xff);

  test.each([
    ['UTF-16 with a mark, little endian', utf16(true, false), 'the file is UTF-16 (little endian)'],
    ['UTF-16 with a mark, big endian', utf16(true, true), 'the file is UTF-16 (big endian)'],
    ['UTF-16 without a mark, little endian', utf16(false, false), 'the file is UTF-16 (little endian)'],
    ['UTF-16 without a mark, big endian', utf16(false, true), 'the file is UTF-16 (big endian)'],
    ['a program', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...new Array(200).fill(0)]), 'the file is binary'],
    ['random bytes', random, 'the file is binary'],
  ])('%s: this finding alone', async (_name, bytes, message) => {
    const { code, out, err } = await lint({ 'app/Dockerfile': bytes }, ['app']);
    expect([code, err]).toEqual([1, '']);
    const lines = out.split('\n').filter((line) => line.startsWith('app/'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
    expect(lines[0]).toMatch(/^app\/Dockerfile:1:\d+: error: .* \[syntax\/encoding\]$/);
  });

  test('invalid UTF-8: the place, and the rest is linted', async () => {
    const bytes = Buffer.from('FROM alpine:3.22\n# caf\u00e9 \u00fcber\nCMD ["a"]\nCMD ["b"]\n', 'latin1');
    const { code, out, err } = await lint({ 'app/Dockerfile': new Uint8Array(bytes) }, ['app']);
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(
      /^app\/Dockerfile:2:6: warning: byte 0xE9 \(in ISO 8859-1 it is `\u00e9`\).* \[syntax\/encoding\]$/m,
    );
    expect(out).toMatch(/^app\/Dockerfile:3:1: warning: /m);
  });

  test('the place is exact behind characters of several bytes, and behind a byte order mark', async () => {
    const text = Buffer.from('\ufeffFROM alpine:3.22\n# \u{1f600}\ud55c ');
    const bytes = new Uint8Array([...text, 0xc3, 0x28, 10]);
    const { out } = await lint({ 'app/Dockerfile': bytes }, ['app']);
    expect(out).toMatch(/^app\/Dockerfile:2:7: warning: byte 0xC3 /m);
  });

  test('a NUL in a text', async () => {
    const { out } = await lint({ 'app/Dockerfile': `${NEIGHBOUR}# a\0b\n` }, ['app']);
    expect(out).toMatch(/^app\/Dockerfile:4:4: warning: there is a NUL character here/m);
    expect(out).toMatch(/^app\/Dockerfile:2:1: warning: /m);
  });

  test('it is shown without harm in every format', async () => {
    for (const format of FORMATS) {
      const { code, out } = await plimsoll(['-f', format], { files: { Dockerfile: random } });
      expect(code).toBe(1);
      expect(out).toContain('syntax/encoding');
      expect(out.length).toBeLessThan(20_000);
    }
  });

  test.each([
    ['an empty file', ''],
    ['a byte order mark alone', '\ufeff'],
    ['blank lines', '\n\n  \n'],
    ['comments only', '# syntax=docker/dockerfile:1\n# nothing\n'],
  ])('%s: BuildKit refuses it', async (_name, text) => {
    const { code, out, err } = await lint({ 'app/Dockerfile': text }, ['app']);
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(/^app\/Dockerfile:\d+:\d+: error: .* \[syntax\/no-instructions\]$/m);
    const shown = await plimsoll(['-f', 'text'], { files: { Dockerfile: text } });
    expect(shown.out).toContain('error[syntax/no-instructions]');
  });
});

describe('sizes', () => {
  /** Generous for a busy machine: what is quadratic takes minutes. */
  const SECONDS = 20;

  test.each([
    ['one line of 5 MB', `FROM alpine:3.22\nRUN echo ${'a b "c" $d '.repeat(480_000)}\nCMD ["a"]\nCMD ["b"]\n`],
    ['one word of 5 MB', `FROM alpine:3.22\nRUN echo ${'a'.repeat(5_000_000)}\n`],
    ['one line of 5 MB that is no instruction', 'x'.repeat(5_000_000)],
    ['100,000 instructions', `FROM alpine:3.22\n${'RUN echo hello && apk add curl\n'.repeat(100_000)}`],
    ['100,000 instructions that each have a finding', `FROM alpine:3.22\n${'CMD ["a"]\n'.repeat(100_000)}`],
    [
      '10,000 arguments that are named like secrets',
      `FROM alpine:3.22\n${Array.from({ length: 10_000 }, (_, at) => `ARG TOKEN${at}\nENV A${at}=b\n`).join('')}`,
    ],
    [
      '100 variables that double one another',
      `FROM alpine:3.22\nENV A0=xx\n${Array.from({ length: 100 }, (_, at) => `ENV A${at + 1}=$A${at}$A${at}\n`).join('')}WORKDIR $A100\n`,
    ],
    ['10,000 nested parentheses', `FROM alpine:3.22\nRUN ${'('.repeat(10_000)}true${')'.repeat(10_000)}\n`],
    ['10,000 open parentheses', `FROM alpine:3.22\nRUN ${'('.repeat(10_000)}\n`],
    [
      '10,000 nested command substitutions',
      `FROM alpine:3.22\nRUN echo ${'$('.repeat(10_000)}true${')'.repeat(10_000)}\n`,
    ],
    ['10,000 nested brackets in JSON', `FROM alpine:3.22\nCMD ${'['.repeat(10_000)}\n`],
    ['100,000 continued lines', `FROM alpine:3.22\nRUN true \\\n${'  && true \\\n'.repeat(100_000)}  && true\n`],
  ])('%s', async (_name, text) => {
    const start = performance.now();
    const result = await plimsoll(['--no-config'], { files: { Dockerfile: text } });
    expect(performance.now() - start).toBeLessThan(SECONDS * 1000);
    expect(result.code).toBeLessThan(2);
    // All that may be said is that ShellCheck was not given what it would never be done with.
    expect(result.err).toMatch(
      /^(?:plimsoll: ShellCheck could not check 1 script: it has more than 60000 characters\n)?$/,
    );
    expectNoStack(result);
  });
});

describe('configuration: a message with file and place, exit code 2, and files under another one are linted', () => {
  test.each([
    ['is not YAML', 'rules: [a\n', /^app\/\.plimsoll\.yaml:\d+:\d+: not valid YAML: /],
    ['is binary', new Uint8Array([0xff, 0xfe, 0, 1]), /^app\/\.plimsoll\.yaml: is not UTF-8 text$/],
    ['extends itself', 'extends: ./.plimsoll.yaml\n', /^app\/\.plimsoll\.yaml:1:10: this configuration extends itself/],
    [
      'extends what is not there',
      'extends: ./gone.yaml\n',
      /^app\/\.plimsoll\.yaml:1:10: app\/gone\.yaml is not there$/,
    ],
    ['names no preset', 'extends: recomended\n', /:1:10: unknown preset "recomended"; did you mean "recommended"\?$/],
    [
      'names no rule',
      'rules:\n  runtime/single-cdm: off\n',
      /:2:3: unknown rule .*; did you mean "runtime\/single-cmd"\?$/,
    ],
    ['names no option', 'rules:\n  apt/no-recommends:\n    options: {alow: []}\n', /:3:15: .*did you mean "allow"\?$/],
    ['has an unknown key', 'rule: {}\n', /:1:1: .*no key "rule"; did you mean "rules"\?$/],
    ['is nested without end', `${'- '.repeat(100_000)}\n`, /^app\/\.plimsoll\.yaml:1:\d+: nested too deeply$/],
    ['is a text of some length', 'x'.repeat(100_000), /:1:1: .* must be a mapping, not the string "x{60}\.\.\."$/],
    ['has a wrong type', 'threshold: [error]\n', /:1:12: "threshold" must be /],
  ])('one that %s', async (_name, text, message) => {
    const { code, err } = await lint({ 'app/.plimsoll.yaml': text, 'app/Dockerfile': NEIGHBOUR }, ['app']);
    expect(code).toBe(2);
    const lines = err.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.replace('plimsoll: ', '')).toMatch(message);
  });

  test('named with --config: nothing is linted', async () => {
    const files = { Dockerfile: NEIGHBOUR, 'bad.yaml': 'rules: [a\n' };
    const broken = await plimsoll(['--config', 'bad.yaml'], { files });
    expect([broken.code, broken.out]).toEqual([2, '']);
    expect(broken.err).toMatch(/^plimsoll: bad\.yaml:\d+:\d+: not valid YAML: .*\n$/);
    const missing = await plimsoll(['--config', 'gone.yaml'], { files });
    expect([missing.code, missing.out, missing.err]).toEqual([2, '', 'plimsoll: gone.yaml: is not there\n']);
  });

  test('two in one directory', async () => {
    const { code, err } = await lint(
      { 'app/.plimsoll.yaml': '', 'app/.plimsoll.json': '{}', 'app/Dockerfile': NEIGHBOUR },
      ['app'],
    );
    expect(code).toBe(2);
    expect(err).toMatch(/^plimsoll: app\/\.plimsoll\.yaml: there are two configurations in one directory/);
  });
});

test('a read-only output path: the message, and exit code 2', async () => {
  const { code, out, err } = await plimsoll(['-o', 'report.json', '-f', 'json'], {
    files: { Dockerfile: NEIGHBOUR },
    readOnly: ['/here/report.json'],
  });
  expect([code, out, err]).toEqual([2, '', 'plimsoll: cannot write /here/report.json: permission denied\n']);
});

const isBuilt = existsSync('dist/cli.cjs');
const isRoot = process.getuid?.() === 0;

describe.skipIf(!isBuilt)(isBuilt ? 'on a real disk' : 'on a real disk (skipped: run npm run build first)', () => {
  const bin = join(PACKAGE_ROOT, 'bin/plimsoll.js');

  function inDirectory<T>(use: (directory: string) => T): T {
    const directory = mkdtempSync(join(tmpdir(), 'plimsoll-bad-'));
    try {
      mkdirSync(join(directory, 'other'));
      writeFileSync(join(directory, 'other/Dockerfile'), NEIGHBOUR);
      return use(directory);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  const run = (cwd: string, argv: readonly string[]) =>
    spawnSync(process.execPath, [bin, '-f', 'compact', ...argv], { cwd, encoding: 'utf8' });

  test.skipIf(isRoot)(isRoot ? 'an unreadable file (skipped: root reads everything)' : 'an unreadable file', () => {
    inDirectory((directory) => {
      writeFileSync(join(directory, 'Dockerfile'), NEIGHBOUR);
      chmodSync(join(directory, 'Dockerfile'), 0);
      const { status, stdout, stderr } = run(directory, []);
      expect([status, stderr]).toEqual([2, 'plimsoll: Dockerfile: permission denied\n']);
      expect(stdout).toContain(NEIGHBOUR_LINE);
    });
  });

  test('an output path whose directory is not there, and one that is a directory', () => {
    inDirectory((directory) => {
      const missing = run(directory, ['-o', 'gone/report.txt']);
      expect(missing).toMatchObject({ status: 2, stdout: '' });
      expect(missing.stderr).toMatch(/^plimsoll: cannot write .*gone\/report\.txt: its directory is not there\n$/);
      const wrong = run(directory, ['-o', 'other']);
      expect(wrong).toMatchObject({ status: 2, stdout: '' });
      expect(wrong.stderr).toMatch(/^plimsoll: cannot write .*other: it is a directory\n$/);
    });
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk behind standard output', () => {
    inDirectory((directory) => {
      const full = spawnSync('sh', ['-c', `"${process.execPath}" "${bin}" > /dev/full`], {
        cwd: directory,
        encoding: 'utf8',
      });
      expect(full.status).toBe(2);
      expect(full.stderr).toBe('plimsoll: cannot write to standard output: no space is left\n');
    });
  });

  test('a pipe that breaks: no message, and the code of the findings', () => {
    inDirectory((directory) => {
      writeFileSync(join(directory, 'other/Dockerfile'), `FROM alpine:3.22\n${'CMD ["a"]\n'.repeat(20_000)}`);
      const command = `{ "${process.execPath}" "${bin}"; echo "code $?" >&2; } | head -n 1`;
      const broken = spawnSync('sh', ['-c', command], { cwd: directory, encoding: 'utf8' });
      expect(broken.stderr).toBe('code 1\n');
      expect(broken.stdout.split('\n')).toHaveLength(2);
    });
  });

  test('a working directory that was removed', () => {
    inDirectory((directory) => {
      const runIn = (words: string) =>
        spawnSync('sh', ['-c', `cd other && rm -r ../other && "${process.execPath}" "${bin}" ${words}`], {
          cwd: directory,
          encoding: 'utf8',
        });
      const { status, stdout, stderr } = runIn('');
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toBe('plimsoll: there is no working directory: it was removed\n');
    });
  });

  test('a named pipe is not waited for', () => {
    inDirectory((directory) => {
      spawnSync('mkfifo', [join(directory, 'Dockerfile')]);
      const { status, stdout, stderr } = run(directory, ['Dockerfile', 'other']);
      expect([status, stderr]).toEqual([2, 'plimsoll: Dockerfile: not a regular file\n']);
      expect(stdout).toContain(NEIGHBOUR_LINE);
    });
  });
});
