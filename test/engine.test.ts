import { describe, expect, it } from 'vitest';
import { parse } from '../src/dockerfile/parse.js';
import { applyEdits, applyFixes } from '../src/engine/fix.js';
import { lint } from '../src/engine/lint.js';
import type { LintResult, RuleSettings } from '../src/engine/types.js';
import type { Edit, Finding, Severity } from '../src/model/finding.js';
import { createSource } from '../src/model/source.js';
import { defineRule, type Rule } from '../src/rules/define-rule.js';

/** A rule that marks every CMD. */
function marking(id: string, more: { severity?: Severity; supersedes?: readonly string[] } = {}): Rule {
  return defineRule({
    id,
    summary: 'Test',
    category: 'style',
    severity: more.severity ?? 'warning',
    presets: [],
    since: '0.1.0',
    supersedes: more.supersedes ?? [],
    messages: { found: () => ({ message: `${id} found it` }) },
    check({ facts, report }) {
      for (const { keywordSpan } of facts.instructions('CMD')) report('found', { at: keywordSpan });
    },
  });
}

const throwing: Rule = { ...marking('test/throws'), run: () => throwIt() };

function throwIt(): never {
  throw new Error('a slip');
}

function run(text: string, rules: readonly Rule[]): LintResult {
  const settings: RuleSettings = new Map(
    rules.map((rule) => [rule.id, { severity: rule.severity, explicit: false, varies: true, options: {} }]),
  );
  const options = { target: null, buildArgs: new Map<string, string>(), now: new Date('2026-11-23') };
  return lint({ document: parse(createSource('Dockerfile', text)), settings, context: null, options }, rules);
}

const names = (result: LintResult) => result.findings.map(({ rule }) => rule);

describe('lint', () => {
  it('goes on without a rule that throws, and names it', () => {
    const result = run('FROM a\nCMD b\n', [marking('test/a'), throwing, marking('test/z')]);
    expect(names(result)).toEqual(['internal', 'test/a', 'test/z']);
    const [internal] = result.findings;
    expect(internal).toMatchObject({ severity: 'error', message: expect.stringContaining('test/throws') });
    expect(result.crashed.map(({ rule }) => rule)).toEqual(['test/throws']);
  });

  it('runs only what the settings have', () => {
    const off = marking('test/off');
    const on = marking('test/on');
    const settings: RuleSettings = new Map([
      [on.id, { severity: 'error', explicit: true, varies: false, options: {} }],
    ]);
    const options = { target: null, buildArgs: new Map<string, string>(), now: new Date() };
    const document = parse(createSource('Dockerfile', 'FROM a\nCMD b\n'));
    const { findings } = lint({ document, settings, context: null, options }, [off, on]);
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([['test/on', 'error']]);
  });

  it('sorts by place, then by severity, then by rule', () => {
    const rules = [marking('test/b'), marking('test/a'), marking('test/c', { severity: 'error' })];
    expect(names(run('FROM a\nCMD b\nCMD c\n', rules))).toEqual([
      ...['test/c', 'test/a', 'test/b'],
      ...['test/c', 'test/a', 'test/b'],
    ]);
  });
});

describe('of two rules on one span', () => {
  const milder = marking('test/knows-more', { severity: 'info', supersedes: ['test/plain'] });
  const equal = marking('test/knows-more', { supersedes: ['test/plain'] });
  const plain = marking('test/plain');

  it('the one that supersedes keeps the word', () =>
    expect(names(run('FROM a\nCMD b\n', [equal, plain]))).toEqual(['test/knows-more']));

  it('it does not where it is milder', () =>
    expect(names(run('FROM a\nCMD b\n', [milder, plain]))).toEqual(['test/plain', 'test/knows-more']));

  it('it does not where a comment silences it', () => {
    const { findings } = run('FROM a\n# plimsoll ignore=test/knows-more\nCMD b\n', [equal, plain]);
    expect(findings.filter(({ suppressed }) => !suppressed).map(({ rule }) => rule)).toEqual(['test/plain']);
  });
});

describe('fixes', () => {
  const source = createSource('Dockerfile', 'RUN a b c\n');
  const edit = (start: number, end: number, text: string): Edit => ({ file: source, span: { start, end }, text });
  const finding = (kind: 'safe' | 'suggestion', ...edits: readonly Edit[]): Finding => ({
    rule: 'test/fix',
    severity: 'warning',
    message: 'm',
    help: null,
    label: null,
    at: { file: source, span: { start: 0, end: 3 } },
    related: [],
    fix: { kind, title: 't', edits },
    sensitive: [],
    suppressed: null,
  });
  const fixed = (findings: readonly Finding[], mode: 'safe' | 'all' = 'all') => {
    const { changed, applied } = applyFixes(findings, mode);
    return { text: changed.get(source) ?? source.text, applied: applied.length };
  };

  it('apply together where they touch nothing in common', () =>
    expect(fixed([finding('safe', edit(4, 5, 'x')), finding('safe', edit(8, 9, 'z'))])).toEqual({
      text: 'RUN x b z\n',
      applied: 2,
    }));

  it('wait for the next pass where they overlap or insert at one place', () => {
    expect(fixed([finding('safe', edit(4, 7, 'x')), finding('safe', edit(6, 9, 'y'))])).toEqual({
      text: 'RUN x c\n',
      applied: 1,
    });
    expect(fixed([finding('safe', edit(4, 4, '-q ')), finding('safe', edit(4, 4, '-y '))]).text).toBe('RUN -q a b c\n');
  });

  it('are taken whole or not at all', () =>
    expect(fixed([finding('safe', edit(4, 5, 'x')), finding('safe', edit(4, 5, 'y'), edit(8, 9, 'z'))]).text).toBe(
      'RUN x b c\n',
    ));

  it('that are the same are applied once', () =>
    expect(fixed([finding('safe', edit(9, 9, ' d')), finding('safe', edit(9, 9, ' d'))])).toEqual({
      text: 'RUN a b c d\n',
      applied: 2,
    }));

  it('that are suggestions or silenced are left alone', () => {
    expect(fixed([finding('suggestion', edit(4, 5, 'x'))], 'safe').applied).toBe(0);
    const silenced = { ...finding('safe', edit(4, 5, 'x')), suppressed: { by: finding('safe').at, reason: null } };
    expect(fixed([silenced]).applied).toBe(0);
  });

  it('write the line ends of the file', () => {
    const windows = createSource('Dockerfile', 'RUN a\r\n');
    const span = { start: 5, end: 5 };
    expect(applyEdits(windows, [{ file: windows, span, text: ' \\\n  b' }])).toBe('RUN a \\\r\n  b\r\n');
  });
});
