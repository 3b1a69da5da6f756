import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { configResolver, effectiveConfig, printConfig } from '../src/config/effective.js';
import { findConfig, loadConfig } from '../src/config/load.js';
import { renderPrintConfig } from '../src/config/print.js';
import { buildSchema } from '../src/config/schema.js';
import { type Config, type ConfigOverrides, NO_OVERRIDES } from '../src/config/types.js';
import type { Fs } from '../src/context/types.js';
import { PRESETS, presetNamed, presetRules } from '../src/engine/presets.js';
import { ConfigError, UsageError } from '../src/model/errors.js';
import { locate } from '../src/model/source.js';
import { defineRule, flag, list, number, type PresetName, semantics, text } from '../src/rules/define-rule.js';

const rules = [
  rule('apt/no-recommends', ['recommended'], ['DL3015'], '0.1.0', {
    allow: list({ describe: 'Packages that may bring more' }),
    depth: number({ describe: 'How far', default: 2, minimum: 1 }),
    mode: text({ describe: 'How', default: 'calm', values: ['calm', 'loud'] }),
    also: flag({ describe: 'More' }),
  }),
  rule('apt/pin-versions', ['strict'], ['DL3008']),
  rule('base/require-tag', ['recommended'], ['DL3006']),
  rule('cache/exotic', []),
  rule('runtime/exec-form', ['recommended'], ['DL3025', 'JSONArgsRecommended'], '0.2.0'),
  rule('user/no-root', ['recommended'], ['DL3002']),
  rule('user/root-again', [], ['DL3002'], '1.0.0'),
];

function rule(
  id: string,
  presets: readonly PresetName[],
  aliases: readonly string[] = [],
  since = '0.1.0',
  options: Parameters<typeof defineRule>[0]['options'] = {},
) {
  const base = { id, presets, aliases, since, options, summary: id, category: 'style', severity: 'warning' } as const;
  return defineRule({ ...base, messages: {}, check() {} });
}

/** A disk of text files; every directory on the way exists. */
function disk(files: Readonly<Record<string, string>>): Fs {
  const directories = new Set(
    Object.keys(files).flatMap((path) => path.split('/').map((_, index, parts) => parts.slice(0, index).join('/'))),
  );
  const kindOf = (path: string) => (path in files ? 'file' : directories.has(path) ? 'directory' : null);
  const missing = { ok: false, reason: 'missing' } as const;
  return {
    lstat(path) {
      const kind = kindOf(path);
      return kind ? { ok: true, value: { kind, size: files[path]?.length ?? 0, executable: false } } : missing;
    },
    readFile(path, limit = Number.POSITIVE_INFINITY) {
      const content = files[path];
      if (content === undefined) return directories.has(path) ? { ok: false, reason: 'not-a-file' } : missing;
      const value = new TextEncoder().encode(content);
      return value.length > limit ? { ok: false, reason: 'too-large' } : { ok: true, value };
    },
    readDirectory: () => missing,
    readLink: () => missing,
    realPath: (path) => ({ ok: true, value: path }),
  };
}

const options = { rules, version: '0.3.1' };
const load = (files: Readonly<Record<string, string>>, path = '/p/.plimsoll.yaml') =>
  loadConfig(disk(files), path, options);
const loadText = (content: string) => load({ '/p/.plimsoll.yaml': content });

/** "path:line:column: message" of what loading throws; "loaded" where it does not. */
async function failure(files: Readonly<Record<string, string>>, path?: string): Promise<string> {
  try {
    await load(files, path);
    return 'loaded';
  } catch (error) {
    return show(error);
  }
}

function show(error: unknown): string {
  if (!(error instanceof ConfigError)) throw error;
  if (!error.place) return `${error.path}: ${error.message}`;
  const { file, span } = error.place;
  expect(span.end).toBeGreaterThan(span.start);
  expect(error.path).toBe(file.path);
  const { line, column } = locate(file, span.start);
  return `${file.path}:${line}:${column}: ${error.message}`;
}

/** What a configuration says of `/p/Dockerfile`: rule to severity. */
function severities(config: Config | null, overrides: Partial<ConfigOverrides> = {}, path = '/p/Dockerfile') {
  const { settings } = effectiveConfig(config, { ...NO_OVERRIDES, ...overrides }, path, rules);
  return Object.fromEntries([...settings].map(([id, setting]) => [id, setting.severity]));
}

