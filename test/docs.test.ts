import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../src/rules/index.js';
import { examplesOf } from './support/docs-page.js';
import { lintFiles, onlyRule } from './support/lint-one.js';

/** These speak of comments that silence another rule, so their examples need all rules. */
const NEEDS_ALL_RULES = 'suppression/';

describe('the examples of each rule page do what the page says', () => {
  for (const rule of rules.filter((one) => !one.id.startsWith(NEEDS_ALL_RULES))) {
    it(rule.id, () => {
      const page = readFileSync(`docs/rules/${rule.id}.md`, 'utf8');
      const examples = examplesOf(page);
      expect(examples.map((example) => example.polarity)).toEqual(expect.arrayContaining(['bad', 'ok']));
      for (const { polarity, files, encoding } of examples) {
        const { findings, crashed } = lintFiles(files, onlyRule(rule), { encoding });
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
