import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../src/rules/index.js';
import { examplesOf } from './support/docs-page.js';
import { type CaseSettings, lintFiles, onlyFindingsOf, settingsOf } from './support/lint-one.js';

/** Rules about comments that silence another rule are tried together with all rules. */
const ALL = rules.map((rule) => rule.id);

/** These speak of comments that silence another rule, so their examples need all rules. */

describe('the examples of each rule page do what the page says', () => {
  for (const rule of rules) {
    it(rule.id, () => {
      const page = readFileSync(`docs/rules/${rule.id}.md`, 'utf8');
      const examples = examplesOf(page);
      expect(examples.map((example) => example.polarity)).toEqual(expect.arrayContaining(['bad', 'ok']));
      for (const { polarity, files, encoding, options } of examples) {
        const further = rule.id.startsWith('suppression/') ? { rules: ALL } : {};
        const settings: CaseSettings = { encoding, options, ...further };
        const { findings, crashed } = onlyFindingsOf(rule.id, lintFiles(files, settingsOf(rule, settings), settings));
        expect(crashed).toEqual([]);
        const fired = findings.map((finding) => finding.message);
        if (polarity === 'bad') expect(fired, files.Dockerfile).not.toEqual([]);
        else expect(fired, files.Dockerfile).toEqual([]);
      }
    });
  }
});

describe('every rule page says why, and when it stays silent', () => {
  it.each(rules.map((rule) => rule.id))('%s', (id) => {
    const page = readFileSync(`docs/rules/${id}.md`, 'utf8');
    expect(page.startsWith(`# ${id}\n`)).toBe(true);
    for (const section of ['Why', 'Bad', 'Good', 'When it stays silent']) expect(page).toContain(`\n## ${section}\n`);
  });
});
