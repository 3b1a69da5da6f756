import type { Document } from '../dockerfile/ast.js';
import { memoise } from './lazy.js';
import { nodeMajor } from './node-version.js';
import type { CommandUse, Facts } from './types.js';

/**
 * The oldest major version of npm that may run a command: the one that the official image of that Node.js came with
 * first. Null where the image is another one, or the file installs an npm of its own.
 */
export function leastNpmMajor({ stage }: CommandUse, { document }: Facts): number | null {
  const node = stage ? nodeMajor(stage.image) : null;
  if (node === null || hasOther(document)) return null;
  if (node >= 24) return 11;
  if (node >= 22) return 10;
  if (node >= 20) return 9;
  if (node >= 17) return 8;
  return node >= 15 ? 7 : 6;
}

const hasOther = memoise(({ source }: Document): boolean => OTHER.test(source.text));

/** An npm that is installed over the image's own, or comes with another Node.js. */
const OTHER = /\bnpm@|\b(?:nvm|fnm|volta|nodenv|asdf)\b|\bn\s+\d|nodesource|^\s*COPY\s[^\n]*\/usr\/local/im;
