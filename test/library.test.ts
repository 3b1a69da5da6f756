import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lintFiles, lintText, locate, UsageError } from '../src/index.js';

describe('lintText', () => {
  const now = new Date('2026-11-23');
  const rulesOf = (findings: readonly { readonly rule: string }[]) => findings.map(({ rule }) => rule);

  it('lints with the default preset, without a context', () => {
    const { findings, crashed } = lintText('FROM node:12\nCOPY missing /\n', { now });
    expect(rulesOf(findings)).toEqual(['base/no-eol']);
    expect(crashed).toEqual([]);
  });

  it('lints with the context that it is given', () => {
    const { findings } = lintText('FROM node:26\nCOPY missing /\n', { now, files: { 'package.json': '{}' } });
    expect(rulesOf(findings)).toContain('context/copy-source-missing');
    const [finding] = findings;
    expect(finding && locate(finding.at.file, finding.at.span.start)).toEqual({ line: 2, column: 6 });
  });

  it('takes presets, rules, a target, build arguments', () => {
    const text = 'ARG TAG=26\nFROM node:$TAG AS build\nUSER root\nFROM node:26\n';
    expect(rulesOf(lintText(text, { now }).findings)).toEqual([]);
    expect(rulesOf(lintText(text, { now, target: 'build' }).findings)).toEqual(['user/no-root']);
    const only = { now, target: 'build', buildArgs: { TAG: '12' }, rules: { DL3002: 'off' } };
    expect(rulesOf(lintText(text, only).findings)).toEqual(['base/no-eol']);
    const [finding] = lintText(text, { now, target: 'build', rules: { 'user/no-root': 'error' } }).findings;
    expect(finding?.severity).toBe('error');
  });

  it('refuses a rule that is not there', () =>
    expect(() => lintText('FROM a\n', { rules: { 'user/no-rot': 'off' } })).toThrow(UsageError));
});

describe('lintFiles', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'plimsoll-library-'));
    writeFileSync(join(directory, 'Dockerfile'), 'FROM debian:13\nRUN sudo ls\n');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('obeys the configuration beside the file', async () => {
    const [plain] = await lintFiles(['Dockerfile'], { cwd: directory });
    expect(plain?.findings.map(({ rule }) => rule)).toEqual(['shell/no-sudo']);
    expect(plain?.context).toBe('.');
    writeFileSync(join(directory, '.plimsoll.yaml'), 'rules:\n  shell/no-sudo: off\n');
    const [configured] = await lintFiles(['Dockerfile'], { cwd: directory });
    expect(configured?.findings).toEqual([]);
    const [without] = await lintFiles(['Dockerfile'], { cwd: directory, config: false });
    expect(without?.findings).toHaveLength(1);
  });

  it("takes hadolint's configuration where there is none of ours", async () => {
    writeFileSync(
      join(directory, 'Dockerfile'),
      'FROM debian:13\n# hadolint ignore=DL3004\nRUN sudo make && make a && make b\nRUN cd /tmp\n',
    );
    writeFileSync(join(directory, '.hadolint.yaml'), 'ignored: [DL3003]\ndisable-ignore-pragma: true\n');
    const [report] = await lintFiles(['Dockerfile'], { cwd: directory });
    const reported = report?.findings.filter(({ suppressed }) => !suppressed);
    expect(reported?.map(({ rule, severity }) => [rule, severity])).toEqual([['shell/no-sudo', 'error']]);
  });

  it('asks ShellCheck where that is wanted', async () => {
    writeFileSync(join(directory, 'Dockerfile'), 'FROM debian:13\nRUN ls $A\n');
    const rulesOf = async (shellcheck?: 'wasm' | 'auto') => {
      const [report] = await lintFiles(['Dockerfile'], { cwd: directory, ...(shellcheck ? { shellcheck } : {}) });
      return report?.findings.map(({ rule }) => rule);
    };
    expect(await rulesOf()).toEqual([]);
    expect(await rulesOf('wasm')).toEqual(['shellcheck/SC2086']);
    expect(await rulesOf('auto')).toEqual(['shellcheck/SC2086']);
  });

  it('says which file it cannot read', async () =>
    await expect(lintFiles(['nowhere'], { cwd: directory })).rejects.toThrow('nowhere: missing'));
});
