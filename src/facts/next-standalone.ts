import { joinPath, parentOf } from '../context/paths.js';
import type { NodeProject } from '../context/types.js';
import type { Word } from '../dockerfile/ast.js';
import type { SourceFile } from '../model/source.js';
import { traceToContext } from './copies.js';
import { lineage } from './node.js';
import { certainContext } from './sent-files.js';
import type { CommandUse, CopyFacts, Facts, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';

/** The COPY that brings the standalone server of Next.js from the stage that builds it. */
export interface Standalone {
  readonly copy: CopyFacts;
  readonly word: Word;
  readonly from: StageFacts;
  /** The app in the stage that builds it: `/app/apps/web`. */
  readonly app: string;
}

const STANDALONE = /^(.*?)\/\.next\/standalone(?:\/\.?)?$/;

/** {@link https://nextjs.org/docs/app/api-reference/config/next-config-js/output} */
export function findStandalone({ target, document }: Facts): Standalone | null {
  if (!target || !document.source.text.includes('standalone')) return null;
  for (const stage of lineage(target)) {
    for (const copy of stage.copies) {
      if (!copy.fromStage) continue;
      for (const { word, path } of copy.sources) {
        const absolute = path === null ? null : resolveInImage('/', path);
        const app = absolute === null ? undefined : STANDALONE.exec(absolute)?.[1];
        if (app !== undefined) return { copy, word, from: copy.fromStage, app: app === '' ? '/' : app };
      }
    }
  }
  return null;
}

/** A command that builds an app for browsers, as `next build` or a script named for it does. */
export function buildsApp(words: readonly string[]): boolean {
  return words.some((word) => /(?:^|[:_-])(?:build|generate|export)(?:$|[:_-])/.test(word));
}

/** Commands of every RUN that build an app. */
export function appBuilds(facts: Facts): readonly CommandUse[] {
  return facts
    .commands(...RUNNERS)
    .filter(
      ({ command }) =>
        buildsApp(command.words.map(({ value }) => value)) && command.nesting.every((one) => one !== 'substitution'),
    );
}

/** True where a RUN of the stage, or of one that it is built on, builds the app. */
export function isBuiltIn(stage: StageFacts, facts: Facts): boolean {
  const stages = lineage(stage);
  return appBuilds(facts).some((use) => use.stage !== null && stages.includes(use.stage));
}

const RUNNERS =
  'npm yarn pnpm bun npx bunx next vite react-scripts react-app-rewired craco vue-cli-service gatsby astro turbo nx lerna'.split(
    ' ',
  );

/** A file beside the app, from where it comes in the build context; null where it does not, or that is not certain. */
export function fileOfApp({ from, app }: Standalone, name: string, facts: Facts): string | null {
  const context = certainContext(facts);
  const path = context && traceToContext(from, joinPath(app, name), context);
  return path && context.isSent(path) ? path : null;
}

const CONFIGS = ['js', 'mjs', 'cjs', 'ts', 'mts'].map((end) => `next.config.${end}`);

/** The configuration of the app; null where there is none, or more than one, or it cannot be read. */
export function configOfApp(standalone: Standalone, facts: Facts): SourceFile | null {
  const found = CONFIGS.flatMap((name) => fileOfApp(standalone, name, facts) ?? []);
  const [path, more] = found;
  const source = path === undefined || more !== undefined ? null : (facts.context?.read(path) ?? null);
  return source === null || source.text.trim() === '' ? null : source;
}

/** Texts of scripts in package.json of the app and of the project that it belongs to; null where there is none to read. */
export function scriptsOfApp(standalone: Standalone, facts: Facts): readonly string[] | null {
  const path = fileOfApp(standalone, 'package.json', facts);
  if (path === null) return null;
  const projects = [parentOf(path), '.'].flatMap((directory) => facts.context?.node(directory) ?? []);
  return projects.flatMap(({ manifest }) => [...manifest.scripts.values()].map(({ value }) => value));
}

/** Before 13.4.13 the standalone server listened on all addresses whatever HOSTNAME was: vercel/next.js#54133. */
export function listensEverywhere(project: NodeProject | null): boolean {
  const [, major, minor, patch] =
    /(\d+)\.(\d+)\.(\d+)/.exec(project?.manifest.dependencies.get('next')?.value ?? '') ?? [];
  if (major === undefined) return false;
  const version = Number(major) * 1_000_000 + Number(minor) * 1000 + Number(patch);
  return version < 13_004_013;
}
