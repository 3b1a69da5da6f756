import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isDockerfileName } from '../src/cli/file-names.js';

test('the hook of pre-commit takes the files that a directory would give', () => {
  const [hook]: [{ files: string; exclude: string; language: string }] = parse(
    readFileSync('.pre-commit-hooks.yaml', 'utf8'),
  );
  const files = new RegExp(hook.files);
  const exclude = new RegExp(hook.exclude.replace('(?i)', ''), 'i');
  const names = [
    'Dockerfile Dockerfile.dev Containerfile Containerfile.x dockerfile containerfile a.Dockerfile a.dockerfile',
    'a.Containerfile Dockerfile.dockerignore Dockerfile.j2 Dockerfile.TMPL Dockerfile.in Dockerfile~ dockerfile.ts',
    'MyDockerfile Dockerfiles .dockerignore Dockerfile.md Dockerfile.a.b x.dockerfile.erb Dockerfile.swp Dockerfile.jinja',
  ];
  for (const name of names.flatMap((line) => line.split(' '))) {
    for (const path of [name, `deep/er/${name}`]) {
      expect(files.test(path) && !exclude.test(path), path).toBe(isDockerfileName(name));
    }
  }
  expect(hook.language).toBe('node');
});

test('npm pack prints the name of the package and nothing of the build, as pre-commit expects it', () => {
  expect(readFileSync('.npmrc', 'utf8')).toMatch(/^foreground-scripts=false$/m);
});

interface Step {
  readonly name: string;
  readonly shell: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const isBuilt = existsSync('dist/cli.cjs');

describe.skipIf(!isBuilt)(isBuilt ? 'the action' : 'the action (skipped: run npm run build first)', () => {
  const action: Action = parse(readFileSync('action.yml', 'utf8'));
  let workspace = '';
  let runner = '';
  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), 'plimsoll-workspace-'));
    runner = mkdtempSync(join(tmpdir(), 'plimsoll-runner-'));
    writeFileSync(join(workspace, 'Dockerfile'), 'FROM alpine:3.22\nCMD ["a"]\nCMD ["b | c"]\n');
    writeFileSync(join(workspace, 'an odd; name'), 'FROM scratch\n');
  });
  afterEach(() => {
    for (const directory of [workspace, runner]) rmSync(directory, { recursive: true });
  });

  /** Runs the steps as the runner does, until one fails. */
  function run(given: Readonly<Record<string, string>>) {
    const inputs = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default]));
    const values: Record<string, string> = {
      ...Object.fromEntries(Object.entries({ ...inputs, ...given }).map(([name, value]) => [`inputs.${name}`, value])),
      'github.action_path': process.cwd(),
    };
    const files = Object.fromEntries(['OUTPUT', 'STEP_SUMMARY'].map((name) => [`GITHUB_${name}`, join(runner, name)]));
    for (const path of Object.values(files)) writeFileSync(path, '');
    let stdout = '';
    let stderr = '';
    let code = 0;
    for (const step of action.runs.steps) {
      expect(step.run).not.toContain('${{');
      const env = Object.fromEntries(
        Object.entries(step.env).map(([name, text]) => [
          name,
          text.replace(/\$\{\{ (\S+) \}\}/g, (_all, key: string) => values[key] ?? `no ${key}`),
        ]),
      );
      const script = join(runner, 'step.sh');
      writeFileSync(script, step.run);
      const result = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
        cwd: workspace,
        env: { PATH: process.env.PATH, ...files, ...env },
        encoding: 'utf8',
      });
      stdout += result.stdout;
      stderr += result.stderr;
      code = result.status ?? -1;
      if (code !== 0) break;
    }
    const read = (name: string) => readFileSync(files[`GITHUB_${name}`] ?? '', 'utf8');
    return { code, stdout, stderr, output: read('OUTPUT'), summary: read('STEP_SUMMARY') };
  }

  const only = { args: '--only runtime/single-cmd' };

  test('annotates, sums up and fails', () => {
    const { code, stdout, stderr, output, summary } = run(only);
    expect([code, stderr, output]).toEqual([1, '', 'exit-code=1\n']);
    expect(stdout).toMatch(
      /^::warning file=Dockerfile,line=2,endLine=2,col=1,endColumn=4,title=runtime\/single-cmd::.*\n$/,
    );
    expect(summary).toContain('1 finding in 1 file: 1 warning');
    expect(summary).toMatch(/^\| 🟡 warning \| <code>Dockerfile:2<\/code> \| .* \|$/m);
  });

  test('the threshold, the paths and the configuration', () => {
    writeFileSync(join(workspace, 'my config.yaml'), 'rules:\n  runtime/single-cmd: error\n');
    expect(run({ ...only, threshold: 'error' }).code).toBe(0);
    expect(run({ ...only, threshold: 'error', config: 'my config.yaml' }).code).toBe(1);
    const clean = run({ ...only, path: '\nan odd; name\n' });
    expect([clean.code, clean.stdout]).toEqual([0, '']);
    expect(clean.summary).toContain('no findings in 1 file');
    const missing = run({ ...only, path: 'an odd; name\ngone' });
    expect([missing.code, missing.stderr]).toEqual([2, 'plimsoll: gone: no such file or directory\n']);
    expect(missing.summary).toContain('Not linted:');
  });

  test('the SARIF file', () => {
    expect(run({ ...only, 'sarif-file': 'out.sarif' }).code).toBe(1);
    const log = JSON.parse(readFileSync(join(workspace, 'out.sarif'), 'utf8'));
    expect(log.runs[0].results).toHaveLength(1);
    const nowhere = run({ ...only, 'sarif-file': 'gone/out.sarif' });
    expect([nowhere.code, nowhere.output]).toEqual([2, 'exit-code=2\n']);
    expect(nowhere.stderr).toMatch(/^plimsoll: cannot write .*: its directory is not there\n$/);
    expect(nowhere.stdout).toContain('::error title=plimsoll::no SARIF report was written');
  });

  test('inputs are data, not shell', () => {
    const { stdout } = run({ path: '$(touch pwned)', format: 'compact; touch pwned', args: '* `touch pwned`' });
    expect(existsSync(join(workspace, 'pwned'))).toBe(false);
    expect(stdout).toBe('');
  });
});
