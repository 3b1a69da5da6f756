import type { AddInstruction, CopyInstruction, Instruction } from '../dockerfile/ast.js';
import type { Command } from '../shell/types.js';
import { copiesByInstruction } from './copies.js';
import { memoise } from './lazy.js';
import type { CopyFacts, Facts, StageFacts } from './types.js';

/** The facts of a COPY or ADD; null for the trigger of an ONBUILD and before the first FROM. */
export function copyFactsOf(instruction: CopyInstruction | AddInstruction, facts: Facts): CopyFacts | null {
  const stage = facts.stageOf(instruction);
  return stage ? (copiesByInstruction(stage).get(instruction) ?? null) : null;
}

/**
 * True where an instruction above a place of a stage, or of one that it is built on, is seen to make a path of the image a
 * directory: WORKDIR, a COPY into it or below it, a `mkdir`.
 */
export function isMadeDirectory(path: string, stage: StageFacts, offset: number, facts: Facts): boolean {
  for (let one: StageFacts | null = stage; one; one = one.parent) {
    const at = madeDirectories(facts)(one).get(path);
    if (at !== undefined && at < offset) return true;
  }
  return false;
}

/** Of each stage, the directories that its own instructions make, with the place of the first that does. */
const madeDirectories = memoise((facts: Facts) =>
  memoise((stage: StageFacts): ReadonlyMap<string, number> => {
    const made = new Map<string, number>();
    for (const instruction of stage.stage.instructions) {
      for (const path of madeBy(instruction, stage, facts)) {
        // What holds a directory is one.
        for (let one = path; one !== '' && !made.has(one); one = one.slice(0, one.lastIndexOf('/')))
          made.set(one, instruction.span.start);
      }
    }
    return made;
  }),
);

/**
 * True where a RUN above a place names the last part of a path: it may have made that, in one of a hundred ways such as
 * `git clone`, `mv` and `adduser --home`.
 */
export function isNamedInRun(path: string, stage: StageFacts, offset: number, facts: Facts): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (let one: StageFacts | null = stage; one; one = one.parent) {
    const at = namesInRuns(facts)(one).get(name);
    if (at !== undefined && at < offset) return true;
  }
  return false;
}

/** Of each stage, the parts of paths and other words that its RUNs are made of, with the place of the first of each. */
const namesInRuns = memoise(({ document }: Facts) =>
  memoise(({ stage }: StageFacts): ReadonlyMap<string, number> => {
    const names = new Map<string, number>();
    for (const { keyword, span } of stage.instructions) {
      if (keyword !== 'RUN') continue;
      for (const [word] of document.source.text.slice(span.start, span.end).matchAll(/[\w.-]+/g)) {
        const name = word.replace(/\.git$/, '');
        if (!names.has(name)) names.set(name, span.start);
      }
    }
    return names;
  }),
);

const MAKERS: ReadonlySet<string> = new Set(['mkdir', 'install', 'useradd', 'git']);

function madeBy(instruction: Instruction, stage: StageFacts, facts: Facts): readonly string[] {
  switch (instruction.keyword) {
    case 'COPY':
    case 'ADD': {
      const copy = copiesByInstruction(stage).get(instruction);
      if (!copy || copy.destination === null) return [];
      const isDirectory = copy.intoDirectory || mayBringDirectory(copy);
      return [isDirectory ? copy.destination : copy.destination.slice(0, copy.destination.lastIndexOf('/'))];
    }
    case 'RUN':
      return facts.commandsOf(instruction).flatMap(({ command }) => (MAKERS.has(command.name) ? pathsOf(command) : []));
    default: {
      const workdir = facts.stateAt(instruction).workdir?.value;
      return workdir ? [workdir] : [];
    }
  }
}

/**
 * A directory makes the destination one, and what follows goes into it. Of another stage or image nobody knows; what has an
 * extension is taken for a file.
 */
function mayBringDirectory({ matches, sources, origin }: CopyFacts): boolean {
  const [match] = matches;
  if (origin === 'context' && match) return match.status !== 'ok' || match.matches[0]?.kind === 'directory';
  const [source] = sources;
  if (!source) return false;
  return source.path === null || !/[^/\\]\.\w+$/.test(source.path);
}

function pathsOf({ words }: Command): readonly string[] {
  return words.flatMap(({ value }) => (value.startsWith('/') ? [value.replace(/\/+$/, '')] : []));
}
