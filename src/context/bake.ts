import { joinPath } from './paths.js';
import type { Fs } from './types.js';

const NAMES = ['docker-bake.hcl', 'docker-bake.json', 'docker-bake.override.hcl', 'docker-bake.override.json'];
const LARGEST_BAKE_FILE = 1_000_000;

/**
 * Everything that is given a value in the bake files of the directories, arguments among them. Which target a value is
 * for is not looked at: that needs the whole language, and who asks only wants to know what nobody gives.
 * {@link https://docs.docker.com/build/bake/reference/}
 */
export function findBakedNames(fs: Fs, directories: readonly string[]): readonly string[] {
  return directories.flatMap((directory) =>
    NAMES.flatMap((name) => {
      const read = fs.readFile(joinPath(directory, name), LARGEST_BAKE_FILE);
      if (!read.ok) return [];
      const text = new TextDecoder().decode(read.value);
      return [...text.matchAll(/\b([A-Za-z_]\w*)"?[ \t]*[=:]/g)].map((match) => match[1] ?? '');
    }),
  );
}
