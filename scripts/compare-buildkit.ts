/**
 * Holds the preset `buildkit` against BuildKit itself: its own test cases, and the examples of the page of each check.
 *
 *     npm run compare:buildkit                       a table by check
 *     npm run compare:buildkit -- FromAsCasing       the cases of a check in which the two differ
 */
import { CHECKS } from './buildkit/checks.js';
import {
  check,
  checkOf,
  exampleOf,
  hasShared,
  keysOf,
  readBuildkitCases,
  readBuildkitPages,
} from './buildkit/compare.js';

if (!hasShared) {
  console.log('skipped: the expectations of BuildKit are not at hand');
  process.exit(0);
}
const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
const table = new Map(CHECKS.map((name) => [name, { theirs: 0, missing: 0, extra: 0, examples: 0, wrong: 0 }]));
const show = (title: string, dockerfile: string) => {
  if (wanted.length > 0) console.log(`${title}\n${dockerfile.trimEnd().replace(/^/gm, '    ')}`);
};

for (const one of readBuildkitCases()) {
  if (one.expectChecked === false) continue;
  const theirs = one.expect.map(({ rule, line }) => `${rule}:${line}`).sort();
  const ours = [...keysOf(check(one).warnings)];
  for (const key of theirs) {
    const name = key.slice(0, key.indexOf(':'));
    const row = table.get(name);
    if (!row) continue;
    row.theirs++;
    const at = ours.indexOf(key);
    if (at !== -1) ours.splice(at, 1);
    else {
      row.missing++;
      if (isWanted(name)) show(`missing ${key} in ${one.id}`, one.dockerfile);
    }
  }
  for (const key of ours) {
    const name = key.slice(0, key.indexOf(':'));
    const row = table.get(name);
    if (row) row.extra++;
    if (isWanted(name)) show(`extra ${key} in ${one.id}`, one.dockerfile);
  }
}

for (const page of readBuildkitPages()) {
  const row = table.get(page.rule);
  for (const detail of page.details) {
    const example = exampleOf(page, detail);
    if (!example || !row) continue;
    row.examples++;
    const speaks = check(example).warnings.some(({ rule }) => rule === page.rule);
    if (speaks === example.fires) continue;
    row.wrong++;
    if (isWanted(page.rule)) show(`example ${detail.docLine} of ${page.rule}: ${detail.kind}`, example.dockerfile);
  }
}

console.log(`${'check'.padEnd(32)} theirs missing extra examples wrong`);
for (const [name, { theirs, missing, extra, examples, wrong }] of table) {
  const isKnown = [...checkOf.values()].includes(name);
  const note = isKnown ? '' : '  no rule';
  console.log(
    `${name.padEnd(32)} ${pad(theirs, 6)} ${pad(missing, 7)} ${pad(extra, 5)} ${pad(examples, 8)} ${pad(wrong, 5)}${note}`,
  );
}

function pad(value: number, width: number): string {
  return String(value).padStart(width);
}
