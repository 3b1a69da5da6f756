import type { Span } from '../model/span.js';
import { type AptListUse, aptListUse, removesLists } from './apt.js';
import { memoise } from './lazy.js';
import type { CommandUse, Facts, StageFacts } from './types.js';

/** Updates whose package lists a later RUN installs from, each with the places of those installs. */
export const listsUsedLater = memoise((facts: Facts): ReadonlyMap<CommandUse, readonly Span[]> => {
  const used = new Map<CommandUse, Span[]>();
  const kept = new Map<StageFacts, CommandUse | undefined>();
  for (const one of facts.stages) {
    let before = one.parent ? kept.get(one.parent) : undefined;
    for (const instruction of one.stage.instructions) {
      const use = aptListUse(instruction, facts);
      if (!use) continue;
      const install = firstWithoutUpdate(use);
      if (before && install) {
        const places = used.get(before) ?? [];
        places.push((install.command.subcommandWord ?? install.command).span);
        used.set(before, places);
      }
      if (use.updates.length > 0) before = keptUpdate(use);
    }
    kept.set(one, before);
  }
  return used;
});

/** An install that stands before every update of its RUN, and behind nothing that may update unseen. */
function firstWithoutUpdate({ installs, updates, opaque }: AptListUse): CommandUse | undefined {
  const [install] = installs;
  const first = Math.min(updates[0]?.command.span.start ?? Number.POSITIVE_INFINITY, opaque);
  return install && install.command.span.start < first ? install : undefined;
}

/** The last update whose lists a later RUN finds; where they are removed, something else must bring new ones. */
function keptUpdate({ updates }: AptListUse): CommandUse | undefined {
  const update = updates.at(-1);
  return update?.script && !removesLists({ script: update.script }, update.command.span.end) ? update : undefined;
}
