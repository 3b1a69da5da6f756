import type { Span } from '../model/span.js';
import type { Command } from '../shell/types.js';
import { isMentioned } from './mentions.js';
import { imageMaySet, shellUses } from './shell-uses.js';
import type { Facts, StageFacts } from './types.js';

/** A variable that a RUN reads, although only the shell of an earlier RUN had it. */
export interface LostExport {
  readonly name: string;
  /** Of the use. */
  readonly span: Span;
  /** Of the word of `export`. */
  readonly exported: Span;
  /** The `export` itself. */
  readonly command: Command;
}

interface Exported {
  /** Of its RUN. */
  readonly end: number;
  readonly span: Span;
  readonly command: Command;
}

/** The first use of each such variable in each stage. */
export function readsOfLost(facts: Facts): readonly LostExport[] {
  const exports = facts.commands('export');
  if (exports.length === 0) return [];
  const byStage = new Map<StageFacts, Map<string, Exported>>();
  for (const { command, instruction, stage } of exports) {
    if (!stage || command.nesting.length > 0 || instruction.onbuild) continue;
    const names = byStage.get(stage) ?? new Map<string, Exported>();
    byStage.set(stage, names);
    for (const { value, span } of command.operands) {
      const name = /^([A-Za-z_]\w*)=/.exec(value)?.[1];
      if (name && !imageMaySet(stage.image, name)) names.set(name, { end: instruction.span.end, span, command });
    }
  }
  const found: LostExport[] = [];
  for (const [stage, lost] of byStage) {
    const isRead = [...lost].some(([name, { end }]) => isMentioned(name, end, stage.stage.span.end, facts));
    if (!isRead) continue;
    for (const instruction of stage.stage.instructions) {
      if (instruction.keyword !== 'RUN' || instruction.mounts.some(({ options }) => options.has('env'))) continue;
      const { env, args } = facts.stateAt(instruction);
      const isLost = (name: string) => {
        const place = lost.get(name);
        return place !== undefined && place.end <= instruction.span.start && !env.get(name) && !args.get(name);
      };
      for (const { name, span } of shellUses(instruction, isLost, facts)) {
        const place = lost.get(name);
        if (place && lost.delete(name)) found.push({ name, span, exported: place.span, command: place.command });
      }
    }
  }
  return found;
}
