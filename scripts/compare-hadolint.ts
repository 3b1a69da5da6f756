/**
 * Holds the preset `hadolint` against hadolint itself: its own test cases, and what it says of a corpus of real files.
 *
 *     npm run compare:hadolint                 a table by code
 *     npm run compare:hadolint -- DL3008       the cases and findings of a code in which the two differ
 */
import {
  answerCase,
  codeOf,
  compareCorpus,
  corpusText,
  hasShared,
  isAsExpected,
  readHadolintCases,
} from './hadolint/compare.js';
import { readDifferences } from './hadolint/differences.js';

if (!hasShared) {
  console.log('skipped: the expectations of hadolint are not at hand');
  process.exit(0);
}
const wanted = process.argv.slice(2).map((code) => code.toUpperCase());
const isWanted = (code: string) => wanted.length === 0 || wanted.includes(code);
const differences = readDifferences();
const knownCases = new Set(differences.flatMap(({ cases }) => cases));
const knownCorpus = new Set(differences.flatMap(({ corpus }) => corpus));

const table = new Map<
  string,
  { cases: number; wrong: number; theirs: number; ours: number; missing: number; extra: number }
>();
const row = (code: string) => {
  const known = table.get(code) ?? { cases: 0, wrong: 0, theirs: 0, ours: 0, missing: 0, extra: 0 };
  table.set(code, known);
  return known;
};

for (const one of readHadolintCases()) {
  // ShellCheck is another matter: test/shellcheck.test.ts.
  if (!isWanted(one.rule) || one.rule === 'SC') continue;
  const answer = answerCase(one);
  const counts = row(one.rule);
  counts.cases++;
  if (answer && isAsExpected(one, answer)) continue;
  if (knownCases.has(one.id)) continue;
  counts.wrong++;
  if (wanted.length === 0) continue;
  const said = answer === null ? 'no such rule' : `found on lines ${answer.lines.join(', ') || 'none'}`;
  console.log(`case ${one.id}: ${one.name}: expected ${one.expect}${one.count ? ` (${one.count})` : ''}, ${said}`);
  console.log(indent(one.dockerfile));
  if (one.config) console.log(`    ${JSON.stringify(one.config)}`);
}

const { theirs, ours } = compareCorpus();
for (const [side, other, word] of [
  [theirs, ours, 'missing'],
  [ours, theirs, 'extra'],
] as const) {
  for (const key of side) {
    const [file = '', line = '', code = ''] = key.split(':');
    if (!isWanted(code)) continue;
    row(code)[side === theirs ? 'theirs' : 'ours']++;
    if (other.has(key) || knownCorpus.has(key)) continue;
    row(code)[word]++;
    if (wanted.length > 0) console.log(`${word} ${key}\n${excerpt(file, Number(line))}`);
  }
}

console.log('code    cases wrong  theirs  ours missing extra');
for (const [code, { cases, wrong, theirs: a, ours: b, missing, extra }] of [...table].sort()) {
  const known = code.startsWith('DL') && ![...codeOf.values()].includes(code) ? '  no rule' : '';
  console.log(
    `${code.padEnd(7)} ${pad(cases, 5)} ${pad(wrong, 5)} ${pad(a, 7)} ${pad(b, 5)} ${pad(missing, 7)} ${pad(extra, 5)}${known}`,
  );
}

function excerpt(file: string, line: number): string {
  const lines = corpusText(file)
    .split('\n')
    .slice(line - 1);
  const end = lines.findIndex((text) => !/\\\s*$|^\s*#/.test(text));
  return indent(lines.slice(0, Math.min(end + 1, 25)).join('\n'));
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}

function pad(value: number, width: number): string {
  return String(value).padStart(width);
}