describe('presets that answer as another linter does', () => {
  const like = defineRule({
    id: 'apt/like',
    summary: 'Be like the others',
    category: 'style',
    severity: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['DL3999', 'LikeOthers'],
    like: {
      hadolint: { severity: 'error', options: { semantics: 'hadolint' } },
      buildkit: { severity: 'info', off: true },
    },
    options: { semantics: semantics('hadolint') },
    messages: {},
    check() {},
  });
  const setting = (presets: readonly string[], levels: readonly string[] = []) => {
    const overrides = { ...NO_OVERRIDES, presets, rules: levels };
    return effectiveConfig(null, overrides, '/p/Dockerfile', [like]).settings.get('apt/like');
  };

  it('set its severity, which no case of the rule changes, and its options', () => {
    expect(setting(['hadolint'])).toEqual({
      severity: 'error',
      explicit: false,
      varies: false,
      options: { semantics: 'hadolint' },
    });
    expect(setting(['recommended'])?.options).toEqual({ semantics: 'plimsoll' });
  });

  it('leave off what is off there until a file asks, and say how severe it is once it is turned on', () => {
    expect(setting(['buildkit'])).toMatchObject({ severity: 'info', varies: false, onRequest: true });
    expect(setting(['buildkit'], ['LikeOthers=off'])).toBeUndefined();
    expect(setting(['buildkit'], ['LikeOthers=on'])).toMatchObject({ severity: 'info', varies: false });
  });

  it('add up with others, the later one winning', () => {
    expect(setting(['recommended', 'hadolint'])?.severity).toBe('error');
    expect(setting(['hadolint', 'recommended'])?.severity).toBe('warning');
    expect(setting(['hadolint', 'buildkit'])?.severity).toBe('error');
  });

  it('have the threshold of hadolint, unless it is said', () => {
    const threshold = (presets: readonly string[], said: 'error' | null = null) =>
      effectiveConfig(null, { ...NO_OVERRIDES, presets, threshold: said }, '/p/Dockerfile', [like]).threshold;
    expect([threshold(['hadolint']), threshold(['buildkit']), threshold(['hadolint'], 'error')]).toEqual([
      'info',
      'warning',
      'error',
    ]);
  });
});

describe('presets', () => {
  const ids = (name: string) => presetRules(presetNamed(name) ?? 'recommended', rules).map(({ id }) => id);

  it('has strict include recommended, and all include every rule', () => {
    expect(PRESETS).toEqual(['recommended', 'strict', 'all', 'hadolint', 'buildkit']);
    expect(ids('recommended')).toEqual(['apt/no-recommends', 'base/require-tag', 'runtime/exec-form', 'user/no-root']);
    expect(ids('strict')).toEqual([...ids('recommended').toSpliced(1, 0, 'apt/pin-versions')]);
    expect(ids('plimsoll:all')).toEqual(rules.map(({ id }) => id));
    expect(presetNamed('stict')).toBeNull();
  });
});

describe('findConfig', () => {
  const find = (files: Readonly<Record<string, string>>, from: string, ceiling?: string) =>
    findConfig(disk(files), from, ceiling ?? null);

  it('takes the nearest of the names', () => {
    const files = { '/r/.git/HEAD': '', '/r/.plimsoll.yml': '', '/r/a/.plimsoll.json': '{}', '/r/a/b/Dockerfile': '' };
    expect(find(files, '/r/a/b')).toBe('/r/a/.plimsoll.json');
    expect(find(files, '/r')).toBe('/r/.plimsoll.yml');
  });

  it('takes package.json only where it has the key at its top', () => {
    const dependency = '{"devDependencies": {"plimsoll": "1"}}';
    const files = {
      '/r/package.json': '{"plimsoll": {}}',
      '/r/a/package.json': dependency,
      '/r/b/package.json': '{"plimsoll"',
    };
    expect(find(files, '/r/a')).toBe('/r/package.json');
    expect(find(files, '/r/b')).toBe('/r/package.json');
  });

  it('stops at the repository root, at the ceiling, and at the root of the disk', () => {
    expect(find({ '/.plimsoll.yaml': '', '/r/.git': 'gitdir: x', '/r/a/Dockerfile': '' }, '/r/a')).toBeNull();
    expect(find({ '/h/.plimsoll.yaml': '', '/h/u/a/Dockerfile': '' }, '/h/u/a', '/h/u')).toBeNull();
    expect(find({ '/.plimsoll.yaml': '', '/h/u/Dockerfile': '' }, '/h/u')).toBe('/.plimsoll.yaml');
  });

  it('refuses two in one directory and names both', () => {
    expect(() => find({ '/r/.plimsoll.yaml': '', '/r/package.json': '{"plimsoll": {}}' }, '/r')).toThrow(
      'two configurations in one directory: .plimsoll.yaml and package.json',
    );
  });

  it('asks the disk once for each directory of a run', () => {
    const memo = new Map<string, string | null>();
    const fs = disk({ '/r/.plimsoll.yaml': '', '/r/a/b/Dockerfile': '' });
    expect(findConfig(fs, '/r/a/b', null, memo)).toBe('/r/.plimsoll.yaml');
    expect([...memo.keys()]).toEqual(['/r/a/b', '/r/a', '/r']);
    expect(findConfig(disk({}), '/r/a', null, memo)).toBe('/r/.plimsoll.yaml');
  });
});

