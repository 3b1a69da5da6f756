import { moduleText } from './module-text.js';

/** A product of the collected facts; fields that are not used are left out. */
export interface CollectedProduct {
  readonly product: string;
  readonly image: readonly string[];
  readonly tagRegex: string | null;
  readonly tagMode: string;
  readonly aliases: Readonly<Record<string, string>>;
  readonly unlistedOlder: 'eol' | 'unknown';
  readonly imageOverrides?: Readonly<Record<string, { readonly tagRegex: string }>>;
  readonly imageRegex?: string;
  readonly movingTags?: { readonly map: Readonly<Record<string, string>> };
  readonly buildMap?: Readonly<Record<string, string>>;
  readonly cycles: readonly CollectedCycle[];
}

interface CollectedCycle {
  readonly cycle: string;
  readonly lts: boolean | string;
  readonly release: string | null;
  /** True: past, but the day is not known. False: not past, and the day is not known. */
  readonly eol: string | boolean;
  readonly extended?: { readonly until: string | false };
  readonly officialImage?: { readonly 'builtAt2026-08-21': boolean; readonly lastTagChange: string | null };
  readonly eolIsFor?: string;
  /** Planned when the facts were collected. */
  readonly scheduled?: boolean;
  readonly asOf: string;
}

/** How people call them. A product that is not here is not taken up: see {@link INFORMATION_ONLY}. */
const NAMES: Readonly<Record<string, string>> = {
  nodejs: 'Node.js',
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  alpine: 'Alpine Linux',
  centos: 'CentOS Linux',
  'centos-stream': 'CentOS Stream',
  fedora: 'Fedora Linux',
  rocky: 'Rocky Linux',
  alma: 'AlmaLinux',
  oraclelinux: 'Oracle Linux',
  amazonlinux: 'Amazon Linux',
  'opensuse-leap': 'openSUSE Leap',
  rhel: 'Red Hat Enterprise Linux',
  python: 'Python',
  ruby: 'Ruby',
  php: 'PHP',
  go: 'Go',
  'eclipse-temurin': 'Eclipse Temurin',
  corretto: 'Amazon Corretto',
  openjdk: 'OpenJDK',
  'azul-zulu': 'Azul Zulu',
  'microsoft-openjdk': 'Microsoft Build of OpenJDK',
  'ibm-semeru': 'IBM Semeru Runtime',
  sapmachine: 'SapMachine',
  dotnet: '.NET',
  'dotnet-framework': '.NET Framework',
  elixir: 'Elixir',
  erlang: 'Erlang/OTP',
  nginx: 'nginx',
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  mongodb: 'MongoDB',
  redis: 'Redis',
  valkey: 'Valkey',
  perl: 'Perl',
  maven: 'Maven',
  gradle: 'Gradle',
  haproxy: 'HAProxy',
  rabbitmq: 'RabbitMQ',
  httpd: 'Apache HTTP Server',
  tomcat: 'Tomcat',
  memcached: 'Memcached',
  'windows-servercore': 'Windows Server Core',
  'windows-nanoserver': 'Nano Server',
};

/** Their "end of life" only means that a newer minor version exists; bun has no cycle that ended. */
const INFORMATION_ONLY = new Set(['rust', 'deno', 'traefik', 'elasticsearch', 'composer', 'bun']);

/** Images whose tags follow a version of their own. */
const LEFT_OUT_IMAGES = new Set(['docker.io/redis/redis-stack']);

/**
 * The tag may begin with the version of the template (`1-18-bookworm`, `1.2-3`). The collected patterns fall back to
 * that one where no other follows; these take only what cannot be it.
 */
const DEV_CONTAINERS: Readonly<Record<string, string>> = {
  'mcr.microsoft.com/devcontainers/python': '^(?:\\d(?:\\.\\d+){0,2}-)?(3\\.(?:[6-9]|\\d\\d))(?=$|[.-])',
  'mcr.microsoft.com/devcontainers/go': '^(?:\\d(?:\\.\\d+){0,2}-)?(1\\.\\d\\d)(?=$|[.-])',
};

