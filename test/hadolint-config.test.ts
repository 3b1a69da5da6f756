import { describe, expect, test } from 'vitest';
import { effectiveConfig } from '../src/config/effective.js';
import { HADOLINT_FORMATS, readHadolintEnvironment } from '../src/config/hadolint.js';
import { loadConfig } from '../src/config/load.js';
import { findHadolintConfig, loadHadolintConfig } from '../src/config/load-hadolint.js';
import { NO_OVERRIDES } from '../src/config/types.js';
import { createMemoryFs } from '../src/context/memory-fs.js';
import { VERSION } from '../src/model/version.js';
import { isFormat } from '../src/reporters/index.js';
import { rules } from '../src/rules/index.js';
import { type CliSetup, plimsoll } from './support/cli.js';

/** DL3004 (error), DL3003 (warning), DL3048 (style). */
const DIRTY = 'FROM debian:13\nRUN sudo make && make a && make b\nRUN cd /tmp\nLABEL Name=x\n';
const COMPACT = ['--format', 'compact'];

/** `LINE severity rule` of each finding. */
async function found(argv: readonly string[], setup: CliSetup): Promise<readonly string[]> {
  const { out } = await plimsoll([...COMPACT, ...argv], setup);
  return out
    .split('\n')
    .map((line) => /^[^:]*:(\d+):\d+: (\w+): .* \[(.*)\]$/.exec(line))
    .flatMap((match) => (match ? [`${match[1]} ${match[2]} ${match[3]}`] : []));
}

const withConfig = (config: string, more: Omit<CliSetup, 'files'> = {}, dockerfile = DIRTY): CliSetup => ({
  ...more,
  files: { Dockerfile: dockerfile, '.hadolint.yaml': config },
});

