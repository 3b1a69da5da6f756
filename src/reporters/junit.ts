import type { Finding } from '../model/finding.js';
import type { Failure, Report } from '../model/report.js';
import { locate } from '../model/source.js';
import { findingsByPath, NOT_LINTED } from './shown.js';
import { XML_DECLARATION, xmlTag, xmlText } from './xml.js';

interface Suite {
  readonly path: string;
  /** Elements, each on lines of its own. */
  readonly cases: readonly string[];
  readonly failures: number;
  readonly errors: number;
}

/**
 * JUnit's XML as GitLab, Jenkins and actions for GitHub read it: a suite for each file, a failed test for each finding,
 * a passed one for a file without any. Everything below the threshold fails as well, since the format knows no levels.
 */
export function junit(report: Report): string {
  const suites: readonly Suite[] = [
    ...[...findingsByPath(report)].map(([path, findings]) => suiteOf(path, findings, report)),
    ...report.failures.map(failedSuiteOf),
  ];
  const total = totals(suites);
  let out = `${XML_DECLARATION}<${xmlTag('testsuites', { name: 'plimsoll', ...total, time: 0 })}>\n`;
  for (const suite of suites) {
    out += `  <${xmlTag('testsuite', { name: suite.path, ...totals([suite]), skipped: 0, time: 0 })}>\n`;
    out += `${suite.cases.join('')}  </testsuite>\n`;
  }
  return `${out}</testsuites>\n`;
}

function totals(suites: readonly Suite[]) {
  const sum = (of: (suite: Suite) => number) => suites.reduce((total, suite) => total + of(suite), 0);
  return {
    tests: sum(({ cases }) => cases.length),
    failures: sum(({ failures }) => failures),
    errors: sum(({ errors }) => errors),
  };
}

function suiteOf(path: string, findings: readonly Finding[], report: Report): Suite {
  if (findings.length === 0)
    return { path, cases: [`    <${caseTag('no findings', path)}/>\n`], failures: 0, errors: 0 };
  const seen = new Map<string, number>();
  const cases = findings.map((finding) => {
    // GitLab takes two tests of one name for one, and compares branches by name: no line numbers here.
    const name = `${finding.rule}: ${finding.message}`;
    const occurrence = (seen.get(name) ?? 0) + 1;
    seen.set(name, occurrence);
    const { line, column } = locate(finding.at.file, finding.at.span.start);
    const failure = xmlTag('failure', { message: finding.message, type: finding.severity });
    const words = [
      `${path}:${line}:${column}: ${finding.severity}: ${finding.message}`,
      finding.help ?? '',
      report.rules.get(finding.rule)?.url ?? '',
    ].filter((text) => text !== '');
    return caseOf(caseTag(occurrence === 1 ? name : `${name} (${occurrence})`, path, line), failure, 'failure', words);
  });
  return { path, cases, failures: findings.length, errors: 0 };
}

function failedSuiteOf({ path, message }: Failure): Suite {
  const error = xmlTag('error', { message, type: NOT_LINTED });
  const test = caseOf(caseTag(NOT_LINTED, path), error, 'error', [`${path}: ${message}`]);
  return { path, cases: [test], failures: 0, errors: 1 };
}

/** GitLab shows `classname` as the name of the suite. */
function caseTag(name: string, path: string, line: number | null = null): string {
  return xmlTag('testcase', { name, classname: path, file: path, line, time: 0 });
}

function caseOf(tag: string, inner: string, name: string, lines: readonly string[]): string {
  return `    <${tag}>\n      <${inner}>${lines.map(xmlText).join('\n')}</${name}>\n    </testcase>\n`;
}
