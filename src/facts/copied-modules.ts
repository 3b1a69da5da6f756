import { isWithin, joinPath } from '../context/paths.js';
import { isPartial } from './copies.js';
import { memoise, remember } from './lazy.js';
import { lineage } from './node.js';
import type { CopyFacts, Facts, NodeInstall, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';

/**
 * Packages that one stage installed and a COPY brings to another, wherever it lands: what matters is for which system they
 * were made. For what a prune in between has left of them, see `unpruned-modules.ts`.
 */
export interface CopiedModules {
  readonly install: NodeInstall;
  readonly copy: CopyFacts;
}

interface Modules {
  readonly install: NodeInstall;
  /** The `node_modules` in the stage. */
  readonly path: string;
}

/** More of them in one stage are not followed. */
const MOST = 50;

/**
 * Each `node_modules` that a COPY takes from a stage which has it by an install, be it through further stages; of two at
 * one place, the last.
 */
export function copiedModules(facts: Facts): readonly CopiedModules[] {
  const { installs } = facts.node;
  if (installs.length === 0) return [];
  const modulesOf: (stage: StageFacts) => readonly Modules[] = remember((stage) => {
    const found: Modules[] = [];
    for (const one of lineage(stage)) {
      for (const install of installs) {
        if (install.stage === one && install.directory !== null)
          found.push({ install, path: joinPath(install.directory, 'node_modules') });
      }
      for (const copy of one.copies) {
        const from = copy.fromStage;
        if (!from || from.index >= one.index) continue;
        for (const { install, path } of modulesOf(from)) {
          const landed = landingOf(copy, path);
          if (landed !== null && !found.some((other) => other.path === landed)) found.push({ install, path: landed });
        }
      }
    }
    return found.slice(0, MOST);
  });
  return facts.stages.flatMap((stage) => {
    if (stage.role === 'unreachable') return [];
    const last = new Map<string, CopiedModules>();
    for (const copy of stage.copies) {
      const from = copy.fromStage;
      if (!from || from.index >= stage.index) continue;
      for (const { install, path } of modulesOf(from)) {
        const landed = landingOf(copy, path);
        if (landed !== null && !isRemoved(install, facts)) last.set(landed, { install, copy });
      }
    }
    return [...last.values()];
  });
}

/** True where the stage takes away a `node_modules` after the install. */
function isRemoved({ stage, use }: NodeInstall, facts: Facts): boolean {
  return (lastRemovals(facts).get(stage) ?? -1) > use.command.span.start;
}

const lastRemovals = memoise((facts: Facts): ReadonlyMap<StageFacts, number> => {
  const last = new Map<StageFacts, number>();
  for (const { command, stage } of facts.commands('rm')) {
    const isOne = command.operands.some(({ value }) => /(?:^|\/)node_modules(?:\/\*)?\/?$/.test(value));
    if (stage && isOne) last.set(stage, command.span.start);
  }
  return last;
});

function landingOf(copy: CopyFacts, path: string): string | null {
  const { destination } = copy;
  if (destination === null || isPartial(copy)) return null;
  for (const source of copy.sources) {
    const place = source.path === null ? null : resolveInImage('/', source.path);
    if (place !== null && isWithin(place, path))
      return joinPath(destination, path.slice(place.length).replace(/^\/+/, ''));
  }
  return null;
}
