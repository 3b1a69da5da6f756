import type { BuildContext, NodeProject } from '../context/types.js';
import { type NpmLock, readNpmLock } from './lock-text.js';

/** A package that comes to more than JavaScript. */
export interface NativePackage {
  readonly name: string;
  /** It is built for one major version of Node.js. */
  readonly perMajor: boolean;
  /** It is built for glibc or for musl, and has only the one in `node_modules`. */
  readonly perLibc: boolean;
  /** Its binaries are packages of their own, of which some managers install those of all systems. */
  readonly prebuilt: boolean;
}

/**
 * Packages that are built, or downloaded, for the system that they are installed on. `before`: later versions bring
 * the binaries of all systems. `majorBefore`: later versions run on each version of Node.js (N-API).
 */
const NATIVE: Readonly<Record<string, { readonly before?: string; readonly majorBefore?: string }>> = {
  argon2: { before: '0.40', majorBefore: '0' },
  bcrypt: { before: '6.0', majorBefore: '5.0' },
  'better-sqlite3': {},
  canvas: { majorBefore: '3.0' },
  kerberos: { majorBefore: '2.0' },
  libxmljs: { majorBefore: '1.0' },
  'node-pty': { majorBefore: '1.0' },
  re2: {},
  sharp: { majorBefore: '0.28' },
  sqlite3: { majorBefore: '5.0' },
};

/** They have a binary for each libc too, but none of them has a part in a program that is built already. */
const TOOLS =
  /^@(?:next|swc|rollup|rolldown|tailwindcss|parcel|biomejs|oxc-.+|oxlint|oxfmt|unrs|rspack|esbuild|vscode)\/|^(?:lightningcss|turbo|sass-embedded)-/;

/**
 * The native packages that a project needs when it runs: those that its manifest names, and with a package-lock.json
 * those that they bring along.
 */
export function nativePackages(project: NodeProject, context: BuildContext): readonly NativePackage[] {
  const { dependencies, optionalDependencies } = project.manifest;
  const versions = new Map([...dependencies, ...optionalDependencies].map(([name, { value }]) => [name, value]));
  const lockfile = project.lockfiles.find(({ manager }) => manager === 'npm');
  const source = lockfile && context.read(lockfile.path);
  const lock = source ? readNpmLock(source) : null;
  for (const [name, version] of lock ? lockedVersions(lock) : []) versions.set(name, version);
  return [...versions].flatMap(([name, version]) => nativePackage(name, version) ?? []);
}

function nativePackage(name: string, version: string): NativePackage | null {
  const rule = Object.hasOwn(NATIVE, name) ? NATIVE[name] : undefined;
  if (rule) {
    const perLibc = rule.before === undefined || isBefore(version, rule.before);
    const perMajor = rule.majorBefore === undefined || isBefore(version, rule.majorBefore);
    return perLibc || perMajor ? { name, perMajor, perLibc, prebuilt: name === 'sharp' } : null;
  }
  const isMusl = /(?:^|[-/])(?:linux)?musl(?:-|$)|-musl$|-linuxmusl-/.test(name) && !TOOLS.test(name);
  if (!isMusl) return null;
  const owner = name.startsWith('@img/') ? 'sharp' : name.replace(/-?(?:linux.*|musl.*)$/, '');
  return { name: owner, perMajor: false, perLibc: true, prebuilt: true };
}

/** Names and versions of what is not for development alone, from the lockfile of npm 7 and later. */
function* lockedVersions({ packages }: NpmLock): Generator<readonly [string, string]> {
  for (const [path, entry] of Object.entries(packages ?? {})) {
    if (typeof entry !== 'object' || entry === null || path === '') continue;
    const { version, dev, devOptional } = entry;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (typeof version === 'string' && dev !== true && devOptional !== true) yield [name, version];
  }
}

/** Of `^5.1.0` the first number counts; false where there is none. */
function isBefore(version: string, limit: string): boolean {
  const [, major, minor = '0'] = /(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  const [otherMajor = '0', otherMinor = '0'] = limit.split('.');
  if (major === undefined) return false;
  return Number(major) - Number(otherMajor) < 0 || (major === otherMajor && Number(minor) < Number(otherMinor));
}
