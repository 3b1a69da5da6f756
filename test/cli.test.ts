import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseArgs } from '../src/cli/args.js';
import type { Io } from '../src/cli/io.js';
import { FORMATS } from '../src/reporters/index.js';
import { rules } from '../src/rules/index.js';
import { PACKAGE_ROOT, plimsoll } from './support/cli.js';

const IO = { cwd: '/', stdout: { columns: 80 } } as unknown as Io;
const CLEAN = 'FROM scratch\n';
/** Two instructions of which one holds: a warning of runtime/single-cmd, in every preset. */
const DIRTY = 'FROM alpine:3.22\nCMD ["a"]\nCMD ["b"]\n';
/** Only this rule, so that others may come without changing what is expected here. */
const ONLY = ['--only', 'runtime/single-cmd'];

/** Paths in the order in which they were linted. */
async function linted(argv: readonly string[], files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { out } = await plimsoll(['-f', 'json', ...argv], { files });
  const report: { files: { path: string }[] } = JSON.parse(out);
  return report.files.map((file) => file.path);
}

describe('what is linted', () => {
  test('a directory, recursively: Dockerfiles under all their names, and nothing else', async () => {
    const wanted = [
      'Containerfile',
      'Containerfile.test',
      'Dockerfile',
      'Dockerfile.dev',
      'api.Containerfile',
      'api.Dockerfile',
      'api.dockerfile',
      '.devcontainer/Dockerfile',
      'deep/er/Dockerfile',
      'lower/dockerfile',
    ];
    const unwanted = [
      'Dockerfile.dockerignore',
      'Dockerfile.j2',
      'Dockerfile.erb',
      'Dockerfile.dev.tmpl',
      'Dockerfile.tpl',
      'Dockerfile.template',
      'Dockerfile.in',
      'Dockerfile.mustache',
      'Dockerfile.md',
      'Dockerfile~',
      'dockerfile.ts',
      'Dockerfiles',
      'MyDockerfile',
      '.git/Dockerfile',
      'node_modules/a/Dockerfile',
      'deep/node_modules/a/Dockerfile',
    ];
    const files = Object.fromEntries([...wanted, ...unwanted].map((path) => [path, CLEAN]));
    expect([...(await linted([], files))].sort()).toEqual([...wanted].sort());
    expect(await linted(['lint', 'deep'], files)).toEqual(['deep/er/Dockerfile']);
  });

  test('.gitignore files are obeyed, nested ones and those above too, but not for what is named', async () => {
    const files = {
      '.git/HEAD': '',
      '.gitignore': 'build/\n*.dev.Dockerfile\n/sub/only-here\n',
      Dockerfile: CLEAN,
      'x.dev.Dockerfile': CLEAN,
      'build/Dockerfile': CLEAN,
      'sub/.gitignore': '!keep.dev.Dockerfile\nDockerfile.local\n',
      'sub/keep.dev.Dockerfile': CLEAN,
      'sub/Dockerfile.local': CLEAN,
      'sub/only-here/Dockerfile': CLEAN,
      'sub/deep/only-here/Dockerfile': CLEAN,
      'other/Dockerfile.local': CLEAN,
    };
    expect(await linted(['.'], files)).toEqual([
      'Dockerfile',
      'other/Dockerfile.local',
      'sub/keep.dev.Dockerfile',
      'sub/deep/only-here/Dockerfile',
    ]);
    expect(await linted(['sub'], files)).toEqual(['sub/keep.dev.Dockerfile', 'sub/deep/only-here/Dockerfile']);
    expect(await linted(['build/Dockerfile'], files)).toEqual(['build/Dockerfile']);
    expect(await linted(['build'], files)).toEqual(['build/Dockerfile']);
  });

  test('a file under any name where it is named; each once; in the order of the arguments', async () => {
    const files = { 'b.txt': CLEAN, 'a/Dockerfile': CLEAN, 'Dockerfile.j2': CLEAN };
    expect(await linted(['b.txt', './b.txt', 'a', 'Dockerfile.j2', 'a/Dockerfile'], files)).toEqual([
      'b.txt',
      'a/Dockerfile',
      'Dockerfile.j2',
    ]);
    expect(await linted(['--', '-odd'], { '-odd': CLEAN })).toEqual(['-odd']);
    expect(await linted(['a[1]/Dockerfile'], { 'a[1]/Dockerfile': CLEAN })).toEqual(['a[1]/Dockerfile']);
    expect(await linted(['007', '1e3'], { '007': CLEAN, '1e3': CLEAN })).toEqual(['007', '1e3']);
  });

  test('globs', async () => {
    const files = {
      'services/a/Dockerfile': CLEAN,
      'services/b/x.Dockerfile': CLEAN,
      'services/b/notes.txt': CLEAN,
      'services/.c/Dockerfile': CLEAN,
      'tools/Dockerfile': CLEAN,
    };
    expect(await linted(['services/*/Dockerfile'], files)).toEqual(['services/.c/Dockerfile', 'services/a/Dockerfile']);
    expect(await linted(['services/**'], files)).toEqual([
      'services/.c/Dockerfile',
      'services/a/Dockerfile',
      'services/b/x.Dockerfile',
    ]);
    expect(await linted(['services/b/*.txt'], files)).toEqual(['services/b/notes.txt']);
    expect(await linted(['{tools,services/a}/Dockerfile'], files)).toEqual([
      'services/a/Dockerfile',
      'tools/Dockerfile',
    ]);
  });

  test('backslashes are separators on Windows alone', async () => {
    const files = { 'a/Dockerfile': CLEAN };
    expect((await plimsoll(['a\\Dockerfile'], { files, isWindows: true })).code).toBe(0);
    expect((await plimsoll(['a\\Dockerfile'], { files })).code).toBe(2);
  });

  test('links are followed where they are named, and not in a walk', async () => {
    const files = { 'real/Dockerfile': CLEAN, 'Dockerfile.link': { link: 'real/Dockerfile' }, loop: { link: '.' } };
    const walked = await plimsoll(['-f', 'json'], { files });
    expect(JSON.parse(walked.out).summary.files).toBe(1);
    expect((await plimsoll(['Dockerfile.link'], { files })).code).toBe(0);
    const named = await plimsoll(['-f', 'json', 'loop'], { files });
    expect(JSON.parse(named.out).files).toHaveLength(1);
  });

  test('standard input', async () => {
    const bare = await plimsoll(['-', '-f', 'compact', ...ONLY], { stdin: DIRTY });
    expect(bare.code).toBe(1);
    expect(bare.out).toMatch(/^<stdin>:2:1: warning: .* \[runtime\/single-cmd\]\n$/);
    const named = await plimsoll(['-', '--stdin-filename', 'app/Dockerfile', '-f', 'json', ...ONLY], {
      stdin: DIRTY,
      files: { 'app/x': '' },
    });
    expect(JSON.parse(named.out).files[0]).toMatchObject({ path: 'app/Dockerfile', context: 'app' });
    expect(JSON.parse((await plimsoll(['-', '-f', 'json'], { stdin: CLEAN })).out).files[0].context).toBe(null);
  });

  test('the summary says that standard input has no build context', async () => {
    const said = '(no build context: rules about it are silent)';
    const files = { Dockerfile: CLEAN };
    expect((await plimsoll(['-', ...ONLY], { stdin: CLEAN })).out).toBe(`no findings in 1 file ${said}\n`);
    expect((await plimsoll(['-', ...ONLY], { stdin: DIRTY })).out).toMatch(
      /1 file: 1 warning \(1 fixable; no build context: .*\n$/,
    );
    expect((await plimsoll(['-', ...ONLY, '-q'], { stdin: DIRTY })).out).not.toContain('no build context');
    expect((await plimsoll(['-', '--context', '.', ...ONLY], { stdin: CLEAN })).out).toBe('no findings in 1 file\n');
    const named = ['-', '--stdin-filename', 'a/Dockerfile', ...ONLY];
    expect((await plimsoll(named, { stdin: CLEAN })).out).toBe('no findings in 1 file\n');
    expect((await plimsoll(['Dockerfile', '-', ...ONLY], { stdin: CLEAN, files })).out).toBe(
      'no findings in 2 files (no build context for <stdin>: rules about it are silent)\n',
    );
  });
});

describe('the context', () => {
  const COPY = 'FROM scratch\nCOPY dist /dist\n';
  const files = { 'docker/Dockerfile': COPY, 'ctx/dist/a': '', 'ctx/.dockerignore': 'dist\n' };

  test('--context is shown, and its ignore file holds', async () => {
    const argv = ['docker/Dockerfile', '--context', 'ctx', '-f', 'json', '--only', 'context/copy-ignored'];
    const { code, out } = await plimsoll(argv, { files });
    const [file] = JSON.parse(out).files;
    expect(code).toBe(1);
    expect(file.context).toBe('ctx');
    expect(file.findings[0].related[0].path).toBe('ctx/.dockerignore');
  });

  test('a context that is no directory is refused', async () => {
    const { code, err, out } = await plimsoll(['docker/Dockerfile', '--context', 'nowhere'], { files });
    expect([code, out]).toEqual([2, '']);
    expect(err).toBe('plimsoll: --context: nowhere: no directory that can be read\n');
  });

  test('--target must name a stage of some file', async () => {
    const stages = { Dockerfile: 'FROM alpine:3.22 AS Build\nFROM alpine:3.22\n', 'b/Dockerfile': CLEAN };
    for (const target of ['build', 'BUILD', '1']) {
      expect((await plimsoll(['--target', target, ...ONLY], { files: stages })).code).toBe(0);
    }
    const { code, err } = await plimsoll(['--target', 'biuld', ...ONLY], { files: stages });
    expect(code).toBe(2);
    expect(err).toBe(
      ['Dockerfile', 'b/Dockerfile']
        .map((path) => `plimsoll: ${path}: there is no stage "biuld"; did you mean "build"?\n`)
        .join(''),
    );
  });

  test('--build-arg: with a value, from the environment, and without a name', async () => {
    const eol = ['--only', 'base/no-eol', '--now', '2026-01-01', '-f', 'compact', '-t', 'info'];
    const versions = { Dockerfile: 'ARG V\nFROM node:$V\n' };
    expect((await plimsoll(['--build-arg', 'V=12', ...eol], { files: versions })).code).toBe(1);
    expect((await plimsoll(['--build-arg', 'V', ...eol], { files: versions, env: { V: '12' } })).code).toBe(1);
    expect((await plimsoll(['--build-arg', 'V', ...eol], { files: versions })).code).toBe(0);
    const { code, err } = await plimsoll(['--build-arg', '=x'], { files: versions });
    expect([code, err]).toEqual([2, 'plimsoll: --build-arg: "=x" has no name\n']);
  });
});

describe('exit codes', () => {
  const files = { Dockerfile: DIRTY };

  test.each([
    [[], 1],
    [['--threshold', 'error'], 0],
    [['-t', 'warning'], 1],
    [['-t', 'style'], 1],
    [['-t', 'none'], 0],
    [['--rule', 'runtime/single-cmd=info'], 0],
    [['--rule', 'runtime/single-cmd=info', '--threshold', 'info'], 1],
    [['--rule', 'runtime/single-cmd=error', '--threshold', 'error'], 1],
    [['--ignore', 'DL4003', '--ignore', 'runtime/single-cmd'], 0],
  ])('%j exits with %i', async (argv, expected) => {
    for (const format of FORMATS) {
      const only = argv.includes('--ignore') ? ['--preset', 'recommended'] : ONLY;
      const strict = argv.includes('--ignore') ? ['-t', 'error'] : [];
      expect((await plimsoll(['-f', format, ...only, ...strict, ...argv], { files })).code, format).toBe(expected);
    }
  });

  test('what could not be linted makes it 2, and nothing found 0, whatever the format', async () => {
    for (const format of FORMATS) {
      expect((await plimsoll(['-f', format, ...ONLY, 'gone'], { files })).code, format).toBe(2);
      expect((await plimsoll(['-f', format, ...ONLY, 'gone', '.', '-t', 'none'], { files })).code, format).toBe(2);
      expect((await plimsoll(['-f', format, ...ONLY, '-q'], { files: { Dockerfile: CLEAN } })).code, format).toBe(0);
      const written = await plimsoll(['-f', format, ...ONLY, '-o', 'report'], { files });
      expect([written.code, written.out, Object.keys(written.written)], format).toEqual([1, '', ['/here/report']]);
    }
  });

  test('a threshold of the configuration holds for its files; the flag overrules it', async () => {
    const both = {
      'a/.plimsoll.yaml': 'threshold: error\n',
      'a/Dockerfile': DIRTY,
      'b/Dockerfile': CLEAN,
    };
    expect((await plimsoll(ONLY, { files: both })).code).toBe(0);
    expect((await plimsoll([...ONLY, '-t', 'info'], { files: both })).code).toBe(1);
    expect((await plimsoll([...ONLY, '--no-config'], { files: both })).code).toBe(1);
  });

  test('suppressed findings count for nothing', async () => {
    const silenced = DIRTY.replace('CMD ["a"]', '# plimsoll ignore=runtime/single-cmd -- kept\nCMD ["a"]');
    expect((await plimsoll(ONLY, { files: { Dockerfile: silenced } })).code).toBe(0);
  });
});

describe('usage errors', () => {
  test.each([
    [['--formt', 'json'], 'unknown option --formt; did you mean "--format"?'],
    [['--fromat=json'], 'unknown option --fromat; did you mean "--format"?'],
    [['--zzz'], 'unknown option --zzz; see plimsoll --help'],
    [['--no-colour'], 'unknown option --no-colour; did you mean "--no-color"?'],
    [['-Z'], 'unknown option -Z; see plimsoll --help'],
    [['-qZ'], 'unknown option -Z; see plimsoll --help'],
    [['-t'], '-t needs a value'],
    [['-fjsn'], '--format: unknown format "jsn"; did you mean "json"?'],
    [['--no-format'], 'unknown option --no-format'],
    [['--no-threshold'], 'unknown option --no-threshold'],
    [['--format', ''], '--format needs a value'],
    [['--context='], '--context needs a value'],
    [['--fix=Dockerfile'], '--fix takes no value'],
    [['--quiet=1'], '--quiet takes no value'],
    [[''], 'a path is empty'],
    [['--stdin-filename', 'Dockerfile'], '--stdin-filename names what "-" reads, and there is no "-" among the paths'],
    [['--print-config', '.'], '--print-config: . is a directory; name a Dockerfile in it'],
    [['--format', 'jsn'], '--format: unknown format "jsn"; did you mean "json"?'],
    [['--format'], '--format needs a value'],
    [['--threshold', 'warn'], '--threshold: unknown threshold "warn"; did you mean "warning"?'],
    [['--threshold', 'x'], '--threshold: unknown threshold "x"; there are error, warning, info, style, none'],
    [['--rule', 'runtime/single-cmd'], /^--rule: write "runtime\/single-cmd=LEVEL"/],
    [
      ['--rule', 'runtime/single-cdm=off'],
      '--rule: unknown rule "runtime/single-cdm"; did you mean "runtime/single-cmd"?',
    ],
    [['--only', 'nothing/like-it-at-all'], '--only: unknown rule "nothing/like-it-at-all"'],
    [['--preset', 'recomended'], '--preset: unknown preset "recomended"; did you mean "recommended"?'],
    [['--now', 'tomorrow'], '--now: "tomorrow" is no day such as 2026-01-31'],
    [['rules', '--jsn'], 'unknown option --jsn; did you mean "--json"?'],
    [['rules', '--fix'], 'rules takes no --fix; see plimsoll --help'],
    [['--shellcheck', 'off', 'init'], 'init takes no --shellcheck; see plimsoll --help'],
    [['--from-hadolint'], 'lint takes no --from-hadolint; see plimsoll --help'],
    [['rules', 'extra'], 'unexpected argument "extra"; see plimsoll --help'],
    [['explain'], 'an argument is missing; see plimsoll --help'],
    [['explain', 'apt/no-recomends'], 'unknown rule "apt/no-recomends"; did you mean "apt/no-recommends"?'],
    [['rulez'], 'rulez: no such file or directory; did you mean the command "rules"?'],
    [['-', '--fix'], 'standard input cannot be fixed: name a file'],
    [['context', '--jsn'], 'unknown option --jsn; did you mean "--json"?'],
    [['context', '--fix'], 'context takes no --fix; see plimsoll --help'],
    [['context', '--changed', 'a'], 'context takes no --changed; see plimsoll --help'],
    [['context', '--no-colour'], 'unknown option --no-colour; did you mean "--no-color"?'],
    [['context', '--context', ''], '--context needs a value'],
    [['context', '--context', 'gone'], '--context: gone: no directory that can be read'],
    [['context', '--target', 'x'], 'Dockerfile: there is no stage "x"'],
    [['context', '--build-arg', '=1'], '--build-arg: "=1" has no name'],
    [['context', '--json=1'], '--json takes no value'],
    [['context', ''], 'the name of the DOCKERFILE is empty'],
    [['context', 'a', 'b'], 'one DOCKERFILE at a time: "a" and "b" are two'],
    [['context', 'gone'], 'gone: no such file or directory'],
    [['contxt'], 'contxt: no such file or directory; did you mean the command "context"?'],
    [['layers', '--chnaged', 'a'], 'unknown option --chnaged; did you mean "--changed"?'],
    [['layers', '--jsn'], 'unknown option --jsn; did you mean "--json"?'],
    [['layers', '--fix'], 'layers takes no --fix; see plimsoll --help'],
    [['layers', '--changed'], '--changed needs a value'],
    [['layers', '--changed='], '--changed needs a value'],
    [['layers', '--changed', 'a', ''], '--changed needs a value'],
    [['layers', '--no-changed'], 'unknown option --no-changed'],
    [['layers', '--since'], '--since needs a value'],
    [['layers', '--since', ''], '--since needs a value'],
    [['layers', '--format', 'sarif'], '--format: unknown format "sarif"; there are text, json, mermaid'],
    [['layers', '-f', 'jsn'], '--format: unknown format "jsn"; did you mean "json"?'],
    [['layers', '--json', '--format', 'mermaid'], '--json and --format mermaid ask for two reports; give one'],
    [['layers', '--changed', 'a', '--since', 'HEAD'], '--changed and --since both say what changes; give one of them'],
    [['layers', 'a', 'b'], 'one DOCKERFILE at a time: "a" and "b" are two'],
    [['layers', ''], 'the name of the DOCKERFILE is empty'],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await plimsoll(argv, { files: { Dockerfile: CLEAN } });
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.split('\n')).toHaveLength(2);
    if (typeof message === 'string') expect(err).toBe(`plimsoll: ${message}\n`);
    else expect(err.replace(/^plimsoll: /, '')).toMatch(message);
  });

  test('the last of an option that takes one value holds', async () => {
    const { out } = await plimsoll(['-f', 'json', '-f', 'compact', ...ONLY], { files: { Dockerfile: DIRTY } });
    expect(out).toMatch(/^Dockerfile:2:1: /);
  });

  test('a short option takes its value with a blank, without one, or behind a sign', async () => {
    const files = { Dockerfile: DIRTY, '-fjson': DIRTY };
    for (const words of [['-f', 'compact'], ['-fcompact'], ['-f=compact'], ['-qfcompact'], ['-q', '-fcompact']]) {
      const { out } = await plimsoll([...words, ...ONLY, 'Dockerfile'], { files });
      expect(out).toMatch(/^Dockerfile:2:1: /);
    }
    expect((await plimsoll(['-fcompact', ...ONLY, '--', '-fjson'], { files })).out).toMatch(/^-fjson:2:1: /);
  });

  test('--only and --ignore take several rules at once', async () => {
    const files = { Dockerfile: 'FROM alpine:3.22\nCMD ["a"]\nCMD b\n' };
    const rulesOf = async (...words: string[]) => {
      const { out } = await plimsoll(['-f', 'json', ...words], { files });
      return JSON.parse(out).files[0].findings.map((finding: { rule: string }) => finding.rule);
    };
    expect(await rulesOf('--only', 'runtime/single-cmd,DL3025')).toEqual(['runtime/single-cmd', 'runtime/exec-form']);
    expect(await rulesOf('--only', 'DL3025, DL4003', '--ignore', 'DL4003,base/no-eol')).toEqual(['runtime/exec-form']);
  });
});

