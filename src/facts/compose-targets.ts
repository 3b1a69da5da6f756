import { memoise } from './lazy.js';
import type { Facts } from './types.js';

/** Files beside a Dockerfile that say which of its stages is built. */
const FILES: readonly string[] = [
  ...['compose', 'docker-compose'].flatMap((name) =>
    ['', '.override', '.dev', '.test', '.prod', '-dev', '-test', '-prod'].flatMap((kind) => [
      `${name}${kind}.yml`,
      `${name}${kind}.yaml`,
    ]),
  ),
  'docker-bake.hcl',
  'docker-bake.json',
  'Makefile',
  'makefile',
  'justfile',
  'Taskfile.yml',
  'package.json',
  '.devcontainer/devcontainer.json',
];

/** True where a file of the build context picks the stage as a `target` of its own. */
export function isPickedTarget(name: string, facts: Facts): boolean {
  return pickedTargets(facts).has(name.toLowerCase());
}

const pickedTargets = memoise((facts: Facts): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const path of FILES) {
    const text = facts.context?.read(path)?.text;
    for (const match of text?.matchAll(/\btarget["']?\s*[:= ]\s*["']?([\w.-]+)/gi) ?? [])
      found.add((match[1] ?? '').toLowerCase());
  }
  return found;
});