describe('loadConfig', () => {
  it('reads YAML, JSON with comments, and package.json', async () => {
    const said = { 'user/no-root': 'error' };
    const yaml = await loadText('rules:\n  user/no-root: error\n');
    const json = await load(
      { '/p/.plimsoll.json': '{ // why\n "rules": {"user/no-root": "error"}}' },
      '/p/.plimsoll.json',
    );
    const inPackage = '{"name": "x", "plimsoll": {"rules": {"user/no-root": "error"}}}';
    const npm = await load({ '/p/package.json': inPackage }, '/p/package.json');
    for (const config of [yaml, json, npm]) expect(severities(config)).toMatchObject(said);
  });

  it('takes an empty file as one that says nothing', async () => {
    expect(severities(await loadText('# nothing yet\n'))).toEqual(severities(null));
    expect(severities(await load({ '/p/.plimsoll.json': '' }, '/p/.plimsoll.json'))).toEqual(severities(null));
  });

  it('follows anchors', async () => {
    const config = await loadText('rules:\n  user/no-root: &how {severity: style}\n  DL3006: *how\n');
    expect(severities(config)).toMatchObject({ 'user/no-root': 'style', 'base/require-tag': 'style' });
  });

  it('takes aliases wherever an id is, codes in any case, and all rules of a shared alias', async () => {
    const config = await loadText('rules: {dl3015: error, JSONArgsRecommended: style, DL3002: info}');
    expect(severities(config)).toMatchObject({
      'apt/no-recommends': 'error',
      'runtime/exec-form': 'style',
      'user/no-root': 'info',
      'user/root-again': 'info',
    });
  });

  it('extends files, relative to the file that names them', async () => {
    const config = await load({
      '/p/.plimsoll.yaml': 'extends: ./shared/a.yaml\nrules: {base/require-tag: style}',
      '/p/shared/a.yaml': 'extends: [b.json]\nrules: {base/require-tag: error, user/no-root: off}',
      '/p/shared/b.json': '{"extends": "all", "rules": {"user/no-root": "error", "apt/pin-versions": "info"}}',
    });
    const found = severities(config);
    expect(found).toMatchObject({ 'base/require-tag': 'style', 'apt/pin-versions': 'info', 'cache/exotic': 'warning' });
    expect(found).not.toHaveProperty('user/no-root');
  });

  it('allows a file to be extended along two ways', async () => {
    const files = { '/p/.plimsoll.yaml': 'extends: [./a.yaml, ./b.yaml]', '/p/a.yaml': 'extends: ./c.yaml' };
    expect(await failure({ ...files, '/p/b.yaml': 'extends: ./c.yaml', '/p/c.yaml': '' })).toBe('loaded');
  });

  it('names the chain of files that extend each other', async () => {
    const files = { '/p/.plimsoll.yaml': 'extends: ./a.yaml', '/p/a.yaml': 'rules: {}\nextends: [./.plimsoll.yaml]' };
    expect(await failure(files)).toBe(
      '/p/a.yaml:2:11: this configuration extends itself: /p/.plimsoll.yaml -> /p/a.yaml -> /p/.plimsoll.yaml',
    );
    expect(await failure({ '/p/.plimsoll.yaml': 'extends: ./.plimsoll.yaml' })).toContain('extends itself');
  });

  it('points at the name of a file that cannot be read', async () => {
    expect(await failure({ '/p/.plimsoll.yaml': 'extends: ./gone.yaml' })).toBe(
      '/p/.plimsoll.yaml:1:10: /p/gone.yaml is not there',
    );
    expect(await failure({ '/p/.plimsoll.yaml': 'extends: ./d/', '/p/d/x': '' })).toContain('is not');
    expect(await failure({})).toBe('/p/.plimsoll.yaml: is not there');
    expect(await failure({ '/p/.plimsoll.yaml': ' '.repeat(1_000_001) })).toContain('larger than 1000000 bytes');
  });

  it('shows paths as it is asked to', async () => {
    const display = (path: string) => path.replace('/p/', '');
    const config = await loadConfig(disk({ '/p/.plimsoll.yaml': '' }), '/p/.plimsoll.yaml', { ...options, display });
    expect(config.displayPath).toBe('.plimsoll.yaml');
  });
});

