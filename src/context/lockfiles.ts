import { joinPath } from './paths.js';
import type { BuildContext, Lockfile, PackageManager } from './types.js';

/** In the order in which npm prefers the first two. */
const LOCKFILES: readonly (readonly [string, PackageManager])[] = [
  ['npm-shrinkwrap.json', 'npm'],
  ['package-lock.json', 'npm'],
  ['yarn.lock', 'yarn'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** The lockfiles in a directory of the context, those that are ignored too. */
export function findLockfiles(context: BuildContext, directory: string): Lockfile[] {
  const found: Lockfile[] = [];
  for (const [name, manager] of LOCKFILES) {
    const path = joinPath(directory, name);
    const kind = context.kindOf(path);
    if (kind === 'file' || kind === 'link') found.push({ manager, name, path, sent: context.isSent(path) });
  }
  return found;
}
