import { type TableRow, TOOLS } from '../data/image-table.js';

/** The overview in docs/base-images.md: each image with its number of patterns, what is known and when it was read. */
export function imageList(rows: readonly TableRow[]): string {
  const images = new Map<string, TableRow[]>();
  for (const row of rows) {
    const known = images.get(row.image);
    if (known) known.push(row);
    else images.set(row.image, [row]);
  }
  const lines = [...images]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([image, own]) => {
      const dates = own.map(({ asOf }) => asOf).sort();
      const [first = '', last = ''] = [dates[0], dates.at(-1)];
      const managers = [...new Set(own.map(({ packageManager }) => packageManager ?? '?'))].join(', ');
      return `| \`${familiar(image)}\` | ${own.length} | ${managers} | ${shareOfTools(own)} % | ${first === last ? first : `${first} to ${last}`} |`;
    });
  return [
    '',
    `${rows.length} rows of ${images.size} images.`,
    '',
    '| image | tag patterns | package manager | tools known | read |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

/** As people write it. */
function familiar(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '');
}

function shareOfTools(rows: readonly TableRow[]): number {
  const known = rows.flatMap(({ tools }) => TOOLS.filter((tool) => (tools[tool] ?? null) !== null)).length;
  return Math.round((100 * known) / (rows.length * TOOLS.length));
}
