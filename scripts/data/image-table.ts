import { existsSync, readFileSync } from 'node:fs';

const FILE = new URL('../../src/data/base-images.json', import.meta.url);

/** One row of `src/data/base-images.json`: what the images of a name whose tags match have in common. Null: not known. */
export interface TableRow {
  /** Canonical: `docker.io/library/node`. */
  readonly image: string;
  /** A pattern over the whole tag. */
  readonly tags: string;
  readonly distribution: string | null;
  readonly libc: string | null;
  readonly packageManager: string | null;
  /** What `/bin/sh` is; `none` where there is none. */
  readonly sh: string | null;
  /** Whether that takes `set -o pipefail`. */
  readonly pipefail: boolean | null;
  /** Words of the SHELL instruction that RUN inherits; null: there is none, or it is not known. */
  readonly shell: readonly string[] | null;
  /** Default user; `root` where the configuration names none. */
  readonly user: string | null;
  /** Users that people may want to be, `name:uid`. */
  readonly users: readonly string[] | null;
  readonly workdir: string | null;
  readonly entrypoint: readonly string[] | null;
  readonly cmd: readonly string[] | null;
  readonly expose: readonly string[] | null;
  readonly volumes: readonly string[] | null;
  readonly stopSignal: string | null;
  readonly healthcheck: boolean | null;
  /** Names with their values; a value is null where it depends on the version. */
  readonly env: Readonly<Record<string, string | null>> | null;
  readonly tools: Readonly<Record<string, boolean | null>>;
  /** What a reader of the row should know. */
  readonly notes?: string;
  /** Where the facts were read. */
  readonly source: string;
  /** When that was written, `2026-08-21`. */
  readonly asOf: string;
}

/** In the order of the letters that the compact table has for them, and of `IMAGE_TOOLS` of `src/facts/image-table.ts`. */
export const TOOLS: readonly string[] =
  'curl wget bash git python3 make gcc tini npm yarn corepack ca-certificates'.split(' ');

/** A field of a row with the values that it may have; what is not here is a text. */
const ALLOWED: Readonly<Record<string, readonly unknown[]>> = {
  distribution: 'debian ubuntu alpine rhel suse arch wolfi windows busybox distroless scratch'.split(' '),
  libc: ['glibc', 'musl', 'uclibc', 'none'],
  packageManager: ['apt', 'apk', 'dnf', 'microdnf', 'yum', 'pacman', 'none'],
  sh: ['dash', 'bash', 'ash', 'none'],
  pipefail: [true, false],
  healthcheck: [true, false],
};
const LISTS = ['shell', 'users', 'entrypoint', 'cmd', 'expose', 'volumes'];
const FIELDS =
  'image tags distribution libc packageManager sh pipefail shell user users workdir entrypoint cmd expose volumes stopSignal healthcheck env tools'.split(
    ' ',
  );

/** What is wrong with a table, in words for who edited it. */
export function problemsOf(rows: readonly TableRow[]): readonly string[] {
  const seen = new Set<string>();
  return rows.flatMap((row, index) => {
    const problems: string[] = [];
    const fields: Readonly<Record<string, unknown>> = { ...row };
    const missing = [...FIELDS, 'source', 'asOf'].filter((field) => fields[field] === undefined);
    if (missing.length > 0) problems.push(`has no ${missing.join(', ')}; what is not known is null`);
    for (const [field, values] of Object.entries(ALLOWED)) {
      const value = fields[field] ?? null;
      if (value !== null && !values.includes(value)) problems.push(`${field} is one of ${values.join(', ')} or null`);
    }
    for (const field of LISTS) {
      const value = fields[field] ?? null;
      if (value !== null && !isTexts(value)) problems.push(`${field} is a list of texts or null`);
    }
    if (!/^\^.*\$$/.test(row.tags)) problems.push('tags begins with ^ and ends with $');
    if (TOOLS.some((tool) => !['true', 'false', 'null'].includes(String(row.tools[tool]))))
      problems.push(`tools has true, false or null for each of ${TOOLS.join(', ')}`);
    if (!row.source) problems.push('source says where the facts were read');
    if (!/^20\d\d-\d\d-\d\d$/.test(row.asOf)) problems.push('asOf is a date, 2026-08-21');
    const key = `${row.image} ${row.tags}`;
    if (seen.has(key)) problems.push('is there twice');
    seen.add(key);
    return problems.map((problem) => `row ${index + 1}, ${row.image} ${row.tags}: ${problem}`);
  });
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** The text of `src/data/base-images.json`: one row a line, so that a change can be reviewed. */
export function tableText(rows: readonly TableRow[]): string {
  return `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
}

/** The table as it is checked in; empty where there is none. */
export function readTable(): readonly TableRow[] {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as readonly TableRow[]) : [];
}