describe('.hadolint.yaml', () => {
  test('means the preset hadolint, even where it is empty', async () => {
    const like = ['2 error shell/no-sudo', '3 warning shell/cd', '4 style label/valid-key'];
    expect(await found([], withConfig(''))).toEqual(like);
    expect(await found(['--no-config', '--preset', 'hadolint'], withConfig('ignored: [DL3003]'))).toEqual(like);
    expect(await found(['--no-config'], withConfig(''))).not.toEqual(like);
  });

  test('ignores rules and sets severities, the most severe one where several are said', async () => {
    const config = 'ignored:\n  - DL3004\noverride:\n  error: [DL3048]\n  info: [DL3048, DL3003, DL3004]\n';
    expect(await found([], withConfig(config))).toEqual(['3 info shell/cd', '4 error label/valid-key']);
  });

  test('turns on by a severity what hadolint has off', async () => {
    const dockerfile = '# hadolint ignore=DL3004\nFROM debian:13\n';
    expect(await found([], withConfig('', {}, dockerfile))).toEqual([]);
    expect(await found([], withConfig('override: { warning: [DL1001] }', {}, dockerfile))).toEqual([
      '1 warning suppression/no-pragma',
    ]);
  });

  test('hands the label schema to the rules on labels', async () => {
    const config = [
      'label-schema:',
      ...['a: text', 'b: url', 'c: rfc3339', 'd: spdx', 'e: hash', 'f: semver', 'g: email', 'h: ""'].map(
        (l) => `  ${l}`,
      ),
      'strict-labels: true',
    ].join('\n');
    const dockerfile = 'FROM debian:13\nLABEL a="" b=x c=x d=x e=x f=x g=x\nLABEL other=x\n';
    expect((await found([], withConfig(config, {}, dockerfile))).toSorted()).toEqual([
      '1 info label/required',
      '2 warning label/not-empty',
      '2 warning label/valid-date',
      '2 warning label/valid-email',
      '2 warning label/valid-hash',
      '2 warning label/valid-license',
      '2 warning label/valid-url',
      '2 warning label/valid-version',
      '3 info label/known',
    ]);
  });

  test('has the labels of the OCI checked only where it names them', async () => {
    const dockerfile = 'FROM debian:13\nLABEL org.opencontainers.image.url=x\n';
    expect(await found([], withConfig('', {}, dockerfile))).toEqual([]);
  });

  test.each([
    ['', DIRTY, 1],
    ['failure-threshold: error', 'FROM debian:13\nRUN cd /tmp\n', 0],
    ['failure-threshold: warning', 'FROM debian:13\nRUN cd /tmp\n', 1],
    ['', 'FROM debian:13\nLABEL Name=x\n', 0],
    // To hadolint these are the lowest level, which any finding reaches.
    ['failure-threshold: ignore', 'FROM debian:13\nLABEL Name=x\n', 1],
    ['failure-threshold: none', 'FROM debian:13\nLABEL Name=x\n', 1],
    ['no-fail: true\nfailure-threshold: style', DIRTY, 0],
    ['no-fail: false', DIRTY, 1],
  ])('exits as hadolint does: %j', async (config, dockerfile, code) => {
    expect((await plimsoll([], withConfig(config, {}, dockerfile))).code).toBe(code);
    if (code === 1) expect((await plimsoll(['--threshold', 'none'], withConfig(config))).code).toBe(0);
  });

  test('disable-ignore-pragma disregards hadolint’s comments, and no others', async () => {
    const dockerfile =
      'FROM debian:13\n# hadolint ignore=DL3004\nRUN sudo make && make a && make b\n# plimsoll ignore=DL3003 -- why\nRUN cd /tmp\n';
    expect(await found([], withConfig('', {}, dockerfile))).toEqual([]);
    expect(await found([], withConfig('disable-ignore-pragma: true', {}, dockerfile))).toEqual([
      '3 error shell/no-sudo',
    ]);
  });

  test('keeps codes of ShellCheck as data', async () => {
    const fs = createMemoryFs({ '/p/.hadolint.yaml': 'ignored: [SC2086, sc1091]\noverride: { style: [SC2046] }' });
    const { settings } = readHadolintEnvironment({ HADOLINT_OVERRIDE_ERROR: 'SC2046' });
    const config = await loadHadolintConfig(fs, '/p/.hadolint.yaml', settings, { rules });
    expect(config.warnings).toEqual([]);
    const overrides = { ...NO_OVERRIDES, rules: ['SC1091=info'], ignore: ['sc2154'] };
    const { shellcheck } = effectiveConfig(config, overrides, '/p/Dockerfile', rules);
    expect(shellcheck).toEqual({
      codes: new Map([
        ['SC2046', 'error'],
        ['SC2086', null],
        ['SC1091', 'info'],
        ['SC2154', null],
      ]),
      only: null,
      semantics: 'hadolint',
    });
  });
});

describe('what is odd', () => {
  test.each([
    ['ignore: [DL3003]', '.hadolint.yaml:1:1: hadolint\'s configuration has no key "ignore"; did you mean "ignored"?'],
    ['zzzzzz: 1', '.hadolint.yaml:1:1: hadolint\'s configuration has no key "zzzzzz", so that it does nothing'],
    ['override:\n  warn: [DL3003]', '.hadolint.yaml:2:3: "override" has no key "warn"; did you mean "warning"?'],
    [
      'ignored:\n  - DL3005',
      '.hadolint.yaml:2:5: plimsoll has no rule that stands for "DL3005", so that it says nothing',
    ],
  ])('is a warning: %j', async (config, says) => {
    const { err, code } = await plimsoll(COMPACT, withConfig(config));
    expect(err).toBe(`plimsoll: ${says}\n`);
    expect(code).toBe(1);
    expect((await plimsoll(['--print-config', 'Dockerfile'], withConfig(config))).err).toBe(`plimsoll: ${says}\n`);
  });

  test.each([
    ['ignored: DL3003', '1:10: "ignored" must be a list of strings, not the string "DL3003"'],
    ['ignored: [3003]', '1:11: each item of "ignored" must be a string, not the number 3003'],
    ['override: [DL3003]', '1:11: "override" must be a mapping, not a list'],
    ['trustedRegistries: 5', '1:20: "trustedRegistries" must be a string or a list of strings, not the number 5'],
    ['no-fail: "true"', '1:10: "no-fail" must be true or false, not the string "true"'],
    [
      'failure-threshold: warn',
      '1:20: "failure-threshold" must be error, warning, info, style, ignore or none, not "warn"; did you mean "warning"?',
    ],
    ['format: xml', '1:9: "format" must be tty,'],
    [
      'label-schema:\n  a: uri',
      '2:6: the type of a label must be text, url, rfc3339, spdx, hash, semver or email, not "uri"',
    ],
    ['ignored: [', '1:11: not valid YAML'],
    ['- DL3003', "1:1: hadolint's configuration must be a mapping, not a list"],
  ])('is an error where it is of the wrong type: %j', async (config, says) => {
    const { err, code } = await plimsoll(COMPACT, withConfig(config));
    expect(err).toContain(`plimsoll: .hadolint.yaml:${says}`);
    expect(code).toBe(2);
  });

  test('a key without a value says nothing', async () => {
    const config = 'ignored:\noverride:\n  error:\ntrustedRegistries:\nlabel-schema:\nformat:\nno-fail:\n';
    const { err, code } = await plimsoll(COMPACT, withConfig(config));
    expect([err, code]).toEqual(['', 1]);
  });
});

