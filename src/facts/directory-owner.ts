import { isWithin } from '../context/paths.js';
import type { Instruction } from '../dockerfile/ast.js';
import { copyFactsOf, isNamedInRun } from './made-directories.js';
import { lineage } from './node.js';
import { privilegeAt } from './privileges.js';
import type { Facts, StageFacts } from './types.js';

/** Images of which it is known that no directory of an app is there before the Dockerfile makes it. */
const PLAIN = new Set(['docker.io/library/node', 'docker.io/oven/bun']);

/** There from the start, or made by the image for its own user. */
const GIVEN =
  /^\/(?:home|usr|tmp|opt|var|root|srv|mnt|media|dev|proc|sys|run)?$|^\/home\/[^/]+$|^\/home\/bun\/app$|^\/(?:usr|var)\/(?:local|tmp|src|lib|www|cache|log)$/;

/** Anything of this in a RUN may give the directory to somebody else. */
const GIVES_AWAY =
  /\bch(?:own|mod|grp)\b|\bsetfacl\b|\binstall\s+-|\bumask\b|\busermod\b|\bsudo\b|\btar\b|\bmv\b|\bcp\b|\brsync\b|\bgit clone\b|\.sh\b/;

/** A directory that root made, so that no other user can make anything in it. */
export interface RootsDirectory {
  /** The WORKDIR that made it. */
  readonly maker: Instruction;
  /** A `COPY --chown` of a directory over it leaves it to root in BuildKit, but perhaps not in every other builder. */
  readonly copiedOver: boolean;
}

/**
 * How a directory came to be that is still root's at a place of the file. Null where that is not certain: the directory
 * may be there in the image, or a RUN may give it away.
 */
export function workdirOfRoot(
  directory: string,
  stage: StageFacts,
  before: Instruction,
  facts: Facts,
): RootsDirectory | null {
  if (!isPlain(stage) || GIVEN.test(directory)) return null;
  const place = before.span.start;
  const earlier = lineage(stage)
    .toReversed()
    .flatMap((one) => one.stage.instructions.filter(({ span }) => span.start < place));
  if (isNamedInRun(directory, stage, place, facts)) return null;
  let maker: Instruction | null = null;
  let copiedOver = false;
  for (const instruction of earlier) {
    if (instruction.keyword === 'ADD' || instruction.keyword === 'VOLUME') return null;
    if (instruction.keyword === 'RUN') {
      if (GIVES_AWAY.test(instruction.argumentsText)) return null;
    } else if (instruction.keyword === 'WORKDIR' && !maker) {
      const path = workdirAfter(instruction, facts);
      if (path === null) return null;
      const isRoot = privilegeAt(instruction, facts) === 'root' && !mayDiffer(instruction);
      // One over it may be somebody else's; one below it makes it too.
      if (!isRoot && isWithin(path, directory)) return null;
      if (isWithin(directory, path)) {
        if (!isRoot) return null;
        maker = instruction;
      }
    } else if (instruction.keyword === 'COPY') {
      const copy = copyFactsOf(instruction, facts);
      if (!copy || copy.destination === null) return null;
      const isOver = isWithin(copy.destination, directory);
      // It may make the directory, or bring it along with an owner of its own.
      if (!maker && (isOver || isWithin(directory, copy.destination))) return null;
      if (isOver && (copy.origin !== 'context' || copy.destination !== directory)) return null;
      if (instruction.flags.some(({ name }) => name === 'chmod' || name === 'parents')) return null;
      const brings = copy.sources.some(({ path }) => path === null || !/\w\.[a-z]+$|(?:^|\/)\.\w+$/.test(path));
      if (brings && instruction.flags.some(({ name }) => name === 'chown')) copiedOver = true;
    }
  }
  return maker && { maker, copiedOver };
}

/** By its name as written: what a build argument names may be any image, and ONBUILD may make any directory. */
function isPlain({ image }: StageFacts): boolean {
  if (!PLAIN.has(image.name ?? '') || /onbuild/.test(image.tag ?? '')) return false;
  return /^(?:docker\.io\/)?(?:library\/)?(?:node|oven\/bun)(?::|$)/.test(image.word?.text ?? '');
}

/** Where a variable stands, a build argument may name another directory. */
function mayDiffer({ argumentsText }: Instruction): boolean {
  return argumentsText.includes('$');
}

function workdirAfter(instruction: Instruction, facts: Facts): string | null {
  const stage = facts.stageOf(instruction);
  if (!stage) return null;
  const all = stage.stage.instructions;
  const next = all[all.indexOf(instruction) + 1];
  return (next ? facts.stateAt(next) : stage.final).workdir?.value ?? null;
}
