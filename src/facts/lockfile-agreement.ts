import type { BuildContext, Lockfile, NodeProject } from '../context/types.js';

/**
 * True where a yarn.lock, pnpm-lock.yaml or bun.lock is seen to lock each dependency of the manifest in the range that
 * the manifest gives, so that an install which only takes what is locked goes through. Null where the file cannot be read.
 */
export function locksManifest(lockfile: Lockfile, project: NodeProject, context: BuildContext): boolean | null {
  if (lockfile.name === 'bun.lockb') return null;
  const text = context.read(lockfile.path)?.text.replace(/['"]/g, '') ?? '';
  if (text.trim() === '') return null;
  const { dependencies, devDependencies, optionalDependencies, problems } = project.manifest;
  if (problems.length > 0) return null;
  const entries = entriesOf(lockfile, text);
  return [dependencies, devDependencies, optionalDependencies].every((table) =>
    [...table].every(([name, { value }]) => entries.has(`${name}@${value}`)),
  );
}

/** Each `name@range` that the lockfile has an answer for; `text` is without its quotes. */
function entriesOf({ manager }: Lockfile, text: string): ReadonlySet<string> {
  const found = new Set<string>();
  if (manager === 'yarn') {
    for (const [, keys] of text.matchAll(/^(\S[^\n]*):[ \t]*\r?$/gm))
      for (const key of keys?.split(', ') ?? []) {
        found.add(key);
        found.add(key.replace(/(.)@npm:/, '$1@'));
      }
  } else if (manager === 'pnpm') {
    for (const [, name, range] of text.matchAll(/^ +(\S+):\r?\n +specifier: (\S[^\r\n]*)/gm))
      found.add(`${name}@${range}`);
  } else
    for (const [, name, range] of text.matchAll(/^ +([^\s:]+): ([^\s[{,]+),?\r?$/gm)) found.add(`${name}@${range}`);
  return found;
}
