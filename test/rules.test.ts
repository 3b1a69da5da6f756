import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from '../src/dockerfile/parse.js';
import { applyFixes } from '../src/engine/fix.js';
import { createSource, locate } from '../src/model/source.js';
import { conceal } from '../src/reporters/conceal.js';
import { text } from '../src/reporters/text.js';
import { PLAIN } from '../src/reporters/types.js';
import { type FixtureCase, readCases } from './support/fixture-case.js';
import { type LintedCase, lintFiles, onlyFindingsOf, reportOf, ruleNamed, settingsOf } from './support/lint-one.js';

/** `UPDATE=1 npx vitest run test/rules.test.ts` records expected.txt and the fixed files anew; read the difference. */
const UPDATE = process.env.UPDATE === '1';

const cases = readCases();

for (const rule of new Set(cases.map((one) => one.rule))) {
  describe(rule, () => {
    for (const one of cases.filter((other) => other.rule === rule)) it(one.name, () => checkCase(one));
  });
}

function checkCase(one: FixtureCase): void {
  expect(one.name, 'a case is named bad-... or ok-...').toMatch(/^(?:bad|ok)-/);
  const linted = run(one, one.files);
  expect(linted.crashed).toEqual([]);
  if (one.name.startsWith('ok-')) {
    expect(frames(linted)).toBe('');
    expect(existsSync(join(one.directory, 'expected.txt')), 'a silent case expects nothing').toBe(false);
    return;
  }
  expect(linted.findings.length, 'a bad case fires').toBeGreaterThan(0);
  expect(new Set(linted.findings.map((finding) => finding.rule))).toEqual(new Set([one.rule]));
  record(join(one.directory, 'expected.txt'), frames(linted));
  checkSpans(linted);
  checkMessages(linted);
  checkLineEnds(one, linted);
  checkFixes(one, linted);
}

function run(one: FixtureCase, files: Readonly<Record<string, string>>): LintedCase {
  const linted = lintFiles(files, settingsOf(ruleNamed(one.rule), one.settings), one.settings);
  return one.settings.rules ? onlyFindingsOf(one.rule, linted) : linted;
}

function frames(linted: LintedCase): string {
  return text(conceal(reportOf(linted.file)), { ...PLAIN, quiet: true });
}

function record(path: string, actual: string | null): void {
  if (UPDATE) {
    if (actual === null) rmSync(path, { force: true });
    else writeFileSync(path, actual);
  }
  expect(actual).toBe(existsSync(path) ? readFileSync(path, 'utf8') : null);
}

function checkSpans(linted: LintedCase): void {
  for (const finding of linted.findings) {
    for (const { file, span } of [finding.at, ...finding.related]) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeLessThanOrEqual(file.text.length);
      if (file.text !== '') expect(span.end, 'a span marks something').toBeGreaterThan(span.start);
    }
  }
}

function checkMessages(linted: LintedCase): void {
  for (const { message, help, label } of linted.findings) {
    for (const sentence of [message, help, label]) {
      if (sentence === null) continue;
      expect(sentence, 'no full stop at the end, one line').not.toMatch(/[.\n]$|\n|undefined|\[object/);
      expect(sentence.length, 'short enough to read').toBeLessThan(200);
    }
  }
}

function checkLineEnds(one: FixtureCase, linted: LintedCase): void {
  const name = one.settings.dockerfile ?? 'Dockerfile';
  const source = one.files[name] ?? '';
  if (source.includes('\r')) return;
  const windows = run(one, { ...one.files, [name]: source.replaceAll('\n', '\r\n') });
  expect(placesOf(windows)).toEqual(placesOf(linted));
}

function placesOf(linted: LintedCase): readonly string[] {
  return linted.findings.map(({ at, message }) => {
    const { line, column } = locate(at.file, at.span.start);
    return `${at.file.path}:${line}:${column} ${message}`;
  });
}

function checkFixes(one: FixtureCase, linted: LintedCase): void {
  const rule = ruleNamed(one.rule);
  const fixable = linted.findings.filter((finding) => finding.fix);
  for (const finding of fixable) {
    expect(rule.fix, 'a rule that fixes says so').not.toBe(null);
    if (rule.fix === 'suggestion') expect(finding.fix?.kind).toBe('suggestion');
  }
  let files = one.files;
  let state = linted;
  for (let pass = 0; pass < 10 && state.findings.some((finding) => finding.fix); pass++) {
    files = applied(files, state);
    state = run(one, files);
  }
  expect(
    state.findings.filter((finding) => finding.fix),
    'fixing comes to an end',
  ).toEqual([]);
  const changed = Object.keys(files).filter((path) => files[path] !== one.files[path]);
  for (const path of new Set([...changed, one.settings.dockerfile ?? 'Dockerfile'])) {
    record(
      join(one.directory, `fixed.${path.replaceAll('/', '__')}`),
      changed.includes(path) ? (files[path] ?? '') : null,
    );
  }
  if (fixable.length === 0) return;
  expect(state.findings.length, 'what was fixed is gone').toBe(linted.findings.length - fixable.length);
  const before = problemsOf(one, one.files);
  expect(before, 'a fix breaks no syntax').toEqual(expect.arrayContaining([...problemsOf(one, files)]));
}

function applied(files: Readonly<Record<string, string>>, linted: LintedCase): Record<string, string> {
  const { changed } = applyFixes(linted.findings, 'all');
  return { ...files, ...Object.fromEntries([...changed].map(([file, after]) => [file.path, after])) };
}

function problemsOf(one: FixtureCase, files: Readonly<Record<string, string>>): readonly string[] {
  const name = one.settings.dockerfile ?? 'Dockerfile';
  const kinds = parse(createSource(name, files[name] ?? '')).problems.map((problem) => problem.kind);
  return one.rule.startsWith('syntax/') ? [] : kinds;
}
