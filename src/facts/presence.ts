import { baseName, clampToRoot, isWithin, joinPath, relativePath } from '../context/paths.js';
import type { Instruction, RunInstruction } from '../dockerfile/ast.js';
import { broughtBy, copiesByInstruction, isPartial } from './copies.js';
import { memoise } from './lazy.js';
import { countBefore } from './node.js';
import { mayCreate, mayRemove } from './run-effects.js';
import { certainContext } from './sent-files.js';
import type { CommandUse, CopyFacts, Facts, ImageFacts, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';

/**
 * Whether a file is in the image at some place of the build. `present`: a COPY or a bind mount is seen to bring it, `origin`
 * is its path in the build context where it comes from there. `absent`: nothing brings it, nothing before that place could
 * make it, and the base image is known not to have it. Else `unknown`.
 */
export type Presence =
  | { readonly status: 'present'; readonly copy: CopyFacts | null; readonly origin: string | null }
  | { readonly status: 'absent' }
  | { readonly status: 'unknown' };

const ABSENT: Presence = { status: 'absent' };
const UNKNOWN: Presence = { status: 'unknown' };

/** What ADD unpacks. */
const ARCHIVE = /\.(?:tar|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst)$/;

/** Guards against stages that copy from one another in very many ways. */
const MOST_STEPS = 200;

/** Whether a file is there when a command of a RUN begins: mounts and earlier commands of the same RUN considered. */
export function presenceFor(use: CommandUse, imagePath: string, facts: Facts): Presence {
  const { stage, instruction } = use;
  if (!stage || instruction.keyword !== 'RUN') return UNKNOWN;
  const bound = boundBy(instruction, imagePath, facts);
  if (bound) return bound;
  const earlier = facts
    .commandsOf(instruction)
    .filter(({ command }) => command.span.start < use.command.span.start && command !== use.command);
  const found = presenceBefore(instruction, stage, imagePath, facts);
  if (found.status === 'absent' && earlier.length > 0 && mayCreate(earlier, imagePath, facts)) return UNKNOWN;
  if (found.status === 'present' && mayRemove(earlier, imagePath)) return UNKNOWN;
  return found;
}

/** Whether a file is there just before an instruction of a stage. */
export function presenceBefore(instruction: Instruction, stage: StageFacts, imagePath: string, facts: Facts): Presence {
  return look(stage, instruction.span.start, imagePath, facts, { steps: MOST_STEPS });
}

/** Whether a file is there when a stage is done. */
export function presenceAtEnd(stage: StageFacts, imagePath: string, facts: Facts): Presence {
  return look(stage, Number.POSITIVE_INFINITY, imagePath, facts, { steps: MOST_STEPS });
}

/** COPY, ADD and RUN of a stage, in order. */
const stepsOf = memoise((stage: StageFacts) => {
  const copies = copiesByInstruction(stage);
  return stage.stage.instructions.flatMap((instruction) => {
    const copy = copies.get(instruction) ?? null;
    return copy || instruction.keyword === 'RUN' ? [{ instruction, copy }] : [];
  });
});

function look(start: StageFacts, end: number, imagePath: string, facts: Facts, budget: { steps: number }): Presence {
  let before = end;
  let unsure = false;
  let removed = false;
  let root = start;
  for (let stage: StageFacts | null = start; stage; stage = stage.parent, before = Number.POSITIVE_INFINITY) {
    root = stage;
    const steps = stepsOf(stage);
    for (let at = countBefore(steps, before) - 1; at >= 0; at--) {
      const step = steps[at];
      if (!step) continue;
      if (budget.steps-- <= 0) return UNKNOWN;
      if (step.copy) {
        const brought = bring(step.copy, imagePath, facts, budget);
        if (brought.status === 'present') return removed ? UNKNOWN : brought;
        if (brought.status === 'unknown') unsure = true;
      } else {
        const uses = facts.commandsOf(step.instruction);
        if (!unsure && mayCreate(uses, imagePath, facts)) unsure = true;
        if (!removed && mayRemove(uses, imagePath)) removed = true;
      }
    }
  }
  return unsure || !isFreeOf(root.image, imagePath) ? UNKNOWN : ABSENT;
}

/** What one COPY or ADD says of a file: that it brings it, that it does not (`absent`), or neither. */
function bring(copy: CopyFacts, imagePath: string, facts: Facts, budget: { steps: number }): Presence {
  const { destination, origin, fromStage } = copy;
  if (destination === null) return UNKNOWN;
  if (!isWithin(destination, imagePath)) return ABSENT;
  if (copy.instruction.heredocs.length > 0) return UNKNOWN;
  if (origin === 'stage' && fromStage) return bringFromStage(copy, destination, imagePath, fromStage, facts, budget);
  const context = certainContext(facts);
  if (origin !== 'context' || !context) return UNKNOWN;
  const found = broughtBy(copy, imagePath, context);
  if (found !== null) return { status: 'present', copy, origin: found };
  const isVague =
    copy.sources.some(({ path, remote }) => path === null || remote) ||
    // What a plain source that is missing would bring is not known: the build stops there, or something makes it before.
    copy.matches.some(
      ({ status, glob }) => status === 'unknown' || status === 'outside' || (status === 'missing' && !glob),
    ) ||
    // ADD unpacks archives, and what is in them is not known.
    (copy.instruction.keyword === 'ADD' && copy.sources.some(({ path }) => path !== null && ARCHIVE.test(path)));
  return isVague ? UNKNOWN : ABSENT;
}

function bringFromStage(
  copy: CopyFacts,
  destination: string,
  imagePath: string,
  from: StageFacts,
  facts: Facts,
  budget: { steps: number },
): Presence {
  if (isPartial(copy)) return UNKNOWN;
  let unsure = false;
  for (const { path } of copy.sources) {
    const source = path === null || /[*?[]/.test(path) ? null : resolveInImage('/', path);
    if (source === null) return UNKNOWN;
    // What another stage has under a name may be a file or a directory: both are tried.
    const candidates = new Set<string>();
    const rest = relativePath(destination, imagePath);
    if (rest !== '.') candidates.add(joinPath(source, rest));
    if (imagePath === destination || imagePath === joinPath(destination, baseName(source))) candidates.add(source);
    for (const candidate of candidates) {
      const there = look(from, Number.POSITIVE_INFINITY, candidate, facts, budget);
      if (there.status === 'present') return { ...there, copy };
      if (there.status === 'unknown') unsure = true;
    }
  }
  return unsure ? UNKNOWN : ABSENT;
}

/** What a `--mount=type=bind` of a RUN says of a file; null where no mount lies over it. */
function boundBy(run: RunInstruction, imagePath: string, facts: Facts): Presence | null {
  const { workdir } = facts.stateAt(run);
  const directory = workdir ? workdir.value : (facts.stageOf(run)?.image.workdir ?? null);
  let found: Presence | null = null;
  for (const { type, options } of run.mounts) {
    if (type === 'secret' || type === 'ssh') {
      const target = options.get('target');
      if (target !== undefined && (target.includes('$') || resolveInImage(directory, target) === imagePath))
        found = { status: 'present', copy: null, origin: null };
      continue;
    }
    const target = resolveInImage(directory, options.get('target') ?? '');
    if (target === null || target.includes('$')) return UNKNOWN;
    if (!isWithin(target, imagePath)) continue;
    const context = certainContext(facts);
    if (type !== 'bind' || options.has('from') || !context) return UNKNOWN;
    const source = options.get('source') ?? '.';
    if (source.includes('$')) return UNKNOWN;
    const origin = clampToRoot(joinPath(clampToRoot(source), relativePath(target, imagePath)));
    found = context.isSent(origin) ? { status: 'present', copy: null, origin } : UNKNOWN;
  }
  return found;
}

/** Directories that base images put files into, and scripts that some have at their root. */
const OF_IMAGES = /^\/(?:usr|bin|sbin|lib|lib32|lib64|etc|opt|var|root|run|dev|proc|sys|tmp|mnt|srv|docker-entrypoint)/;

/** The same of images that hold a language and its tools alone: `/usr/src/app` is as empty there as `/app`. */
const OF_LANGUAGES =
  /^\/(?:bin|boot|dev|etc|lib\w*|proc|run|sbin|sys|usr\/(?:bin|games|include|lib\w*|local|sbin|share)|var\/(?:cache|lib|log|run|spool)|opt\/yarn[^/]*|root\/\.[^/]*|docker-entrypoint[^/]*)(?:\/|$)/;

const DISTRIBUTIONS = /^docker\.io\/library\/(?:debian|ubuntu|alpine)$/;

/** True where the base image is known to have no such file. */
function isFreeOf(image: ImageFacts, path: string): boolean {
  if (image.scratch) return true;
  if (!image.known) return false;
  const isPlain = image.family !== null || DISTRIBUTIONS.test(image.name ?? '');
  return !(isPlain ? OF_LANGUAGES : OF_IMAGES).test(path);
}