describe("hadolint's own flags", () => {
  const files = { Dockerfile: DIRTY };
  const bare = (more: CliSetup['files'] = {}): CliSetup => ({ files: { ...files, ...more } });

  test('mean its preset where nothing else is said', async () => {
    const like = await found(['--preset', 'hadolint'], bare());
    expect(await found(['--failure-threshold', 'error'], bare())).toEqual(like);
    expect(await found(['-V'], bare())).toEqual(like);
    expect(await found([], bare())).not.toEqual(like);
    const own = await found([], bare({ '.plimsoll.yaml': 'extends: recommended\n' }));
    expect(await found(['--no-fail'], bare({ '.plimsoll.yaml': 'extends: recommended\n' }))).toEqual(own);
    expect(await found(['--no-fail', '--preset', 'recommended'], bare())).toEqual(await found([], bare()));
  });

  test.each([
    [['--failure-threshold', 'error'], 1],
    [['--failure-threshold', 'error', '--ignore', 'DL3004'], 0],
    [['--failure-threshold', 'none', '--ignore', 'DL3004'], 1],
    [['-t', 'warning', '--no-fail'], 0],
    [['--no-fail'], 0],
  ])('%j: the exit code', async (args, code) => {
    expect((await plimsoll(args, bare())).code).toBe(code);
  });

  test('set severities', async () => {
    const args = ['--style', 'DL3004', '--error', 'DL3048', '--info', 'DL3003'];
    expect(await found(args, bare())).toEqual(['2 style shell/no-sudo', '3 info shell/cd', '4 error label/valid-key']);
  });

  test('say which registries are trusted and which labels there must be, beside what the file says', async () => {
    const dockerfile = 'FROM evil.example/x:1\nLABEL version=1 other=2\n';
    const args = ['--trusted-registry', 'good.example', '--require-label', 'version:semver', '--strict-labels'];
    const setup = withConfig('trustedRegistries: [fine.example]', {}, dockerfile);
    expect(await found(args, setup)).toEqual([
      '1 error base/allowed-registries',
      '2 warning label/valid-version',
      '2 info label/known',
    ]);
    expect(await found([...args, '--trusted-registry', 'evil.example'], setup)).not.toContain(
      '1 error base/allowed-registries',
    );
  });

  test('disregard comments', async () => {
    const dockerfile = 'FROM debian:13\n# hadolint ignore=DL3004\nRUN sudo make\n';
    expect(await found([], bare({ Dockerfile: dockerfile }))).toEqual([]);
    expect(await found(['--disable-ignore-pragma'], bare({ Dockerfile: dockerfile }))).toEqual([
      '3 error shell/no-sudo',
    ]);
  });

  test('name formats', async () => {
    const out = async (format: string) => (await plimsoll(['-f', format], bare())).out;
    expect(await out('tty')).toBe(await out('text'));
    expect(await out('gitlab_codeclimate')).toBe(await out('gitlab'));
    expect((await plimsoll(['-f', 'codacy'], bare())).err).toContain('unknown format "codacy"');
  });

  test('name what standard input is', async () => {
    const run = (args: readonly string[]) => plimsoll(['-f', 'compact', ...args], { stdin: DIRTY });
    expect((await run(['--file-path-in-report', 'a/Dockerfile', '-'])).out).toMatch(/^a\/Dockerfile:2:5: error/);
    expect((await run(['--file-path-in-report', 'a/Dockerfile'])).code).toBe(2);
  });

  test('refuse what hadolint refuses', async () => {
    const { code, err } = await plimsoll(['--failure-threshold', 'bad'], bare());
    expect([code, err]).toEqual([
      2,
      'plimsoll: --failure-threshold: "bad" is none of error, warning, info, style, ignore, none\n',
    ]);
  });
});