/** A cycle whose collected date is in doubt: neither reported nor recommended. */
const DOUBTFUL: Readonly<Record<string, readonly string[]>> = { mongodb: ['8.3'] };

/**
 * Repositories that are no longer built, whatever the tag, with the day of the last change where it is known.
 * docker-library/docs `<image>/deprecated.md` and the history of docker-library/official-images. Early-access tags of
 * openjdk are still built.
 */
const ABANDONED: Readonly<Record<string, { since: string | null; successor: string | null }>> = {
  'docker.io/library/centos': { since: '2021-09-15', successor: null },
  'docker.io/library/openjdk': { since: '2022-07-25', successor: 'eclipse-temurin' },
  'docker.io/library/java': { since: '2016-12-19', successor: 'eclipse-temurin' },
  'docker.io/library/adoptopenjdk': { since: null, successor: 'eclipse-temurin' },
  'docker.io/library/iojs': { since: '2015-09-06', successor: null },
  'docker.io/library/opensuse': { since: '2017-11-29', successor: null },
  'docker.io/library/rockylinux': { since: '2023-11-30', successor: 'rockylinux/rockylinux' },
};

export function compactEndOfLife(products: readonly CollectedProduct[]): string {
  const unnamed = products.filter((entry) => !(entry.product in NAMES) && !INFORMATION_ONLY.has(entry.product));
  if (unnamed.length > 0) throw new Error(`no name for ${unnamed.map((entry) => entry.product).join(', ')}`);
  const taken = products.filter((entry) => entry.product in NAMES).flatMap(splitIojs);
  const asOf = products
    .flatMap((entry) => entry.cycles.map((cycle) => cycle.asOf))
    .filter((date) => date < '2026-09')
    .sort()
    .at(-1);
  const lines = taken.map((entry) => JSON.stringify(compactProduct(entry)));
  return moduleText({
    name: 'END_OF_LIFE',
    header: [
      'GENERATED by scripts/generate-data.ts; do not edit.',
      '',
      `When releases of what common base images hold stop getting fixes, as of ${asOf}. Sources: endoflife-date/`,
      'endoflife.date, nodejs/Release schedule.json, Debian distro-info-data, python/peps, the release history of Go,',
      'docker-library/official-images (which tags are built, and when each last changed) and docker-library/docs.',
      '',
      'A cycle is [name, end, release, long-term support since]. `end` is a day, 0 where it is not past or in doubt, 1 where',
      'it is past but the day is not known. Debian ends with its LTS, Ubuntu with standard support.',
    ],
    json: `{"asOf":"${asOf}",\n"abandoned":${JSON.stringify(ABANDONED)},\n"products":[\n${lines.join(',\n')}]}`,
  });
}

/** io.js 1 to 3 are listed with Node.js but are another image. */
function splitIojs(entry: CollectedProduct): CollectedProduct[] {
  if (entry.product !== 'nodejs') return [entry];
  const image = 'docker.io/library/iojs';
  const isIojs = (cycle: CollectedCycle) => ['1', '2', '3'].includes(cycle.cycle);
  const { imageRegex, movingTags, imageOverrides, ...rest } = entry;
  return [
    {
      ...entry,
      image: entry.image.filter((name) => name !== image),
      cycles: entry.cycles.filter((cycle) => !isIojs(cycle)),
    },
    { ...rest, product: 'iojs', image: [image], aliases: {}, cycles: entry.cycles.filter(isIojs) },
  ];
}

