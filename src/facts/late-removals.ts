import { baseName, isWithin, joinPath } from '../context/paths.js';
import type { Instruction, RunInstruction } from '../dockerfile/ast.js';
import { findFlag, type ShellWord } from '../shell/types.js';
import { copiesByInstruction } from './copies.js';
import { isKeptOutOfLayer } from './mounts.js';
import type { CommandUse, CopyFacts, Facts, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';
import { directoryOf } from './working-directory.js';

/** A file that a RUN removes though an earlier layer of the same image holds it for good. */
export interface LateRemoval {
  /** The word that names what is removed. */
  readonly word: ShellWord;
  readonly use: CommandUse;
  /** What put it there. */
  readonly by: Instruction;
  readonly kind: 'copy' | 'download' | 'clone';
}

/** Removals in the layers of the shipped image, of what a COPY, a download to a file or a clone left in an earlier one. */
export function lateRemovals(facts: Facts): readonly LateRemoval[] {
  const removers = facts.commands('rm').filter(({ stage, instruction }) => stage?.isShipped && !instruction.onbuild);
  return removers.flatMap((use) => {
    const { stage, command } = use;
    const directory = stage ? directoryOf(use, facts) : null;
    if (!stage || command.conditional) return [];
    return command.operands.flatMap((word) => {
      if (!word.literal) return [];
      const path = resolveInImage(directory, word.value);
      const found = path === null || path === '/' ? null : writerOf(path, stage, use.instruction, facts);
      return found ? [{ word, use, ...found }] : [];
    });
  });
}

interface Writer {
  readonly by: Instruction;
  readonly kind: LateRemoval['kind'];
}

/** The last instruction before the removal, in the layers of the image, that is seen to write the path or what is below it. */
function writerOf(path: string, stage: StageFacts, removal: Instruction, facts: Facts): Writer | null {
  for (let one: StageFacts | null = stage; one; one = one.parent) {
    const copies = copiesByInstruction(one);
    for (const instruction of one.stage.instructions.toReversed()) {
      if (one === stage && instruction.span.start >= removal.span.start) continue;
      const copy = copies.get(instruction);
      if (copy) {
        if (lands(copy, path)) return isSmall(copy, facts) ? null : { by: instruction, kind: 'copy' };
      } else if (instruction.keyword === 'RUN') {
        const kind = fetches(instruction, path, facts);
        if (kind) return { by: instruction, kind };
      }
    }
  }
  return null;
}

/** True where all that a COPY brings lies at the path or below it. */
function lands({ destination, intoDirectory, sources, origin, matches }: CopyFacts, path: string): boolean {
  if (destination === null) return false;
  if (isWithin(path, destination)) return true;
  if (!intoDirectory || destination === '/') return false;
  // A single file that is copied into a directory; a directory would leave its name behind.
  return sources.some(({ path: source, remote }, index) => {
    if (source === null || /[*?[]/.test(source) || joinPath(destination, baseName(source)) !== path) return false;
    if (remote || origin !== 'context') return /\.\w+$/.test(source);
    const kinds = matches[index]?.matches.map(({ kind }) => kind) ?? [];
    return kinds.length > 0 ? kinds.every((kind) => kind === 'file') : /\.\w+$/.test(source);
  });
}

/** In bytes; less than that is not worth a word. */
const SMALL = 100_000;
const SMALL_NAME =
  /(?:\.(?:sh|bash|json|ya?ml|env|conf|cfg|ini|toml|txt|md|[cm]?js|ts|py|rb|pl|asc|gpg|key|list|repo|patch|xml)|(?:^|\/)[\w-]+(?:rc|file))$/i;

/** True where all that a COPY brings are files of some lines: settings, scripts. */
function isSmall({ sources, origin, matches }: CopyFacts, { context }: Facts): boolean {
  if (origin === 'context' && matches.length > 0) {
    const entries = matches.flatMap((match) => match.matches);
    if (entries.length > 0)
      return entries.every(
        ({ path, kind }) => kind === 'file' && (context?.stat(path)?.size ?? SMALL) < SMALL && SMALL_NAME.test(path),
      );
  }
  return sources.every(({ path }) => path !== null && SMALL_NAME.test(path));
}

/** How a RUN leaves the path behind: a download to that file, or a clone into that directory. */
function fetches(run: RunInstruction, path: string, facts: Facts): 'download' | 'clone' | null {
  const uses = facts.commandsOf(run);
  // What is removed or moved in the same RUN is not left behind.
  if (uses.some(({ command }) => /^(?:rm|mv)$/.test(command.name))) return null;
  if (isKeptOutOfLayer(run, path)) return null;
  for (const use of uses) {
    const { command } = use;
    if (command.conditional) continue;
    const directory = directoryOf(use, facts);
    const at = (text: string | null | undefined): boolean =>
      text !== null && text !== undefined && !text.includes('$') && resolveInImage(directory, text) === path;
    const file =
      command.name === 'curl'
        ? findFlag(command, '-o', '--output')
        : command.name === 'wget'
          ? findFlag(command, '-O', '--output-document')
          : undefined;
    if (file?.literal && at(file.value)) return 'download';
    if (
      command.name === 'git' &&
      command.subcommand === 'clone' &&
      command.operands.length === 2 &&
      at(command.operands[1]?.value)
    )
      return 'clone';
  }
  return null;
}