describe('where it is looked for', () => {
  const world = { cwd: '/here', home: '/home/me', env: {}, isWindows: false };
  const first = (paths: readonly string[], directory = '/there/a', more: Partial<typeof world> = {}) =>
    findHadolintConfig(
      createMemoryFs(Object.fromEntries(['/there/.git/', '/here/', ...paths].map((path) => [path, '']))),
      directory,
      { ...world, ...more },
    );

  test('from the Dockerfile up to the repository, then in hadolint’s own order', () => {
    const order = [
      '/there/a/.hadolint.yaml',
      '/there/a/.hadolint.yml',
      '/there/.hadolint.yml',
      '/here/.hadolint.yaml',
      '/here/.hadolint.yml',
      '/home/me/.config/hadolint.yaml',
      '/home/me/.config/hadolint.yml',
      '/home/me/.hadolint/hadolint.yaml',
      '/home/me/.hadolint/hadolint.yml',
      '/home/me/.hadolint/config.yaml',
      '/home/me/.hadolint/config.yml',
      '/home/me/.hadolint.yaml',
      '/home/me/.hadolint.yml',
    ];
    for (const [index, path] of order.entries()) expect(first(order.slice(index))).toBe(path);
    expect(first(['/.hadolint.yaml', '/there/.hadolint.yaml/'])).toBe(null);
  });

  test('XDG_CONFIG_HOME, and its like on Windows', () => {
    expect(
      first(['/xdg/hadolint.yml', '/home/me/.config/hadolint.yaml'], '/there', { env: { XDG_CONFIG_HOME: '/xdg' } }),
    ).toBe('/xdg/hadolint.yml');
    const env = { LOCALAPPDATA: '\\local', APPDATA: '\\roaming' };
    expect(first(['/local/hadolint.yaml'], '/there', { env, isWindows: true })).toBe('/local/hadolint.yaml');
    expect(first(['/roaming/hadolint/config.yaml'], '/there', { env, isWindows: true })).toBe(
      '/roaming/hadolint/config.yaml',
    );
  });

  test('a configuration of ours wins, wherever it is', async () => {
    const files = {
      'a/Dockerfile': DIRTY,
      'a/.hadolint.yaml': 'ignored: [DL3004]',
      '.plimsoll.yaml': 'extends: hadolint',
    };
    expect(await found(['a'], { files })).toContain('2 error shell/no-sudo');
  });

  test('each Dockerfile has its own', async () => {
    const files = {
      'a/Dockerfile': DIRTY,
      'a/.hadolint.yml': 'ignored: [DL3004, DL3048]',
      Dockerfile: 'FROM debian:13\n',
    };
    expect(await found([], { files })).toEqual(['3 warning shell/cd']);
  });

  test('--config names one by its name', async () => {
    const files = { Dockerfile: DIRTY, 'ci/hadolint-strict.yml': 'ignored: [DL3004, DL3048]' };
    expect(await found(['--config', 'ci/hadolint-strict.yml'], { files })).toEqual(['3 warning shell/cd']);
  });
});

