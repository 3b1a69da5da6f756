import type { BuildContext, ContextEntry, CopySourceMatch } from '../../context/types.js';
import type { Instruction, RunInstruction } from '../../dockerfile/ast.js';
import { exclusionOf } from '../../facts/sent-files.js';
import type { CopyFacts, Facts, StageFacts } from '../../facts/types.js';
import { locate } from '../../model/source.js';

/** What one COPY, ADD or bind mount takes from the build context. */
export interface Bringing {
  readonly instruction: 'COPY' | 'ADD' | 'RUN';
  /** From 1. */
  readonly line: number;
  /** Name or number of the stage. */
  readonly stage: string;
  /** False in a stage that the target does not need. */
  readonly built: boolean;
  readonly sources: readonly BroughtSource[];
  readonly destination: string | null;
}

export interface BroughtSource extends Pick<CopySourceMatch, 'status' | 'didYouMean' | 'ignored'> {
  /** After expansion; as written where a variable has no known value. */
  readonly source: string;
  /** Files that it brings, `--exclude` considered. */
  readonly brought: readonly string[];
  /** Files that BuildKit is sent for it: `--exclude` is only obeyed where it copies. */
  readonly transferred: readonly string[];
}

/** A source with a variable that nobody gives a value. */
const UNKNOWN = { status: 'unknown', didYouMean: null, ignored: null, brought: [], transferred: [] } as const;

/** In order of the file. `files`: all that is not ignored, directory by directory. */
export function bringingsOf(facts: Facts, context: BuildContext, files: readonly string[]): readonly Bringing[] {
  const expand = expander(files);
  const lineOf = (one: Instruction) => locate(facts.document.source, one.span.start).line;
  const found = facts.stages.flatMap((stage) => {
    const about = { stage: stage.name ?? String(stage.index), built: stage.role !== 'unreachable' };
    const copies = stage.copies
      .filter((copy) => copy.origin === 'context' && copy.sources.some((source) => !source.remote))
      .map((copy) => ({
        ...about,
        instruction: copy.instruction.keyword,
        line: lineOf(copy.instruction),
        destination: copy.destination,
        sources: copySources(facts, context, copy, expand),
      }));
    return [...copies, ...mountsOf(stage).map((mount) => ({ ...about, ...mount }))];
  });
  return found.sort((a, b) => a.line - b.line);

  function mountsOf(stage: StageFacts) {
    const runs = stage.stage.instructions.filter((one): one is RunInstruction => one.keyword === 'RUN');
    return runs.flatMap((run) =>
      run.mounts.flatMap(({ type, options }) => {
        if (type !== 'bind' || options.has('from')) return [];
        const source = options.get('source') ?? '.';
        const target = options.get('target') ?? null;
        const destination = target?.includes('$') ? null : target;
        return [{ instruction: 'RUN' as const, line: lineOf(run), destination, sources: [mounted(source)] }];
      }),
    );
  }

  function mounted(source: string): BroughtSource {
    const [match] = source.includes('$') ? [] : context.resolveCopy({ sources: [source], exclude: [], parents: false });
    if (!match) return { ...UNKNOWN, source };
    const { status, didYouMean, ignored } = match;
    const brought = match.matches.flatMap(expand);
    return { source, status, didYouMean, ignored, brought, transferred: brought };
  }
}

function copySources(
  facts: Facts,
  context: BuildContext,
  copy: CopyFacts,
  expand: (entry: ContextEntry) => readonly string[],
): readonly BroughtSource[] {
  const local = copy.sources.filter((source) => !source.remote);
  const hasExclude = copy.instruction.flags.some((flag) => flag.name === 'exclude');
  const excludes = exclusionOf(facts)(copy);
  return copy.matches.flatMap((match, index): readonly BroughtSource[] => {
    const { word, path } = local[index] ?? { word: null, path: null };
    if (path === null) return [{ ...UNKNOWN, source: word?.text ?? match.source }];
    const { status, didYouMean, ignored } = match;
    const brought = match.matches.flatMap((entry) => {
      const files = expand(entry);
      if (!hasExclude) return files;
      const start = entry.kind !== 'directory' || entry.path === '.' ? 0 : entry.path.length + 1;
      return files.filter((file) => !excludes(file.slice(start)));
    });
    const transferred = hasExclude ? unexcluded(path) : brought;
    return [{ source: path, status, didYouMean, ignored, brought, transferred }];
  });

  function unexcluded(path: string): readonly string[] {
    const parents = copy.instruction.flags.some((flag) => flag.name === 'parents' && flag.value?.text !== 'false');
    const [match] = context.resolveCopy({ sources: [path], exclude: [], parents });
    return (match?.matches ?? []).flatMap(expand);
  }
}

/** The files of an entry; all of a directory's. */
function expander(files: readonly string[]): (entry: ContextEntry) => readonly string[] {
  let sorted: readonly string[] | null = null;
  return ({ path, kind }) => {
    if (kind !== 'directory') return [path];
    if (path === '.') return files;
    sorted ??= files.toSorted();
    const prefix = `${path}/`;
    const start = firstAtLeast(sorted, prefix);
    let end = start;
    while (sorted[end]?.startsWith(prefix)) end++;
    return sorted.slice(start, end);
  };
}

function firstAtLeast(sorted: readonly string[], wanted: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
