import { type TableRow, TOOLS } from './image-table.js';

/** One row of the facts collected outside the repository. */
export interface CollectedImage {
  readonly image: string;
  readonly tags: string;
  readonly os: string;
  readonly libc: string | null;
  readonly user: string | null;
  readonly users: readonly string[] | null;
  readonly shell: string | null;
  readonly pipefailInSh: boolean | null;
  readonly workdir: string | null;
  readonly entrypoint: readonly string[] | null;
  readonly cmd: readonly string[] | null;
  readonly expose: readonly string[] | null;
  readonly env: Readonly<Record<string, string | null>> | null;
  readonly volumes: readonly string[] | null;
  readonly stopsignal: string | null;
  readonly healthcheck: boolean | null;
  readonly packageManager: string | null;
  readonly tools: Readonly<Record<string, boolean | null>>;
  readonly notes?: string;
  readonly toolNotes?: Readonly<Record<string, string>>;
  /** Fields that were not read: null there is not "none". */
  readonly unknown?: readonly string[];
  readonly source: string;
  readonly asOf: string;
}

/**
 * Cells that were read of one version and are not taken over, since others of the same pattern may be otherwise: a tool
 * that is said to be missing has to be missing in all of them.
 */
const DOUBTS: readonly { readonly image: RegExp; readonly tags: RegExp; readonly tools: readonly string[] }[] = [
  { image: /\/eclipse-temurin$/, tags: /alpine/, tools: ['bash'] },
  { image: /\/(?:mini|ana)conda3$|\/jupyter\/|\/cypress\//, tags: /./, tools: ['curl'] },
  { image: /\/denoland\/deno$|library\/docker$/, tags: /./, tools: ['curl'] },
  { image: /\/selenium\/|\/browserless\//, tags: /./, tools: ['git', 'make', 'gcc'] },
  { image: /\/pnpm\/pnpm$/, tags: /./, tools: ['wget', 'git'] },
];

function doubtsAbout({ image, tags }: CollectedImage): ReadonlySet<string> {
  return new Set(DOUBTS.flatMap((one) => (one.image.test(image) && one.tags.test(tags) ? one.tools : [])));
}

/**
 * The table with the collected facts taken in: a collected row replaces that of the same image and tags unless that is
 * of a later day, as one that somebody has mended by hand is.
 */
export function mergeCollected(table: readonly TableRow[], collected: readonly CollectedImage[]): readonly TableRow[] {
  const rows = new Map(table.map((row) => [`${row.image} ${row.tags}`, row]));
  for (const one of collected) {
    const row = tableRow(one);
    const key = `${row.image} ${row.tags}`;
    const known = rows.get(key);
    if (!known || known.asOf <= row.asOf) rows.set(key, row);
  }
  return [...rows.values()];
}

function tableRow(row: CollectedImage): TableRow {
  const unknown = new Set(row.unknown ?? []);
  const doubts = doubtsAbout(row);
  const toolOf = (tool: string): boolean | null => {
    const has = row.tools[tool] ?? null;
    return has === false && doubts.has(tool) ? null : has;
  };
  const known = <T>(field: string, value: T): T | null => (unknown.has(field) ? null : value);
  const shell = row.shell ?? '';
  const instruction = /^SHELL (\[.*\])/.exec(shell)?.[1];
  const none = shell === 'none' || shell.includes('no /bin/sh');
  const notes = [row.notes ?? '', ...Object.entries(row.toolNotes ?? {}).map(([tool, note]) => `${tool}: ${note}`)];
  const note = notes.filter((one) => one !== '').join('; ');
  return {
    image: row.image,
    tags: linear(row.tags),
    distribution: distributionOf(row),
    libc: row.libc,
    packageManager: row.packageManager,
    sh: none ? 'none' : (/\/bin\/sh (?:->|is) (\w+)/.exec(shell)?.[1] ?? null),
    pipefail: row.pipefailInSh,
    shell: instruction ? (JSON.parse(instruction) as readonly string[]) : null,
    user: row.user,
    users: row.users,
    workdir: row.workdir,
    entrypoint: known('entrypoint', row.entrypoint ?? []),
    cmd: known('cmd', row.cmd ?? []),
    expose: known('expose', row.expose),
    volumes: known('volumes', row.volumes),
    stopSignal: known('stopsignal', row.stopsignal ?? 'none'),
    healthcheck: known('healthcheck', row.healthcheck),
    env: known('env', row.env),
    tools: Object.fromEntries(TOOLS.map((tool) => [tool, toolOf(tool)])),
    ...(note === '' ? {} : { notes: note }),
    source: row.source,
    asOf: row.asOf,
  };
}

/** In the words of `Distribution` of `src/facts/types.ts`. */
function distributionOf(row: CollectedImage): string {
  if (row.image.startsWith('gcr.io/distroless/')) return 'distroless';
  if (row.image === 'docker.io/library/busybox') return 'busybox';
  const families: Record<string, string> = { fedora: 'rhel', oraclelinux: 'rhel', amazonlinux: 'rhel' };
  return families[row.os] ?? row.os;
}

/** `_` is part of `\w`: a repeated `_\w+` matches what one does, but tries exponentially many ways before it fails. */
function linear(pattern: string): string {
  return pattern.replaceAll('(?:_\\w+)*', '(?:_\\w+)?');
}