describe('environment variables', () => {
  const env = { HADOLINT_IGNORE: 'DL3004, DL3048', HADOLINT_OVERRIDE_ERROR: 'DL3003' };

  test('count with a configuration of hadolint or --preset hadolint, and nowhere else', async () => {
    const files = { Dockerfile: DIRTY };
    expect(await found(['--preset', 'hadolint'], { files, env })).toEqual(['3 error shell/cd']);
    expect(await found([], { files: { ...files, '.hadolint.yaml': '' }, env })).toEqual(['3 error shell/cd']);
    const own = { ...files, '.plimsoll.yaml': 'extends: hadolint' };
    expect(await found([], { files: own, env })).toEqual(await found([], { files: own }));
    expect(await found([], { files, env })).toEqual(await found([], { files }));
  });

  test('lists add up with those of the file; in all else the file wins over them, and the command line over both', async () => {
    const config = 'ignored: [DL3003]\nfailure-threshold: error\nno-fail: false';
    const more = { HADOLINT_IGNORE: 'DL3004', HADOLINT_FAILURE_THRESHOLD: 'style', HADOLINT_NOFAIL: '1' };
    expect(await found([], withConfig(config, { env: more }))).toEqual(['4 style label/valid-key']);
    expect((await plimsoll([], withConfig(config, { env: more }))).code).toBe(0);
    expect((await plimsoll([], withConfig('', { env: { HADOLINT_FAILURE_THRESHOLD: 'style' } }))).code).toBe(1);
    expect((await plimsoll(['-t', 'none'], withConfig('', { env: more }))).code).toBe(0);
  });

  test('what our own configuration says wins over them under --preset hadolint', async () => {
    const files = { Dockerfile: DIRTY, '.plimsoll.yaml': 'rules: { DL3004: warning }' };
    expect(await found(['--preset', 'hadolint'], { files, env })).toEqual([
      '2 warning shell/no-sudo',
      '3 error shell/cd',
    ]);
  });

  test.each([
    ['1', 0],
    ['YES', 0],
    ['on', 0],
    ['0', 1],
    ['', 1],
  ])('HADOLINT_NOFAIL=%s', async (value, code) => {
    expect((await plimsoll([], withConfig('', { env: { HADOLINT_NOFAIL: value } }))).code).toBe(code);
  });

  test('labels and comments', async () => {
    const dockerfile = 'FROM debian:13\n# hadolint ignore=DL3004\nRUN sudo make\nLABEL b=x\n';
    const variables = {
      HADOLINT_REQUIRE_LABELS: 'a:text,b:url,c',
      HADOLINT_STRICT_LABELS: 'true',
      HADOLINT_DISABLE_IGNORE_PRAGMA: '1',
    };
    expect(await found([], withConfig('label-schema: { b: text, d: text }', { env: variables }, dockerfile))).toEqual([
      '1 info label/required',
      '1 info label/required',
      '1 info label/required',
      '3 error shell/no-sudo',
      '4 warning label/valid-url',
    ]);
  });

  test('a value that hadolint does not know is told of', async () => {
    const variables = { HADOLINT_FORMAT: 'xml', HADOLINT_FAILURE_THRESHOLD: 'warn', HADOLINT_REQUIRE_LABELS: 'a:uri' };
    const { err } = await plimsoll(COMPACT, withConfig('', { env: variables }));
    expect(err.trim().split('\n')).toEqual([
      'plimsoll: HADOLINT_REQUIRE_LABELS: "uri" is not text, url, rfc3339, spdx, hash, semver or email',
      'plimsoll: HADOLINT_FAILURE_THRESHOLD: "warn" is not error, warning, info, style, ignore or none; did you mean "warning"?',
      expect.stringMatching(/^plimsoll: HADOLINT_FORMAT: "xml" is not tty, json, /),
    ]);
  });

  test('HADOLINT_VERBOSE names the configuration', async () => {
    const { err } = await plimsoll(COMPACT, withConfig('', { env: { HADOLINT_VERBOSE: '1' } }));
    expect(err).toBe('plimsoll: configuration: .hadolint.yaml\n');
  });
});