/** Each is refused with this message at this place. `schema: true`: the JSON schema cannot know and takes it. */
const bad: readonly { yaml: string; says: string; schema?: boolean }[] = [
  { yaml: 'rulez: {}', says: '1:1: a configuration has no key "rulez"; did you mean "rules"?' },
  { yaml: 'colour: x', says: '1:1: a configuration has no key "colour"; it has $schema, extends, rules' },
  { yaml: '- a', says: '1:1: a configuration must be a mapping, not a list' },
  { yaml: 'just words', says: '1:1: a configuration must be a mapping, not the string "just words"' },
  { yaml: 'rules: [x]', says: '1:8: "rules" must be a mapping, not a list' },
  { yaml: 'rules:', says: '1:1: "rules" must be a mapping, not nothing' },
  {
    yaml: 'rules:\n  apt/no-recomends: off',
    says: '2:3: unknown rule "apt/no-recomends"; did you mean "apt/no-recommends"?',
  },
  { yaml: 'rules: {no-recommends: off}', says: '1:9: unknown rule "no-recommends"; did you mean "apt/no-recommends"?' },
  { yaml: 'rules: {DL3999: off}', says: '1:9: plimsoll has no rule that stands for "DL3999"' },
  { yaml: 'rules: {jsonargsrecommended: off}', says: 'did you mean "JSONArgsRecommended"?' },
  { yaml: 'rules: {__proto__: off}', says: '1:9: unknown rule "__proto__"' },
  {
    yaml: 'rules: {DL3006: warn}',
    says: '1:17: "DL3006" must be off, on, default, error, warning, info or style, not the string "warn"; did you',
  },
  { yaml: 'rules: {DL3006: false}', says: 'not the boolean false; did you mean "off"?' },
  {
    yaml: 'rules: {DL3006: 2}',
    says: '1:17: "DL3006" must be off, on, default, error, warning, info or style, not the number 2',
  },
  { yaml: 'rules: {DL3006: [error]}', says: '1:17: "DL3006" must be a mapping, not a list' },
  { yaml: 'rules: {DL3006: {level: error}}', says: '1:18: "DL3006" has no key "level"; it has severity, options' },
  { yaml: 'rules: {DL3006: {severity: [x]}}', says: '1:28: "severity" must be off, on' },
  { yaml: 'rules: {DL3006: {options: {a: 1}}}', says: '1:28: base/require-tag has no option "a"; it has none' },
  { yaml: 'rules: {DL3015: {options: {alow: []}}}', says: 'has no option "alow"; did you mean "allow"?' },
  { yaml: 'rules: {DL3015: {options: {constructor: []}}}', says: 'has no option "constructor"' },
  {
    yaml: 'rules: {DL3015: {options: {allow: gcc}}}',
    says: '1:35: option "allow" must be a list of strings, not the string "gcc"',
  },
  {
    yaml: 'rules: {DL3015: {options: {allow: [1]}}}',
    says: '1:36: each item of option "allow" must be a string, not the number 1',
  },
  { yaml: 'rules: {DL3015: {options: {depth: 0}}}', says: '1:35: option "depth" must be 1 or more' },
  { yaml: 'rules: {DL3015: {options: {depth: many}}}', says: 'option "depth" must be a number' },
  {
    yaml: 'rules: {DL3015: {options: {mode: lout}}}',
    says: 'option "mode" must be calm or loud; did you mean "loud"?',
  },
  { yaml: 'rules: {DL3015: {options: {mode: 1}}}', says: 'option "mode" must be a string' },
  {
    yaml: 'rules: {DL3015: {options: {also: yes}}}',
    says: 'option "also" must be true or false, not the string "yes"',
  },
  {
    yaml: 'rules: {DL3002: {options: {}}}',
    says: '"DL3002" stands for several rules: user/no-root, user/root-again; name one',
  },
  {
    yaml: 'rules: {DL3006: off, base/require-tag: on}',
    says: '1:22: "base/require-tag" and "DL3006" are the same rule',
    schema: true,
  },
  { yaml: 'rules: {}\n---\nthreshold: info', says: '2:1: a second YAML document begins here; there must be one alone' },
  { yaml: 'rules: {DL3006: off, DL3006: on}', says: 'not valid YAML: Map keys must be unique' },
  { yaml: 'overrides: {}', says: '1:12: "overrides" must be a list, not a mapping' },
  { yaml: 'overrides: [{rules: {}}]', says: '1:13: an entry of "overrides" needs "files"' },
  { yaml: 'overrides: [{files: []}]', says: '1:21: "files" needs at least one glob' },
  {
    yaml: 'overrides: [{files: x, ignore: y}]',
    says: '1:24: an entry of "overrides" has no key "ignore"; it has files, rules',
  },
  { yaml: 'ignore: 3', says: '1:9: "ignore" must be a string or a list of strings, not the number 3' },
  { yaml: 'ignore: ["!a"]', says: '1:10: "ignore" takes no negated glob' },
  { yaml: 'ignore: ["+(a|aa)b"]', says: '1:10: "ignore" takes globs of *, **, ?, [ab] and {a,b} only' },
  { yaml: 'ignore: ["{a,aa}+b"]', says: '1:10: "ignore" takes globs of *, **, ?, [ab] and {a,b} only' },
  { yaml: 'ignore: "a*a*a*a*a*b"', says: '1:9: "ignore" holds a glob with more than 4 stars', schema: true },
  {
    yaml: 'ignore: "**/a/**/a/**/a/**/a/**/b"',
    says: '1:9: "ignore" holds a glob with more than 4 stars',
    schema: true,
  },
  { yaml: 'ignore: [" "]', says: '1:10: "ignore" holds an empty glob' },
  {
    yaml: 'threshold: warn',
    says: '1:12: "threshold" must be error, warning, info, style or none, not the string "warn"; did you mean "warning"?',
  },
  { yaml: 'rulesVersion: 0.1', says: '1:15: "rulesVersion" must be a string: write "0.1" in quotes' },
  { yaml: 'rulesVersion: latest', says: '1:15: "rulesVersion" must be a version such as "0.1", not "latest"' },
  { yaml: 'rulesVersion: "0.0"', says: '1:15: "rulesVersion" is 0.0, but the first rules came with 0.1', schema: true },
  { yaml: 'rulesVersion: "0.4"', says: '1:15: "rulesVersion" is 0.4, but this is plimsoll 0.3.1', schema: true },
  { yaml: 'extends: plimsoll:stict', says: '1:10: unknown preset "plimsoll:stict"; did you mean "strict"?' },
  { yaml: 'extends: [recommended, eslint]', says: '1:24: unknown preset "eslint"; there are recommended, strict, all' },
  { yaml: 'extends: plimsoll:a/b', says: '1:10: unknown preset "plimsoll:a/b"' },
  { yaml: 'extends: 1', says: '1:10: "extends" must be a string or a list of strings, not the number 1' },
  { yaml: '$schema: [x]', says: '1:10: "$schema" must be a string, not a list' },
];

