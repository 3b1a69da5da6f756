import { joinPath } from './paths.js';
import type { BuildContext, Lockfile, PackageManager } from './types.js';

/** Names of lockfiles of Node.js and the managers whose they are; of two of one manager, the one that it prefers first. */
export const NODE_LOCKFILES: ReadonlyMap<string, PackageManager> = new Map([
  ['npm-shrinkwrap.json', 'npm'],
  ['package-lock.json', 'npm'],
  ['yarn.lock', 'yarn'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
]);

/** The names of the lockfiles that a manager reads, the one that it prefers first. */
export function lockfileNames(manager: PackageManager): readonly string[] {
  return [...NODE_LOCKFILES].flatMap(([name, owner]) => (owner === manager ? [name] : []));
}

/** The lockfiles in a directory of the context, those that are ignored too. */
export function findLockfiles(context: BuildContext, directory: string): Lockfile[] {
  const found: Lockfile[] = [];
  for (const [name, manager] of NODE_LOCKFILES) {
    const path = joinPath(directory, name);
    const kind = context.kindOf(path);
    if (kind === 'file' || kind === 'link') found.push({ manager, name, path, sent: context.isSent(path) });
  }
  return found;
}
