import type { BuildContext } from '../context/types.js';

/** Directories into which TypeScript and Babel projects compile their `src`. */
const COMPILED = /^((?:.*\/)?)(?:dist|build|lib|out|output)\//;

/**
 * The file of the context that a module's path means, as node and the compilers find it: with its extension left out, an
 * index file of a directory, or the TypeScript source of a compiled file. Null where the build is sent none of them.
 */
export function moduleFile(path: string, context: BuildContext): string | null {
  for (const candidate of [...spellings(path), ...sources(path)]) {
    if (context.kindOf(candidate) === 'file' && context.isSent(candidate)) return candidate;
  }
  return null;
}

function spellings(path: string): readonly string[] {
  const typed = /\.[cm]?jsx?$/.test(path) ? [path.replace(/js(x?)$/, 'ts$1')] : [];
  const bare = /\.[cm]?[jt]sx?$|\.json$/.test(path)
    ? []
    : [`${path}.js`, `${path}.ts`, `${path}.mjs`, `${path}.cjs`, `${path}/index.js`, `${path}/index.ts`];
  return [path, ...typed, ...bare];
}

function sources(path: string): readonly string[] {
  const compiled = COMPILED.exec(path);
  if (!compiled) return [];
  const [head, project = ''] = compiled;
  const rest = path.slice(head.length);
  const typed = spellings(`${project}${rest}`).filter((file) => /\.[cm]?tsx?$/.test(file));
  // `dist/apps/api/main.js` of a monorepo of Nest.
  const app = /^((?:apps|libs|packages)\/[^/]+)\/(.+)$/.exec(rest);
  const inApp = app ? spellings(`${project}${app[1]}/src/${app[2]}`) : [];
  return [...spellings(`${project}src/${rest}`), ...typed, ...inApp];
}
