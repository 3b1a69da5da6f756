import { baseName, joinPath, parentOf } from '../context/paths.js';
import { traceToContext } from './copies.js';
import { configOfApp, fileOfApp, findStandalone, isBuiltIn, type Standalone, scriptsOfApp } from './next-standalone.js';
import { lineage } from './node.js';
import { certainContext } from './sent-files.js';
import type { CopyFacts, Facts } from './types.js';
import { resolveInImage } from './variables.js';

export interface MissingAssets {
  readonly standalone: Standalone;
  /** `.next/static` is left behind. */
  readonly isStaticMissing: boolean;
  /** It is seen that nothing else brings them. */
  readonly isCertain: boolean;
  /** A file of `public` that is left behind, relative to the context; null: none, or not known. */
  readonly publicFile: string | null;
}

/** What the standalone server of Next.js serves and does not have: it is to be copied beside it. */
export function missingAssets(facts: Facts): MissingAssets | null {
  const standalone = findStandalone(facts);
  const { target } = facts;
  if (!standalone || !target || target.isDevelopment) return null;
  const copies = lineage(target).flatMap((stage) => stage.copies);
  // Another image may hold them, and a variable may name them.
  if (copies.some((copy) => copy.origin === 'image' || copy.sources.some(({ path }) => path === null))) return null;
  const config = configOfApp(standalone, facts);
  const scripts = scriptsOfApp(standalone, facts);
  if (/assetPrefix|distDir|cdn/i.test(config?.text ?? '') || scripts?.some((text) => /standalone|static/.test(text)))
    return null;
  const text = instructionsText(facts);
  const isStaticMissing =
    !/\bstatic\b/i.test(text) &&
    !copies.some((copy) => brings(copy, joinPath(standalone.app, '.next/static'))) &&
    !carriesByCommand(facts);
  const publicFile =
    config &&
    scripts &&
    !/\bpublic\b/.test(text) &&
    !/\bpublic\b|outputFileTracingIncludes/.test(config.text) &&
    !carriesByCommand(facts)
      ? publicFileOf(standalone, copies, facts)
      : null;
  if (!isStaticMissing && publicFile === null) return null;
  const isCertain =
    config !== null &&
    scripts?.every(isPlain) === true &&
    isBuiltIn(standalone.from, facts) &&
    hasPage(standalone, facts);
  return { standalone, isStaticMissing, isCertain, publicFile };
}

/** A build script that runs a program of the project may copy what it likes. */
function isPlain(script: string): boolean {
  return (
    !/\bbuild\b/.test(script) || !/\b(?:node|bash|sh|tsx|ts-node|make|zx|gulp)\b|\.[cm]?[jt]s\b|\.sh\b/.test(script)
  );
}

/** All that the file says but comments and the words that are about the standalone server itself. */
function instructionsText({ document }: Facts): string {
  return document.instructions
    .map(({ span }) => document.source.text.slice(span.start, span.end).replace(/^\s*#.*$/gm, ''))
    .join('\n');
}

/** `cp -r .next/standalone /srv`, whatever it takes along. */
function carriesByCommand(facts: Facts): boolean {
  return facts
    .commands('cp', 'mv', 'rsync', 'tar', 'ln', 'install')
    .some(({ command }) =>
      command.words.some(({ value, literal }) => !literal || value.includes('.next') || /^\.\/?$/.test(value)),
    );
}

/** Whether a COPY takes a path of the stage that it copies from, alone or with what is around it. */
function brings({ fromStage, origin, sources, broad }: CopyFacts, path: string): boolean {
  if (origin === 'context') return broad || sources.some((one) => /(?:^|\/)\.next\/?$/.test(one.path ?? ''));
  return sources.some((one) => {
    const source = fromStage || origin === 'image' ? resolveInImage('/', one.path ?? '') : null;
    if (source === null || /[*?[]/.test(source)) return true;
    return source === '/' || path === source || path.startsWith(`${source.replace(/\/$/, '')}/`);
  });
}

/** An app of API routes alone has no assets. */
function hasPage(standalone: Standalone, facts: Facts): boolean {
  const context = certainContext(facts);
  const manifest = fileOfApp(standalone, 'package.json', facts);
  if (!context || manifest === null) return false;
  const directory = parentOf(manifest);
  const roots = ['app', 'src/app', 'pages', 'src/pages'].map((name) => joinPath(directory, name));
  return roots.some((root) => {
    if (context.kindOf(root) !== 'directory') return false;
    for (const { path } of context.walk(root, 2000)) {
      const rest = path.slice(root.length + 1);
      const isPage = root.endsWith('app')
        ? /(?:^|\/)page\.[jt]sx?$/.test(rest)
        : /\.[jt]sx$/.test(rest) && !rest.startsWith('api/');
      if (isPage) return true;
    }
    return false;
  });
}

/** The first file of `public` that a browser may ask for, where no COPY brings the directory. */
function publicFileOf(standalone: Standalone, copies: readonly CopyFacts[], facts: Facts): string | null {
  const context = certainContext(facts);
  const inStage = joinPath(standalone.app, 'public');
  const path = context && traceToContext(standalone.from, inStage, context);
  if (!path || context.kindOf(path) !== 'directory' || copies.some((copy) => brings(copy, inStage))) return null;
  for (const file of context.walk(path, 50)) if (!baseName(file.path).startsWith('.')) return file.path;
  return null;
}
