import { blank } from './module-text.js';

/** Packages and modules whose part in a configuration is known, and is not its output. */
const KNOWN =
  /^(?:next|next\/[\w/-]+|node:\w+|path|fs|url|os|webpack|@next\/(?:mdx|bundle-analyzer|env)|next-intl\/plugin|@sentry\/nextjs|@?[\w-]*\/?next-pwa|@serwist\/next|@vanilla-extract\/next-plugin|copy-webpack-plugin|(?:\.{1,2}\/)+package\.json)$/;

/**
 * True where a configuration of Next.js is seen not to ask for the standalone output: it does not speak of it, all that it
 * takes from elsewhere is known, and no part of it is made by the environment.
 */
export function neverStandalone(text: string): boolean {
  if (/standalone/i.test(text)) return false;
  const { code, bare } = blank(text);
  const modules = [...code.matchAll(/(?:\bfrom\s*|\brequire\s*\(\s*|\bimport\s*\(\s*)(['"])([^'"]+)\1/g)].map(
    ([, , name = '']) => name,
  );
  // `await import('./src/env.js')` checks the environment and gives nothing.
  const given = modules.filter(
    (name) =>
      !new RegExp(`^\\s*(?:await\\s+)?import\\s*\\(\\s*['"]${quoted(name)}['"]\\s*\\)\\s*;?\\s*$`, 'm').test(code),
  );
  if (!given.every((name) => KNOWN.test(name))) return false;
  if (/\.\.\.(?!(?:config|nextConfig|options|defaultConfig)\b)|Object\.assign|\bmerge\w*\(/.test(bare)) return false;
  const output = /\boutput\s*(?::|,|\})/.exec(bare);
  if (!output) return /\bexport\s+default\b|\bmodule\.exports\b/.test(bare);
  return /^output\s*:\s*['"]export['"]/.test(code.slice(output.index));
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
