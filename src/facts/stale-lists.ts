import type { Instruction } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';
import { type AptListUse, aptListUse, removesLists } from './apt.js';
import { memoise } from './lazy.js';
import type { CommandUse, Facts, StageFacts } from './types.js';

/** Updates whose package lists a later RUN reads, each with the places of the installs among what reads them. */
export const listsUsedLater = memoise((facts: Facts): ReadonlyMap<CommandUse, readonly Span[]> => {
  const used = new Map<CommandUse, Span[]>();
  const kept = new Map<StageFacts, CommandUse | undefined>();
  for (const one of facts.stages) {
    let before = one.parent ? kept.get(one.parent) : undefined;
    for (const instruction of inOrder(one.stage.instructions)) {
      const use = aptListUse(instruction, facts);
      if (!use) continue;
      const install = firstWithoutUpdate(use.installs, use);
      if (before && (install || firstWithoutUpdate(use.reads, use))) {
        const places = used.get(before) ?? [];
        if (install) places.push((install.command.subcommandWord ?? install.command).span);
        used.set(before, places);
      }
      if (use.updates.length > 0) before = keptUpdate(use);
    }
    kept.set(one, before);
  }
  return used;
});

/** Triggers of ONBUILD run behind all the others. */
function inOrder(instructions: readonly Instruction[]): readonly Instruction[] {
  const triggers = instructions.flatMap((one) => (one.keyword === 'ONBUILD' && one.trigger ? one.trigger : []));
  return triggers.length === 0 ? instructions : [...instructions, ...triggers];
}

/** The first of some commands, if it stands before every update of its RUN and behind nothing that may update unseen. */
function firstWithoutUpdate([first]: readonly CommandUse[], { updates, opaque }: AptListUse): CommandUse | undefined {
  const update = Math.min(updates[0]?.command.span.start ?? Number.POSITIVE_INFINITY, opaque);
  return first && first.command.span.start < update ? first : undefined;
}

/** The last update whose lists a later RUN finds; where they are removed, something else must bring new ones. */
function keptUpdate({ updates }: AptListUse): CommandUse | undefined {
  const update = updates.at(-1);
  return update?.script && !removesLists({ script: update.script }, update.command.span.end) ? update : undefined;
}
