/**
 * Writes the tables of `src/data` from the facts collected beside the repository: end-of-life dates, and the readable
 * table of base images, from which `scripts/generate.ts` makes the compact one.
 *
 *     tsx scripts/generate-data.ts            write them
 *     tsx scripts/generate-data.ts --check    fail where they differ from what would be written
 *
 * The compact tables are JSON inside a string: a bundle then pays for parsing them only in a run that asks for them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CollectedImage, mergeCollected } from './data/collected-images.js';
import { type CollectedProduct, compactEndOfLife } from './data/end-of-life.js';
import { readTable, tableText } from './data/image-table.js';

const root = new URL('../', import.meta.url);
const collected = new URL('../shared/data/', root);

interface Table {
  readonly from: string;
  readonly to: string;
  /** The whole text of the file. */
  render(data: unknown): string;
}

const TABLES: readonly Table[] = [
  {
    from: 'eol.json',
    to: 'src/data/end-of-life.ts',
    render: (data) => compactEndOfLife(data as readonly CollectedProduct[]),
  },
  {
    from: 'base-images.json',
    to: 'src/data/base-images.json',
    render: (data) => tableText(mergeCollected(readTable(), data as readonly CollectedImage[])),
  },
];

const check = process.argv.includes('--check');
let stale = 0;
for (const table of TABLES) {
  const source = new URL(table.from, collected);
  if (!existsSync(source)) {
    console.log(`skipped ${table.to}: ../shared/data/${table.from} is not here`);
    continue;
  }
  const target = fileURLToPath(new URL(table.to, root));
  const text = table.render(JSON.parse(readFileSync(source, 'utf8')));
  if (!check) {
    writeFileSync(target, text);
    console.log(`wrote ${table.to} (${Math.round(text.length / 1024)} kB)`);
  } else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.error(`${table.to} is out of date: run tsx scripts/generate-data.ts`);
    stale++;
  } else {
    console.log(`${table.to} is up to date`);
  }
}
process.exitCode = stale > 0 ? 1 : 0;
