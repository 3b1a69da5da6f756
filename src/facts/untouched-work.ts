import type { Instruction, Word } from '../dockerfile/ast.js';
import { type Layer, layersOf } from './layers.js';
import { isMentioned } from './mentions.js';
import { replay } from './replay.js';
import { isSelfContained } from './system-install.js';
import type { Facts, StageFacts } from './types.js';
import { PLATFORM_ARGS } from './variables.js';

/** An ARG of a stage that is part of the keys of costly steps which do not use it. */
export interface WideArgument {
  readonly name: string;
  readonly arg: Instruction;
  /** The name in the ARG. */
  readonly at: { readonly start: number; readonly end: number };
  /** Its default as written; null: none. */
  readonly value: string | null;
  /** Installs that run again with each new value, in order. */
  readonly layers: readonly Layer[];
}

/** Variables that tools read without being told to: an install may well obey them. */
const IMPLICIT =
  /^(?:DEBIAN_FRONTEND|TZ|LANG|LANGUAGE|LC_\w+|PATH|HOME|SHELL|CI|DEBUG|VERBOSE|USER|TERM|.*_proxy|.*_PROXY|(?:npm|NPM|YARN|PNPM|BUN|NODE|COREPACK|PIP|PYTHON|UV|POETRY|PIPENV|GO|CGO|CARGO|RUST|JAVA|MAVEN|MVN|GRADLE|BUNDLE|BUNDLER|GEM|RAILS|RACK|MIX|HEX|ELIXIR|DOTNET|NUGET|COMPOSER|PHP|APT|APK|CC|CXX|MAKE|SSL|CURL|HTTP|HTTPS|PRISMA|PLAYWRIGHT|PUPPETEER|ELECTRON|CYPRESS|SHARP|SENTRYCLI)(?:_\w+)?|(?:C|CXX|CPP|LD|MAKE)FLAGS|GO\w+)$/;

/** For each the whole build is gone through. */
const MOST_ARGS = 50;

/** ARGs of the stages that the target needs, with the installs below them that do not name them; those without any left out. */
export function wideArguments(
  facts: Facts,
  accepts: (arg: Pick<WideArgument, 'name' | 'value'>) => boolean,
): readonly WideArgument[] {
  const found: WideArgument[] = [];
  let judged = 0;
  for (const stage of facts.stages) {
    if (stage.role === 'unreachable' || stage.isDevelopment) continue;
    let installs: readonly Layer[] | null = null;
    for (const arg of stage.stage.instructions) {
      if (arg.keyword !== 'ARG') continue;
      for (const { key, value } of arg.pairs) {
        const name = key.text;
        if (PLATFORM_ARGS.has(name) || IMPLICIT.test(name) || facts.options.buildArgs.has(name)) continue;
        if (!accepts({ name, value: value?.text ?? null })) continue;
        // Most names are turned down, and then nobody has to know what the RUNs do.
        installs ??= layersOf(facts).inStage(stage).filter(isInstall);
        if (judged++ >= MOST_ARGS) return found;
        const layers = untouched(name, arg, installs, stage, facts);
        if (layers.length > 0) found.push({ name, arg, at: key.span, value: value?.text ?? null, layers });
      }
    }
  }
  return found;
}

/** An ADD of something that changes without the Dockerfile, above installs that need nothing of it. */
export interface VolatileAdd {
  readonly word: Word;
  readonly path: string;
  readonly layers: readonly Layer[];
}

/** Addresses of what is another thing tomorrow. What is asked only to break the cache (an API for the newest commit) is meant so. */
const MOVING = /\/(?:latest|main|master|head|nightly|snapshots?|edge|trunk|develop)(?:[/.?]|$)/i;
const FIXED_REF = /#(?:[0-9a-f]{7,40}|[\w./-]*\d+\.\d+[\w.-]*)(?::|$)|[?&](?:checksum|commit)=/;
const ASKED_ON_PURPOSE = /^https?:\/\/(?:api\.|[^/]*\/api\/)/;

/** ADDs of moving addresses in the stages that the target needs, with the installs below them. */
export function volatileAdds(facts: Facts): readonly VolatileAdd[] {
  return facts.instructions('ADD').flatMap((add) => {
    if (!/[:@$]/.test(add.argumentsText)) return [];
    const stage = facts.stageOf(add);
    const layer = layersOf(facts).of(add);
    if (!stage || !layer || stage.role === 'unreachable' || stage.isDevelopment) return [];
    const source = layer.copy?.sources.find(({ path, remote }) => remote && path !== null && isMoving(path));
    if (!source || source.path === null || add.flags.some(({ name }) => name === 'checksum')) return [];
    const layers = layersOf(facts)
      .inStage(stage)
      .filter((one) => one.index > layer.index && isInstall(one) && isSelfContained(facts.commandsOf(one.instruction)));
    return layers.length > 0 ? [{ word: source.word, path: source.path, layers }] : [];
  });
}

function isMoving(address: string): boolean {
  if (ASKED_ON_PURPOSE.test(address)) return false;
  const isGit = /^(?:git|ssh):|^git@|\.git(?:#|\?|$)/.test(address);
  return isGit ? !FIXED_REF.test(address) : MOVING.test(address);
}

/** Work that obeys no variable of the project's own: a compile, or a script, may read any. */
function isInstall({ work }: Layer): boolean {
  return (
    work.length > 0 && work.every(({ kind }) => kind === 'dependencies' || kind === 'packages' || kind === 'tools')
  );
}

function untouched(
  name: string,
  arg: Instruction,
  installs: readonly Layer[],
  stage: StageFacts,
  facts: Facts,
): readonly Layer[] {
  const below = installs.filter(({ instruction }) => instruction.span.start > arg.span.end);
  const [first] = below;
  // Where a step before them names it, they stand on that step whatever is moved.
  if (!first || isMentioned(name, arg.span.end, first.instruction.span.end, facts)) return [];
  const layers = below.filter((layer) => !isMentioned(name, arg.span.end, layer.instruction.span.end, facts));
  if (layers.length === 0) return layers;
  const reruns = replay([{ kind: 'argument', name }], facts);
  const cause = reruns.get(first)?.cause;
  // It may come into this stage from a FROM or from the stage below as well.
  if (cause?.kind !== 'variable' || cause.name !== name || stage.parent?.final.args.get(name)) return [];
  return layers;
}