describe('commands about one Dockerfile', () => {
  const BARE = { dockerfile: null, context: null, target: null, buildArgs: [], color: null };

  test('context', () => {
    expect(parseArgs(['context'], IO)).toEqual({ kind: 'context', args: { ...BARE, json: false } });
    const argv = ['context', 'a/Dockerfile', '--context', '.', '--json', '--target', 'x', '--build-arg', 'A=1'];
    expect(parseArgs([...argv, '--build-arg', 'B', '--no-color'], IO)).toEqual({
      kind: 'context',
      args: {
        dockerfile: 'a/Dockerfile',
        context: '.',
        target: 'x',
        buildArgs: ['A=1', 'B'],
        color: false,
        json: true,
      },
    });
    expect(parseArgs(['context', '-'], IO)).toMatchObject({ args: { dockerfile: '-' } });
    expect(parseArgs(['context', '--', '--odd'], IO)).toMatchObject({ args: { dockerfile: '--odd' } });
  });

  test('layers', () => {
    const bare = { ...BARE, format: 'text', changed: [], since: null };
    expect(parseArgs(['layers'], IO)).toEqual({ kind: 'layers', args: bare });
    expect(parseArgs(['layers', 'D', '--since', 'main', '-fmermaid'], IO)).toEqual({
      kind: 'layers',
      args: { ...bare, dockerfile: 'D', since: 'main', format: 'mermaid' },
    });
    for (const words of [['--json'], ['-f', 'json'], ['--json', '--format', 'json']]) {
      expect(parseArgs(['layers', ...words], IO)).toMatchObject({ args: { format: 'json' } });
    }
  });

  test('--changed takes several values and is repeatable', () => {
    for (const [argv, changed, dockerfile] of [
      [['--changed', 'a'], ['a'], null],
      [['--changed', 'a', 'b', '--changed', 'c'], ['a', 'b', 'c'], null],
      [['D', '--changed', 'a', 'b', '--json'], ['a', 'b'], 'D'],
      [['--changed', 'a', 'b', '--', 'D'], ['a', 'b'], 'D'],
      [['--changed', 'a', '--no-color', 'D'], ['a'], 'D'],
      [['--changed=a', 'b'], ['a', 'b'], null],
      [['--changed', 'layers', '1'], ['layers', '1'], null],
    ] as const) {
      expect(parseArgs(['layers', ...argv], IO), argv.join(' ')).toMatchObject({ args: { changed, dockerfile } });
    }
  });

  test('the Dockerfile that is not named', async () => {
    const context = async (files: Readonly<Record<string, string>>, ...argv: string[]) => {
      const { code, err } = await plimsoll(['context', ...argv], { files });
      return [code, err];
    };
    expect(await context({ Dockerfile: CLEAN, 'Dockerfile.dev': CLEAN })).toEqual([0, '']);
    expect(await context({ Containerfile: CLEAN })).toEqual([0, '']);
    expect(await context({ 'app/Dockerfile': CLEAN }, 'app')).toEqual([0, '']);
    expect(await context({})).toEqual([2, 'plimsoll: there is no Dockerfile here: name one\n']);
    expect(await context({ 'Dockerfile/x': '', 'a.Dockerfile': CLEAN, 'Dockerfile.b': CLEAN })).toEqual([
      2,
      'plimsoll: there is no Dockerfile here: name Dockerfile.b or a.Dockerfile\n',
    ]);
    expect(await context({ 'app/Dockerfile': CLEAN, 'app/Containerfile': CLEAN }, 'app/')).toEqual([
      2,
      'plimsoll: there are several Dockerfiles in app: name Containerfile or Dockerfile\n',
    ]);
    expect(await context({ a: 'hello\n' }, 'a')).toEqual([2, 'plimsoll: a: no Dockerfile: there is no FROM in it\n']);
  });
});