function compactProduct(entry: CollectedProduct): Record<string, unknown> {
  const overrides = Object.entries(entry.imageOverrides ?? {}).map(([image, value]) => [
    image,
    DEV_CONTAINERS[image] ?? value.tagRegex,
  ]);
  // Windows versions and nginx (whose odd minors are its development line) have no order that says "older".
  const unordered = entry.tagMode === 'win' || entry.product === 'nginx';
  const built = builtCodenames(entry);
  return {
    name: NAMES[entry.product] ?? 'io.js',
    ...(['debian', 'ubuntu', 'alpine', 'oraclelinux', 'rhel'].includes(entry.product) ? { os: entry.product } : {}),
    ...(entry.tagMode === 'win' ? { os: entry.product } : {}),
    images: entry.image.filter((image) => !LEFT_OUT_IMAGES.has(image)),
    tag: entry.tagRegex,
    ...(['majmin', 'pg', 'tomcat'].includes(entry.tagMode) && !unordered ? { majors: 1 } : {}),
    ...(overrides.length > 0 ? { tags: Object.fromEntries(overrides) } : {}),
    ...(entry.imageRegex ? { nameTag: entry.imageRegex } : {}),
    ...(Object.keys(entry.aliases).length > 0 ? { aliases: { ...entry.buildMap, ...entry.aliases } } : {}),
    ...(entry.unlistedOlder === 'eol' && !unordered ? { older: 1 } : {}),
    ...(built ? { built } : {}),
    cycles: entry.cycles.filter((cycle) => !isDevelopmentLine(entry, cycle)).map((cycle) => compactCycle(entry, cycle)),
  };
}

function isDevelopmentLine(entry: CollectedProduct, cycle: CollectedCycle): boolean {
  return entry.product === 'nginx' && Number(cycle.cycle.split('.')[1]) % 2 === 1;
}

function compactCycle(entry: CollectedProduct, cycle: CollectedCycle): unknown[] {
  // Without a day of release it is not recommended either.
  if (DOUBTFUL[entry.product]?.includes(cycle.cycle)) return [cycle.cycle];
  const lts = typeof cycle.lts === 'string' ? cycle.lts : cycle.lts ? (cycle.release ?? 0) : 0;
  return trimmed([
    cycle.cycle,
    endOf(entry, cycle),
    cycle.scheduled ? 0 : (cycle.release ?? 0),
    cycle.scheduled ? 0 : lts,
  ]);
}

function endOf(entry: CollectedProduct, cycle: CollectedCycle): string | number {
  // "Approximate": it is past, but the day is not from a source.
  if (cycle.eolIsFor?.includes('approximate')) return 1;
  if (typeof cycle.eol === 'boolean') return Number(cycle.eol);
  // https://wiki.debian.org/LTS: the images are rebuilt with its fixes, at no cost.
  if (entry.product === 'debian' && cycle.extended?.until) return cycle.extended.until;
  return isStillBuilt(cycle, cycle.eol) ? 0 : cycle.eol;
}

/** True where the official image was still rebuilt a month after the collected end: then fixes may still come. */
function isStillBuilt(cycle: CollectedCycle, end: string): boolean {
  const built = cycle.officialImage;
  if (!built?.['builtAt2026-08-21'] || built.lastTagChange === null) return false;
  return Date.parse(built.lastTagChange) - Date.parse(end) > 30 * 86_400_000;
}

/** Which releases of Debian and Ubuntu the newest cycles are built on, by the tags that follow those cycles. */
function builtCodenames(entry: CollectedProduct): Record<string, string[]> | null {
  const found: Record<string, Set<string>> = {};
  for (const [tag, cycle] of Object.entries(entry.movingTags?.map ?? {})) {
    const codename = /(?:^|-)(bullseye|bookworm|trixie|jammy|noble|resolute)(?:-|$)/.exec(tag)?.[1];
    if (codename && !['debian', 'ubuntu'].includes(entry.product)) {
      found[cycle] ??= new Set();
      found[cycle].add(codename);
    }
  }
  const entries = Object.entries(found).map(([cycle, names]) => [cycle, [...names].sort()] as const);
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

/** Without the zeros at its end. */
function trimmed(values: readonly (string | number)[]): (string | number)[] {
  const end = values.findLastIndex((value) => value !== 0);
  return values.slice(0, end + 1);
}
