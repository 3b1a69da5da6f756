import { baseName, isWithin, joinPath } from '../context/paths.js';
import type { Instruction } from '../dockerfile/ast.js';
import { findFlag, type ShellWord } from '../shell/types.js';
import { memoise, remember } from './lazy.js';
import { isKeptOutOfLayer } from './mounts.js';
import { copiesBefore, lineage } from './node.js';
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
    const words = command.operands.filter(({ literal }) => literal);
    if (!stage || command.conditional || words.length === 0) return [];
    const directory = words.every(({ value }) => value.startsWith('/')) ? null : directoryOf(use, facts);
    const copies = copiesBefore(stage, use.instruction);
    const fetches = lineage(stage)
      .map(fetchesOf(facts))
      .filter(({ size }) => size > 0);
    if (copies.length + fetches.length === 0) return [];
    return words.flatMap((word) => {
      const path = resolveInImage(directory, word.value);
      const found = path === null || path === '/' ? null : writerOf(path, use.instruction, copies, fetches, facts);
      return found ? [{ word, use, ...found }] : [];
    });
  });
}

interface Writer {
  readonly by: Instruction;
  readonly kind: LateRemoval['kind'];
}

/** The last instruction before the removal, in the layers of the image, that is seen to write the path or what is below it. */
function writerOf(
  path: string,
  removal: Instruction,
  copies: readonly CopyFacts[],
  fetches: readonly ReadonlyMap<string, readonly Writer[]>[],
  facts: Facts,
): Writer | null {
  const copy = copies.find((one) => lands(one, path));
  const fetch = fetches.flatMap((one) => one.get(path) ?? []).findLast(({ by }) => by.span.start < removal.span.start);
  if (fetch && (!copy || fetch.by.span.start > copy.instruction.span.start)) return fetch;
  return copy && !isSmall(copy, facts) ? { by: copy.instruction, kind: 'copy' } : null;
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

/** What the RUNs of a stage leave behind of downloads to a file, and of clones into a directory, by its path, in order. */
const fetchesOf = memoise((facts: Facts) =>
  remember((stage: StageFacts): ReadonlyMap<string, readonly Writer[]> => {
    const found = new Map<string, Writer[]>();
    for (const run of stage.stage.instructions) {
      if (run.keyword !== 'RUN' || !/\b(?:curl|wget|git)\b/.test(run.argumentsText)) continue;
      const uses = facts.commandsOf(run);
      // What is removed or moved in the same RUN is not left behind.
      if (uses.some(({ command }) => /^(?:rm|mv)$/.test(command.name))) continue;
      for (const use of uses) {
        const fetch = use.command.conditional ? null : fetchOf(use);
        if (!fetch || fetch.target.includes('$')) continue;
        const path = resolveInImage(directoryOf(use, facts), fetch.target);
        if (path === null || isKeptOutOfLayer(run, path)) continue;
        const writer: Writer = { by: run, kind: fetch.kind };
        const writers = found.get(path);
        if (writers) writers.push(writer);
        else found.set(path, [writer]);
      }
    }
    return found;
  }),
);

function fetchOf({ command }: CommandUse): { readonly target: string; readonly kind: Writer['kind'] } | null {
  if (command.name === 'git') {
    const [, target, more] = command.operands;
    return command.subcommand === 'clone' && target && !more ? { target: target.value, kind: 'clone' } : null;
  }
  const file =
    command.name === 'curl'
      ? findFlag(command, '-o', '--output')
      : command.name === 'wget'
        ? findFlag(command, '-O', '--output-document')
        : undefined;
  return file?.literal && file.value !== null ? { target: file.value, kind: 'download' } : null;
}