describe('output', () => {
  const files = { Dockerfile: DIRTY };

  test('--output writes the report to a file, without colours', async () => {
    const { code, out, written } = await plimsoll(['-o', 'out/report.txt', '--color', ...ONLY], { files });
    expect([code, out]).toEqual([1, '']);
    expect(written['/here/out/report.txt']).toMatch(/^warning\[runtime\/single-cmd\]: /);
  });

  test('--output - is standard output', async () => {
    const { out, written } = await plimsoll(['-o', '-', '-f', 'compact', ...ONLY], { files });
    expect(out).toMatch(/^Dockerfile:2:1: /);
    expect(written).toEqual({});
  });

  test('colours: the flag, then FORCE_COLOR, then NO_COLOR, then the terminal', async () => {
    const colored = async (argv: readonly string[], env: Record<string, string>, terminal?: number) => {
      const setup = { files, env, ...(terminal === undefined ? {} : { terminal }) };
      return (await plimsoll([...ONLY, ...argv], setup)).out.includes('\u001b[');
    };
    expect(await colored([], {})).toBe(false);
    expect(await colored([], {}, 80)).toBe(true);
    expect(await colored([], { TERM: 'dumb' }, 80)).toBe(false);
    expect(await colored([], { NO_COLOR: '1' }, 80)).toBe(false);
    expect(await colored([], { NO_COLOR: '' }, 80)).toBe(true);
    expect(await colored([], { FORCE_COLOR: '1' })).toBe(true);
    expect(await colored([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(true);
    expect(await colored([], { FORCE_COLOR: '0' }, 80)).toBe(false);
    expect(await colored(['--color'], { NO_COLOR: '1' })).toBe(true);
    expect(await colored(['--no-color'], { FORCE_COLOR: '1' }, 80)).toBe(false);
    expect(await colored(['-f', 'json', '--color'], {})).toBe(false);
  });

  test('a terminal that opens links gets them', async () => {
    const { out } = await plimsoll(ONLY, { files, terminal: 80, env: { TERM_PROGRAM: 'vscode' } });
    expect(out).toContain(`\u001b]8;;file://${PACKAGE_ROOT}/docs/rules/runtime/single-cmd.md\u001b\\`);
    expect((await plimsoll(ONLY, { files, terminal: 80 })).out).not.toContain('\u001b]8;;');
  });

  test('the width of the terminal is kept', async () => {
    const long = { Dockerfile: `${DIRTY.replace('CMD ["a"]', `CMD ["${'a'.repeat(300)}"]`)}` };
    const { out } = await plimsoll(['--no-color', ...ONLY], { files: long, terminal: 60 });
    const framed = out.split('\n').filter((line) => / \| /.test(line));
    expect(framed.length).toBeGreaterThan(0);
    for (const line of framed) expect(line.length).toBeLessThanOrEqual(60);
  });

  test('--quiet: no summary, and nothing when clean', async () => {
    expect((await plimsoll(['-q'], { files: { Dockerfile: CLEAN } })).out).toBe('');
    expect((await plimsoll(['-q', ...ONLY], { files })).out).not.toContain('1 finding');
    expect((await plimsoll(ONLY, { files })).out).toContain('1 finding in 1 file: 1 warning');
  });

  test('a long run shows its progress on a terminal, and wipes it', async () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`d${n}/Dockerfile`, CLEAN]));
    const { err } = await plimsoll(ONLY, { files: many, terminal: 80, tick: 400 });
    expect(err).toMatch(/^\r\u001b\[Kplimsoll: 2 of 9 files: d2\/Dockerfile\r/);
    expect(err.endsWith('\r\u001b[K')).toBe(true);
    expect((await plimsoll(ONLY, { files: many, terminal: 80, tick: 1 })).err).toBe('');
    expect((await plimsoll(ONLY, { files: many, tick: 400 })).err).toBe('');
  });
});

