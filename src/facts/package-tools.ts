import type { InstalledPackage, PackageTool } from './packages.js';

/** Packages that bring none of the tools that the table of base images speaks of, whatever they depend on. */
const NONE: ReadonlySet<string> = new Set(
  'ca-certificates ca-certificates-bundle tzdata openssl su-exec gosu libc6-compat gcompat libstdc++ libgcc libgcc-s1 libstdc++6 musl musl-dev libc-dev libc6-dev linux-headers shadow procps procps-ng jq unzip zip xz xz-utils bzip2 gzip tar less nano gnupg netcat netcat-openbsd netcat-traditional iputils iputils-ping coreutils findutils util-linux sqlite sqlite3 sqlite-libs libsqlite3-0 libssl3 libssl1.1 openssl1.1-compat libcurl libcurl4 libpq libpq5 postgresql-client postgresql-libs openssh-client rsync file patch apt-transport-https icu-libs icu-data-full libicu-dev zlib zlib1g zlib-dev zlib1g-dev libffi libffi-dev libgomp1 libgomp locales busybox-extras sudo pkg-config pkgconf redis-tools dos2unix libssl-dev libpq-dev fontconfig ttf-freefont ttf-dejavu libatomic libatomic1 cron tree htop libglib2.0-0 libglib2.0-0t64 libsm6 libxext6 libxrender1 libxrender-dev libmagic1 libmariadb3 libmariadb-dev default-libmysqlclient-dev default-mysql-client mariadb-client libxml2 libxml2-dev libxslt1.1 libjpeg-dev libpng-dev libzip-dev libcairo2 libpango-1.0-0 libpangocairo-1.0-0 libgdk-pixbuf2.0-0 libgdk-pixbuf-2.0-0 shared-mime-info iproute2 net-tools dnsutils libsndfile1 libjemalloc2 libnss3 libonig-dev libfreetype6-dev libjpeg62-turbo-dev libwebp-dev libldap2-dev libsasl2-dev libcurl4-openssl-dev libbz2-dev libsqlite3-dev poppler-utils nginx'.split(
    ' ',
  ),
);

/** Packages with the tools that come with them, one too many rather than one too few. */
const SOME: Readonly<Record<string, readonly string[]>> = {
  bash: ['bash'],
  'build-base': ['make', 'gcc'],
  'build-essential': ['make', 'gcc'],
  cmake: ['make', 'gcc'],
  curl: ['curl'],
  'curl-minimal': ['curl'],
  'dumb-init': ['bash'],
  'g++': ['gcc', 'make'],
  gcc: ['gcc', 'make'],
  git: ['git'],
  libgl1: ['python3'],
  'libgl1-mesa-glx': ['python3'],
  make: ['make'],
  nodejs: ['npm', 'yarn', 'corepack'],
  'nodejs-current': ['npm', 'yarn', 'corepack'],
  python3: ['python3'],
  'python3-pip': ['python3', 'make', 'gcc'],
  'python3-dev': ['python3', 'make', 'gcc'],
  'python3-venv': ['python3'],
  supervisor: ['python3'],
  'python3-minimal': ['python3'],
  tini: ['tini'],
  wget: ['wget'],
};

/** On Alpine these are a few files each; Debian's of the same name depend on half a toolchain. */
const ON_ALPINE: Readonly<Record<string, readonly string[]>> = {
  npm: ['npm'],
  yarn: ['yarn'],
  'py3-pip': ['python3'],
};

/** Whether the package is the tool's own, by which it is there for sure. */
export function isOwnPackage({ name }: InstalledPackage, tool: string): boolean {
  return name === tool && Object.hasOwn(SOME, name);
}

/** False only where it is known that neither the package nor what it depends on has the tool. */
export function mayHaveTool({ name }: InstalledPackage, tool: string, by: PackageTool): boolean {
  if (NONE.has(name)) return false;
  const tools = Object.hasOwn(SOME, name)
    ? SOME[name]
    : by === 'apk' && Object.hasOwn(ON_ALPINE, name)
      ? ON_ALPINE[name]
      : undefined;
  return tools?.includes(tool) ?? true;
}