describe('the look of the report', () => {
  test('format, by hadolint’s names; --format wins', async () => {
    expect((await plimsoll([], withConfig('format: json'))).out).toMatch(/^\{/);
    expect((await plimsoll([], withConfig('', { env: { HADOLINT_FORMAT: 'sarif' } }))).out).toContain('"$schema"');
    expect((await plimsoll([], withConfig('format: sarif', { env: { HADOLINT_FORMAT: 'json' } }))).out).toContain(
      'sarif',
    );
    expect((await plimsoll([], withConfig('format: tty'))).out).toContain('-->');
    expect((await plimsoll(COMPACT, withConfig('format: json'))).out).toMatch(/^Dockerfile:2/);
  });

  test.each([
    ['checkstyle', '<checkstyle version="4.3">'],
    ['codeclimate', '"type": "issue"'],
    ['gitlab_codeclimate', '"lines": {'],
    ['gnu', 'Dockerfile:2.5-2.8: error: '],
    ['sonarqube', '"engineId": "plimsoll"'],
    ['junit', '<testsuites name="plimsoll"'],
  ])('format: %s', async (format, expected) => {
    const { out, err } = await plimsoll([], withConfig(`format: ${format}`));
    expect(out).toContain(expected);
    expect(err).toBe('');
  });

  test('each name stands for a format that is there, but for that of a service', () => {
    const lacking = [...HADOLINT_FORMATS].filter(([, ours]) => ours === null || !isFormat(ours));
    expect(lacking).toEqual([['codacy', null]]);
  });

  test('a format that we lack is text, and is told of', async () => {
    const { out, err } = await plimsoll([], withConfig('format: codacy'));
    expect(out).toContain('-->');
    expect(err).toMatch(
      /^plimsoll: \.hadolint\.yaml:1:9: plimsoll has no format like hadolint's "codacy"; this is text/,
    );
  });

  test('no-color, unless the command line or FORCE_COLOR wants colours', async () => {
    const colored = async (config: string, argv: readonly string[] = [], env = {}) =>
      (await plimsoll(argv, withConfig(config, { terminal: 80, env }))).out.includes('\u001b[');
    expect(await colored('')).toBe(true);
    expect(await colored('no-color: true')).toBe(false);
    expect(await colored('no-color: true', ['--color'])).toBe(true);
    expect(await colored('no-color: true', [], { FORCE_COLOR: '1' })).toBe(true);
  });
});

describe('--print-config', () => {
  test('says where each value comes from', async () => {
    const env = { HADOLINT_IGNORE: 'SC2046', HADOLINT_STRICT_LABELS: '1' };
    const config = 'ignored: [DL3004, SC2086]\ndisable-ignore-pragma: true\nformat: json\nlabel-schema:\n  a: url\n';
    const { out } = await plimsoll(['--print-config', 'Dockerfile'], withConfig(config, { env }));
    for (const line of [
      '# Configuration: .hadolint.yaml',
      '  - plimsoll:hadolint # .hadolint.yaml:1',
      'threshold: info # preset hadolint',
      'comments: ["plimsoll","check"] # .hadolint.yaml:2',
      '# format: json (.hadolint.yaml:3)',
      '  shell/no-sudo: off # .hadolint.yaml:1',
      '      labels: ["a"] # .hadolint.yaml:5',
      '      strict: true # HADOLINT_STRICT_LABELS',
      '  SC2046: off # HADOLINT_IGNORE',
      '  SC2086: off # .hadolint.yaml:1',
    ])
      expect(out).toContain(`${line}\n`);
  });

  test('its text is a configuration of ours that says the same', async () => {
    const config = 'ignored: [DL3004, SC2086]\ndisable-ignore-pragma: true\nlabel-schema: { a: url }\n';
    const { out } = await plimsoll(['--print-config', 'Dockerfile'], withConfig(config));
    const again = await plimsoll(['--print-config', 'Dockerfile'], { files: { '.plimsoll.yaml': out } });
    const bare = (text: string) => text.replace(/ *#.*/g, '').trim();
    expect(bare(again.out)).toBe(bare(out));
  });
});

describe('init --from-hadolint', () => {
  const EVERYTHING = `ignored: [DL3008, DL3015, DL3005, SC2086, dl3003]
override:
  error: [DL3049, SC2046, DL3048]
  warning: [DL3048]
  info: [DL1001]
  style: [DL3004]
label-schema:
  author: text
  "a: b": email
  org.opencontainers.image.created: rfc3339
strict-labels: true
disable-ignore-pragma: true
failure-threshold: none
trustedRegistries: ["*.gcr.io", docker.io]
format: gitlab_codeclimate
no-color: true
verbose: true
odd: key
`;

  test.each([
    ['empty', ''],
    ['ignored', 'ignored: [DL3003]'],
    ['no-fail', 'no-fail: true'],
    ['everything', EVERYTHING],
  ])('writes a configuration that says the same: %s', async (_, hadolint) => {
    const { code, out, written } = await plimsoll(['init', '--from-hadolint'], withConfig(hadolint));
    expect([code, out]).toEqual([0, 'wrote .plimsoll.yaml\n']);
    const fs = createMemoryFs({ '/here/.hadolint.yaml': hadolint, ...written });
    const { settings } = readHadolintEnvironment({});
    const theirs = await loadHadolintConfig(fs, '/here/.hadolint.yaml', settings, { rules });
    const ours = await loadConfig(fs, '/here/.plimsoll.yaml', { rules, version: VERSION });
    const effective = (config: typeof ours) => effectiveConfig(config, NO_OVERRIDES, '/here/Dockerfile', rules);
    expect(effective(ours)).toEqual(effective(theirs));
  });

  test('says in comments what has no counterpart', async () => {
    const { written } = await plimsoll(['init', '--from-hadolint', '.hadolint.yaml'], withConfig(EVERYTHING));
    const text = written['/here/.plimsoll.yaml'] ?? '';
    for (const line of [
      '# Configuration of plimsoll, made from .hadolint.yaml, which is not read beside this file.',
      'extends: plimsoll:hadolint',
      'threshold: style',
      'comments: [plimsoll, check]',
      '  shell/cd: off # DL3003',
      '  SC2086: off',
      '# - .hadolint.yaml:1:27: plimsoll has no rule that stands for "DL3005", so that it says nothing',
      '# - format: gitlab_codeclimate: a flag here, --format gitlab',
      '# - no-color: a flag here, --no-color, or the variable NO_COLOR',
    ])
      expect(text).toContain(`${line}\n`);
    expect(text).toContain('# - .hadolint.yaml:18:1: ');
  });

  test('refuses where there is nothing to read, or something to lose', async () => {
    const none = await plimsoll(['init', '--from-hadolint']);
    expect([none.code, none.err]).toEqual([
      2,
      'plimsoll: there is no configuration of hadolint here; name its file behind --from-hadolint\n',
    ]);
    const missing = await plimsoll(['init', '--from-hadolint', 'x.yaml']);
    expect([missing.code, missing.err]).toEqual([2, 'plimsoll: x.yaml: is not there\n']);
    const files = { '.hadolint.yaml': '', '.plimsoll.yaml': '' };
    expect((await plimsoll(['init', '--from-hadolint'], { files })).err).toContain('is there already');
  });
});

describe('comments of our own configuration', () => {
  const dockerfile =
    '# check=skip=JSONArgsRecommended\nFROM debian:13\n# plimsoll ignore=shell/no-sudo -- why\nRUN sudo make\n' +
    '# hadolint ignore=DL3003\nRUN cd /tmp\nCMD node server.js\n';

  test.each([
    ['comments: []', ['4', '6', '7']],
    ['comments: plimsoll', ['6', '7']],
    ['comments: [hadolint, check]', ['4']],
    ['', []],
  ])('%s', async (config, lines) => {
    const only = ['--only', 'shell/no-sudo,shell/cd,runtime/exec-form'];
    const findings = await found(only, { files: { Dockerfile: dockerfile, '.plimsoll.yaml': config } });
    expect(findings.map((one) => one.split(' ')[0])).toEqual(lines);
  });

  test.each([
    ['comments: [buildkit]', '"comments" takes plimsoll, hadolint or check, not "buildkit"'],
    ['rules: { SC2086: loud }', '"SC2086" must be off, on, default'],
    ['rules: { SC2086: off, shellcheck/SC2086: on }', 'SC2086 is there twice'],
    ['rules: { SC2086: {} }', '"SC2086" needs "severity"'],
  ])('%s is an error', async (config, says) => {
    const { code, err } = await plimsoll([], { files: { Dockerfile: dockerfile, '.plimsoll.yaml': config } });
    expect(code).toBe(2);
    expect(err).toContain(says);
  });
});