describe('fixes', () => {
  const text = 'FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n';
  const only = ['--only', 'apt/no-recommends'];

  test('nothing is written without a flag, and suggestions need their own', async () => {
    for (const argv of [[], ['--fix']]) {
      const { written, out } = await plimsoll([...only, ...argv], { files: { Dockerfile: text } });
      expect(written).toEqual({});
      expect(out).toContain('= fixable: plimsoll --fix-suggestions');
    }
  });

  test('--fix-suggestions writes the file and reports what is left; BOM and line ends stay', async () => {
    const { code, written, err, out } = await plimsoll([...only, '--fix-suggestions', '-t', 'style'], {
      files: { Dockerfile: `\ufeff${text.replaceAll('\n', '\r\n')}` },
    });
    expect(written['/here/Dockerfile']).toBe(
      `\ufeff${text.replaceAll('\n', '\r\n').replace('install', 'install --no-install-recommends')}`,
    );
    expect(err).toBe('plimsoll: applied 1 fix to Dockerfile\n');
    expect([code, out]).toEqual([0, 'no findings in 1 file\n']);
  });

  test('a file that cannot be written is a failure, and the others are fixed', async () => {
    const files = { 'a/Dockerfile': text, 'b/Dockerfile': text };
    const readOnly = ['/here/a/Dockerfile'];
    const { code, written, err, out } = await plimsoll([...only, '--fix-suggestions'], { files, readOnly });
    expect(out).toContain('--> a/Dockerfile:2:');
    expect(out).not.toContain('--> b/Dockerfile:2:');
    expect(code).toBe(2);
    expect(Object.keys(written)).toEqual(['/here/b/Dockerfile']);
    expect(err).toContain('a/Dockerfile: cannot write /here/a/Dockerfile: permission denied');
  });

  test('a fix may make a file, which the rules then see', async () => {
    const files = {
      'app/Dockerfile': 'FROM node:26\nWORKDIR /app\nCOPY . .\nRUN npm ci\n',
      'app/package.json': '{"name":"a","dependencies":{"express":"5.0.0"}}',
      'app/package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      'app/server.js': '',
    };
    const argv = ['app', '--only', 'context/ignore-missing', '--only', 'context/ignore-node-modules', '--fix'];
    const { out, err, written } = await plimsoll(argv, { files });
    expect(written['/here/app/.dockerignore']).toContain('node_modules');
    expect([out, err]).toEqual(['no findings in 1 file\n', 'plimsoll: applied 1 fix to app/.dockerignore\n']);
  });

  test.each([
    ['out of the working directory', { link: '/etc/profile' }, 'it is a link that leads out of the working directory'],
    ['nowhere', { link: '/etc/gone' }, 'it is a link that leads nowhere'],
  ])('an ignore file that is a link %s is not written', async (_name, link, reason) => {
    const files = {
      'app/Dockerfile': 'FROM node:26\nWORKDIR /app\nCOPY . .\nRUN npm ci\n',
      'app/package.json': '{"name":"a","dependencies":{"express":"5.0.0"}}',
      'app/package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      'app/server.js': '',
      'app/.dockerignore': link,
      '/etc/profile': '*.log\n',
    };
    const argv = ['app', '--only', 'context/ignore-missing', '--only', 'context/ignore-node-modules', '--fix'];
    const { code, err, written } = await plimsoll(argv, { files });
    expect(written).toEqual({});
    expect([code, err]).toEqual([2, `plimsoll: app/.dockerignore: cannot be fixed: ${reason}\n`]);
    const inside = { ...files, 'app/.dockerignore': { link: '../shared' }, shared: '*.log\n' };
    expect(Object.keys((await plimsoll(argv, { files: inside })).written)).toEqual(['/here/app/.dockerignore']);
  });

  test('a file that is not UTF-8 is left alone', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode(`${text}# caf`), 0xe9, 10]);
    const { written } = await plimsoll([...only, '--fix-suggestions'], { files: { Dockerfile: bytes } });
    expect(written).toEqual({});
  });
});