const good: readonly string[] = [
  '{}',
  '$schema: ./node_modules/plimsoll/schema/plimsoll.schema.json',
  'extends: strict',
  'extends: [plimsoll:recommended, all]',
  'rules: {}',
  'rules: {apt/no-recommends: off, DL3006: on, dl3008: default, JSONArgsRecommended: error}',
  'rules: {DL3015: {severity: style}}',
  'rules: {DL3015: {options: {allow: [gcc], depth: 1, mode: loud, also: true}}}',
  'rules: {DL3015: {}}',
  'rules: {DL3002: {severity: error}}',
  'overrides: [{files: a}, {files: [a, "b/**"], rules: {DL3006: off}, threshold: none}]',
  'ignore: vendor',
  'ignore: []',
  'threshold: none',
  'rulesVersion: "0.1"',
  'rulesVersion: "0.3.1"',
];

describe('what the loader and the JSON schema refuse', () => {
  const validate = new Ajv2020({ strict: true }).compile(buildSchema(rules));

  it.each(bad)('$yaml', async ({ yaml, says, schema = false }) => {
    expect(await failure({ '/p/.plimsoll.yaml': yaml })).toContain(says.startsWith('1:') ? `.yaml:${says}` : says);
    let value: unknown;
    try {
      value = parseYaml(yaml);
    } catch {
      return;
    }
    expect(validate(value), JSON.stringify(value)).toBe(schema);
  });

  it.each(good)('but not: %s', async (yaml) => {
    expect(await failure({ '/p/.plimsoll.yaml': yaml })).toBe('loaded');
    expect(validate(parseYaml(yaml)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('takes the same of JSON', async () => {
    for (const yaml of good) {
      const json = JSON.stringify(parseYaml(yaml));
      expect(await failure({ '/p/.plimsoll.json': json }, '/p/.plimsoll.json')).toBe('loaded');
    }
  });

  it.each([
    ['{"rules": {"DL3006": "off", "DL3006": "on"}}', '1:29: the key "DL3006" is there twice'],
    ['{"rules": }', '1:11: not valid JSON: value expected'],
    ['{"threshold": "error",}', 'not valid JSON'],
    ['{"threshold": "eror"}', '1:15: "threshold" must be'],
    [`${'['.repeat(100_000)}`, '1:501: nested too deeply'],
  ])('broken JSON: %.40s', async (content, says) => {
    expect(await failure({ '/p/.plimsoll.json': content }, '/p/.plimsoll.json')).toContain(says);
  });

  it.each([
    ['rules: {', '.yaml:1:9: not valid YAML: '],
    ['rules: *gone', '1:8: there is no anchor "gone" above this place'],
    ['? [a]\n: b', 'a key must be a string'],
    ['rules: &loop {DL3006: *loop}', 'nested too deeply'],
    ['a: b: c', 'not valid YAML: '],
    ['\tx', 'not valid YAML: '],
    ['['.repeat(100_000), '1:501: nested too deeply'],
    [`rules: &r {}\noverrides: [${'{files: x, rules: *r},'.repeat(101)}]`, 'more than 100 aliases'],
  ])('broken YAML: %.40s', async (content, says) => {
    expect(await failure({ '/p/.plimsoll.yaml': content })).toContain(says);
  });

  it('says where package.json has no configuration', async () => {
    expect(await failure({ '/p/package.json': '{}' }, '/p/package.json')).toBe(
      '/p/package.json: has no key "plimsoll"',
    );
  });
});

describe('effectiveConfig', () => {
  it('is the recommended preset where nothing is said', () => {
    const { settings, threshold, ignored } = effectiveConfig(null, NO_OVERRIDES, '/p/Dockerfile', rules);
    expect([...settings.keys()]).toEqual(presetRules('recommended', rules).map(({ id }) => id));
    expect(settings.get('apt/no-recommends')).toEqual({
      severity: 'warning',
      explicit: false,
      varies: true,
      options: { allow: [], depth: 2, mode: 'calm', also: false },
    });
    expect({ threshold, ignored }).toEqual({ threshold: 'warning', ignored: false });
  });

  it('marks a severity that the user chose, and lets on and default undo it', async () => {
    const config = await loadText(
      'rules: {DL3006: warning, DL3015: error}\noverrides: [{files: "*.dev", rules: {DL3006: on, DL3015: default}}]',
    );
    const at = (path: string) => effectiveConfig(config, NO_OVERRIDES, path, rules).settings;
    expect(at('/p/Dockerfile').get('base/require-tag')).toMatchObject({ severity: 'warning', explicit: true });
    expect(at('/p/x.dev').get('base/require-tag')).toMatchObject({ severity: 'warning', explicit: false });
    expect(at('/p/x.dev').get('apt/no-recommends')).toMatchObject({ severity: 'warning', explicit: false });
  });

  it('keeps level and options apart: options alone turn nothing on, a level alone resets no option', async () => {
    const config = await loadText(
      'rules: {DL3015: {options: {allow: [gcc]}}, DL3008: {}}\noverrides: [{files: "**", rules: {DL3015: error}}]',
    );
    const { settings } = effectiveConfig(config, NO_OVERRIDES, '/p/Dockerfile', rules);
    expect(settings.get('apt/no-recommends')).toMatchObject({
      severity: 'error',
      options: { allow: ['gcc'], depth: 2 },
    });
    expect(settings.has('apt/pin-versions')).toBe(false);
  });

  it('applies overrides in order, relative to the file that holds them', async () => {
    const config = await loadText(
      `overrides:
        - {files: "services/**", rules: {DL3006: error}}
        - {files: "Dockerfile.dev", rules: {DL3006: off}, threshold: none}
        - {files: ./tools/Dockerfile, rules: {DL3006: style}}
        - {files: db/, rules: {DL3006: info}}`,
    );
    const at = (path: string) => severities(config, {}, path)['base/require-tag'] ?? 'off';
    expect(at('/p/services/a/Dockerfile')).toBe('error');
    expect(at('/p/services/a/Dockerfile.dev')).toBe('off');
    expect(at('/p/tools/Dockerfile')).toBe('style');
    expect(at('/p/x/tools/Dockerfile')).toBe('warning');
    expect(at('/p/db/.hidden/Dockerfile')).toBe('info');
    expect(at('/elsewhere/services/Dockerfile')).toBe('warning');
    expect(at('/elsewhere/Dockerfile.dev')).toBe('off');
    const resolve = configResolver(config, NO_OVERRIDES, rules);
    expect(resolve('/p/a/Dockerfile.dev').threshold).toBe('none');
    expect(resolve('/p/a/Dockerfile').threshold).toBe('warning');
    expect(resolve('/p/b/Dockerfile').settings).toBe(resolve('/p/c/Dockerfile').settings);
  });

  it('leaves out ignored paths', async () => {
    const config = await loadText('ignore: [vendor, "*.bak", "a/**/Dockerfile"]');
    const ignored = (path: string) => effectiveConfig(config, NO_OVERRIDES, path, rules).ignored;
    expect(['/p/x/vendor/y/Dockerfile', '/p/Dockerfile.bak', '/p/a/b/c/Dockerfile'].map(ignored)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['/p/Dockerfile', '/p/b/a/Dockerfile', '/p/vendored/Dockerfile'].map(ignored)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('freezes the rules at a version, but for those that are named', async () => {
    const at = async (said: string) => Object.keys(severities(await loadText(said)));
    expect(await at('rulesVersion: "0.1"')).not.toContain('runtime/exec-form');
    expect(await at('rulesVersion: "0.2"')).toContain('runtime/exec-form');
    expect(await at('rulesVersion: "0.1"\nrules: {runtime/exec-form: on}')).toContain('runtime/exec-form');
    expect(await at('rulesVersion: "0.1"\nrules: {runtime/exec-form: {options: {}}}')).not.toContain(
      'runtime/exec-form',
    );
    expect(Object.keys(severities(await loadText('rulesVersion: "0.1"'), { only: ['DL3025'] }))).toEqual([
      'runtime/exec-form',
    ]);
  });

  it('has the command line win', async () => {
    const config = await loadText('extends: strict\nthreshold: error\nrules: {DL3006: error, user/no-root: off}');
    expect(severities(config, { presets: ['recommended'] })).toHaveProperty('apt/pin-versions');
    expect(severities(null, { presets: ['strict'] })).toHaveProperty('apt/pin-versions');
    expect(severities(config, { presets: ['all'] })).not.toHaveProperty('user/no-root');
    expect(severities(config, { rules: ['DL3006=info', 'user/no-root=on'] })).toMatchObject({
      'base/require-tag': 'info',
      'user/no-root': 'warning',
    });
    expect(severities(config, { only: ['user/no-root', 'dl3006'] })).toEqual({
      'base/require-tag': 'error',
      'user/no-root': 'warning',
    });
    expect(severities(config, { only: ['DL3006', 'DL3015'], ignore: ['DL3015'] })).toEqual({
      'base/require-tag': 'error',
    });
    expect(effectiveConfig(config, { ...NO_OVERRIDES, threshold: 'none' }, '/p/D', rules).threshold).toBe('none');
  });

  it.each([
    [{ presets: ['stict'] }, '--preset: unknown preset "stict"; did you mean "strict"?'],
    [{ rules: ['DL3006'] }, '--rule: write "DL3006=LEVEL"'],
    [{ rules: ['DL3006=eror'] }, '--rule: unknown level "eror"; did you mean "error"?'],
    [{ rules: ['base/require-tg=off'] }, '--rule: unknown rule "base/require-tg"; did you mean "base/require-tag"?'],
    [{ only: ['x'] }, '--only: unknown rule "x"'],
    [{ ignore: ['DL1'] }, '--ignore: unknown rule "DL1"'],
  ])('refuses on the command line %j', (overrides, says) => {
    expect(() => configResolver(null, { ...NO_OVERRIDES, ...overrides }, rules)).toThrow(UsageError);
    expect(() => configResolver(null, { ...NO_OVERRIDES, ...overrides }, rules)).toThrow(says);
  });
});

describe('print-config', () => {
  const root = fileURLToPath(new URL('./fixtures/config', import.meta.url));
  const files = Object.fromEntries(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(`${root}/${name}`).isFile())
      .map((name) => [`/c/${name.replaceAll('\\', '/')}`, readFileSync(`${root}/${name}`, 'utf8')]),
  );
  const display = (path: string) => path.replace('/c/', '');

  it('shows each value with its origin, as YAML that says the same', async () => {
    const config = await loadConfig(disk(files), '/c/project/.plimsoll.yaml', { ...options, display });
    const overrides = { ...NO_OVERRIDES, presets: ['all'], rules: ['cache/exotic=off'], ignore: ['user/root-again'] };
    const printed = printConfig(config, overrides, '/c/project/services/api/Dockerfile', rules);
    const shown = renderPrintConfig(printed, 'project/services/api/Dockerfile');
    expect(shown).toBe(`# What holds for project/services/api/Dockerfile
# Configuration: project/.plimsoll.yaml
extends:
  - plimsoll:strict # project/.plimsoll.yaml:3
  - plimsoll:all # --preset all
threshold: error # project/.plimsoll.yaml:15
rules:
  apt/no-recommends:
    severity: style # project/.plimsoll.yaml:14
    options:
      allow: ["gcc","make"] # project/.plimsoll.yaml:9
      depth: 2 # default
      mode: "calm" # default
      also: false # default
  apt/pin-versions: warning # preset all
  base/require-tag: off # project/.plimsoll.yaml:10
  cache/exotic: off # --rule cache/exotic=off
  runtime/exec-form: warning # preset all
  user/no-root: error # shared/base.yaml:7
  user/root-again: off # --ignore user/root-again
`);
    const again = await load({ '/c/project/.plimsoll.yaml': shown }, '/c/project/.plimsoll.yaml');
    const path = '/c/project/services/api/Dockerfile';
    const levels = (one: Config, said: ConfigOverrides) =>
      [...effectiveConfig(one, said, path, rules).settings].map(([id, { severity, options: set }]) => [
        id,
        severity,
        set,
      ]);
    expect(levels(again, NO_OVERRIDES)).toEqual(levels(config, overrides));
  });

  it('says why a rule is off and why a file is left out', async () => {
    const config = await loadConfig(disk(files), '/c/project/.plimsoll.yaml', { ...options, display });
    const ignored = printConfig(config, { ...NO_OVERRIDES, only: ['DL3002'] }, '/c/project/vendor/Dockerfile', rules);
    const shown = renderPrintConfig(ignored, 'vendor/Dockerfile');
    expect(shown).toContain('# Left out by ignore: "vendor" (project/.plimsoll.yaml:20)\n');
    expect(shown).toContain('apt/pin-versions: off # --only\n');
    expect(shown).toContain('user/root-again: warning # --only DL3002\n');
    const plain = renderPrintConfig(printConfig(null, NO_OVERRIDES, '/c/Dockerfile', rules), 'Dockerfile');
    expect(plain).toContain(
      '# Configuration: none\nextends:\n  - plimsoll:recommended # default\nthreshold: warning # default\n',
    );
    expect(plain).toContain('cache/exotic: off # not in recommended\n');
    const frozen = printConfig(await loadText('rulesVersion: "0.1"'), NO_OVERRIDES, '/p/Dockerfile', rules);
    expect(renderPrintConfig(frozen, 'Dockerfile')).toContain('runtime/exec-form: off # /p/.plimsoll.yaml:1\n');
  });
});

describe('buildSchema', () => {
  it('is the same for any order of the rules', () => {
    expect(JSON.stringify(buildSchema(rules.toReversed()))).toBe(JSON.stringify(buildSchema(rules)));
  });
});