describe('configuration', () => {
  test('the nearest one holds; --config names another; --no-config none', async () => {
    const files = {
      '.plimsoll.yaml': 'rules:\n  runtime/single-cmd: error\n',
      Dockerfile: DIRTY,
      'sub/.plimsoll.yaml': 'rules:\n  runtime/single-cmd: off\n',
      'sub/Dockerfile': DIRTY,
      'other.yaml': 'rules:\n  runtime/single-cmd: style\n',
    };
    const severities = async (argv: readonly string[]) => {
      const { out } = await plimsoll(['-f', 'json', ...argv], { files });
      const report: { files: { path: string; findings: { rule: string; severity: string }[] }[] } = JSON.parse(out);
      return Object.fromEntries(
        report.files.map((file) => [
          file.path,
          file.findings.find((found) => found.rule === 'runtime/single-cmd')?.severity ?? 'off',
        ]),
      );
    };
    expect(await severities([])).toEqual({ Dockerfile: 'error', 'sub/Dockerfile': 'off' });
    expect(await severities(['-c', 'other.yaml'])).toEqual({ Dockerfile: 'style', 'sub/Dockerfile': 'style' });
    expect(await severities(['--no-config'])).toEqual({ Dockerfile: 'warning', 'sub/Dockerfile': 'warning' });
    expect(await severities(['--rule', 'DL4003=info', '--rule', 'runtime/single-cmd=info'])).toEqual({
      Dockerfile: 'info',
      'sub/Dockerfile': 'info',
    });
  });

  test('ignored files are passed over, named ones too', async () => {
    const files = { '.plimsoll.yaml': 'ignore: [vendor/]\n', Dockerfile: CLEAN, 'vendor/Dockerfile': DIRTY };
    expect(await linted([], files)).toEqual(['Dockerfile']);
    const { code, out } = await plimsoll(['vendor/Dockerfile'], { files });
    expect([code, out]).toEqual([0, '']);
  });

  test('--print-config', async () => {
    const files = { '.plimsoll.yaml': 'threshold: error\n', Dockerfile: CLEAN };
    const { code, out } = await plimsoll(['--print-config', 'Dockerfile', '--ignore', 'runtime/single-cmd'], { files });
    expect(code).toBe(0);
    expect(out).toContain('# Configuration: .plimsoll.yaml\n');
    expect(out).toContain('threshold: error # .plimsoll.yaml:1\n');
    expect(out).toContain('runtime/single-cmd: off # --ignore runtime/single-cmd\n');
  });

  test('init writes a configuration that changes nothing, once', async () => {
    const files = { Dockerfile: DIRTY };
    const first = await plimsoll(['init'], { files });
    expect([first.code, first.out]).toEqual([0, 'wrote .plimsoll.yaml\n']);
    const template = first.written['/here/.plimsoll.yaml'] ?? '';
    const set = { ...files, '.plimsoll.yaml': template };
    expect((await plimsoll([], { files: set })).out).toBe((await plimsoll([], { files })).out);
    const again = await plimsoll(['init'], { files: set });
    expect([again.code, again.err]).toEqual([2, 'plimsoll: .plimsoll.yaml is there already; it was not changed\n']);
    expect(again.written).toEqual({});
  });

  test('every line of its examples is valid as well', async () => {
    const { written } = await plimsoll(['init']);
    const template = (written['/here/.plimsoll.yaml'] ?? '')
      .replace(/^# (?=rulesVersion|rules:|overrides:|ignore:| )/gm, '')
      .replace(/^ {2}user\/no-root.*\n/m, '')
      .replaceAll('user/no-root', 'runtime/single-cmd');
    expect(template).toMatch(/^rules:$/m);
    const files = { '.plimsoll.yaml': template, Dockerfile: CLEAN, 'third_party/Dockerfile': DIRTY };
    const { code, err } = await plimsoll([], { files });
    expect([code, err]).toEqual([0, '']);
  });
});

describe('the other commands', () => {
  test('rules lists every rule', async () => {
    const { code, out } = await plimsoll(['rules']);
    expect(code).toBe(0);
    for (const rule of rules) expect(out).toContain(rule.id);
  });

  test('rules --json', async () => {
    const entries: unknown[] = JSON.parse((await plimsoll(['rules', '--json'])).out);
    expect(entries).toHaveLength(rules.length);
    expect(entries[0]).toMatchObject({
      id: expect.any(String),
      aliases: expect.any(Array),
      summary: expect.any(String),
      category: expect.any(String),
      severity: expect.any(String),
      presets: expect.any(Array),
      since: expect.any(String),
      url: expect.any(String),
      options: expect.any(Object),
    });
  });

  test('explain shows the page by id and by alias', async () => {
    const { code, out } = await plimsoll(['explain', 'apt/no-recommends']);
    expect(code).toBe(0);
    expect(out).toContain('apt/no-recommends\n');
    expect(out).toContain('\nWhy\n');
    expect(out).toContain('    RUN apt-get update && apt-get install -y git\n');
    expect(out).not.toContain('```');
    expect(out).toContain('\n  severity  info\n');
    expect(out).toContain('# plimsoll ignore=apt/no-recommends -- the reason');
    expect(out).not.toContain('|');
    expect((await plimsoll(['explain', 'dl3015'])).out).toBe(out);
    const foreign = await plimsoll(['explain', 'DL9999']);
    expect([foreign.code, foreign.err]).toEqual([2, 'plimsoll: plimsoll has no rule that stands for "DL9999"\n']);
  });

  test('every rule can be explained', async () => {
    for (const rule of rules) expect((await plimsoll(['explain', rule.id])).code, rule.id).toBe(0);
  });

  test('help names every option and command', async () => {
    for (const argv of [['--help'], ['-h'], ['lint', '--help']]) {
      const { code, out, err } = await plimsoll(argv);
      expect([code, err]).toEqual([0, '']);
      for (const word of ['--stdin-filename', '--fix-suggestions', '--print-config', '--threshold']) {
        expect(out).toContain(word);
      }
    }
    expect((await plimsoll(['--help'])).out).toContain('plimsoll explain <rule>');
    expect((await plimsoll(['--help'])).out).not.toContain('--now');
    expect((await plimsoll(['rules', '--help'])).out).toContain('--json');
  });

  test('version', async () => {
    for (const argv of [['--version'], ['-v'], ['--version', '-q']]) {
      const { code, out } = await plimsoll(argv);
      expect(code).toBe(0);
      expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
    }
  });

  test('a command line that needs no parser means what the parser makes of it', () => {
    for (const argv of [
      [],
      ['Dockerfile'],
      ['lint', 'a', 'b=c', './1', '42'],
      ['lint', 'lint'],
      ['--no-config', 'a', '--no-config', '-q'],
      ['a', '--quiet'],
      ['completion-script'],
    ]) {
      // What follows `--` is none of those, so that the parser is asked.
      const typed = parseArgs(argv, IO);
      expect(typed).toEqual(parseArgs([...argv, '--'], IO));
    }
    for (const word of ['rules', 'completion', 'help']) expect(parseArgs([word], IO).kind, word).not.toBe('lint');
  });

  test('completion prints a script, and completes options, commands and rules', async () => {
    const script = await plimsoll(['completion']);
    expect(script.code).toBe(0);
    expect(script.out).toContain('--get-yargs-completions');
    const completed = async (...words: string[]) =>
      (await plimsoll(['--get-yargs-completions', 'plimsoll', ...words])).out.trim().split('\n');
    expect(await completed('--fi')).toEqual(['--fix', '--fix-suggestions']);
    expect(await completed('ex')).toEqual(['explain']);
    expect(await completed('--format', 's')).toEqual(['sarif', 'sonarqube']);
    expect(await completed('-t', 'e')).toEqual(['error']);
    expect(await completed('--preset', '')).toEqual(['recommended', 'strict', 'all', 'hadolint', 'buildkit']);
    expect(await completed('init', '--')).toEqual(['--from-hadolint']);
    expect(await completed('context', '--')).toEqual(['--context', '--target', '--build-arg', '--json', '--color']);
    expect(await completed('--no')).toEqual(['']);
    expect(await completed('explain', 'apt/no-rec')).toEqual(['apt/no-recommends']);
  });
});

/** The real program needs a build. */
const isBuilt = existsSync('dist/cli.cjs');

describe.skipIf(!isBuilt)(isBuilt ? 'the real process' : 'the real process (skipped: run npm run build first)', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'plimsoll-cli-'));
    writeFileSync(join(directory, 'Dockerfile'), DIRTY);
    writeFileSync(join(directory, 'Dockerfile.clean'), CLEAN);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const bin = join(PACKAGE_ROOT, 'bin/plimsoll.js');
  const run = (argv: readonly string[], input = '') =>
    spawnSync(process.execPath, [bin, ...argv], { cwd: directory, input, encoding: 'utf8' });

  test('exit codes and streams', () => {
    expect(run([...ONLY, 'Dockerfile.clean'])).toMatchObject({
      status: 0,
      stdout: 'no findings in 1 file\n',
      stderr: '',
    });
    expect(run([...ONLY, '-f', 'compact'])).toMatchObject({ status: 1, stderr: '' });
    const missing = run(['gone']);
    expect(missing).toMatchObject({ status: 2, stdout: '', stderr: 'plimsoll: gone: no such file or directory\n' });
    expect(run(['-', '-f', 'compact', ...ONLY], DIRTY).stdout).toMatch(/^<stdin>:2:1: /);
    expect(run(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(run(['--help'])).toMatchObject({ status: 0, stderr: '' });
    expect(run(['explain', 'apt/no-recommends']).stdout).toContain('Why');
  });

  test('a reader that leaves early is no error', () => {
    const command = `"${process.execPath}" "${bin}" -f json --only runtime/single-cmd ${'Dockerfile '.repeat(1)}; echo "code $?" >&2`;
    const broken = spawnSync('sh', ['-c', `{ ${command}; } | true`], { cwd: directory, encoding: 'utf8' });
    expect(broken.stderr).toBe('code 1\n');
  });

  test('large reports reach a slow reader whole', () => {
    writeFileSync(join(directory, 'big'), `FROM alpine:3.22\n${'CMD ["a"]\n'.repeat(4000)}`);
    const command = `"${process.execPath}" "${bin}" -f json --only runtime/single-cmd big | (sleep 0.3; cat)`;
    const out = execFileSync('sh', ['-c', command], { cwd: directory, encoding: 'utf8', maxBuffer: 1e9 });
    expect(JSON.parse(out).summary.warnings).toBeGreaterThan(1000);
  });
});
