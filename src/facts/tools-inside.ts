import type { Instruction, RunInstruction } from '../dockerfile/ast.js';
import type { Command } from '../shell/types.js';
import { memoise, remember } from './lazy.js';
import { firstArrival, type ToolEvent, toolEvents } from './tool-events.js';
import type { Facts, ImageFacts, ImageTool, StageFacts } from './types.js';

/** Whether a tool can be called; of a file that is `Presence` of `presence.ts`. */
export type ToolPresence = 'present' | 'absent' | 'unknown';

/** Tools of the table of base images that are commands; what has other names for them is the same here. */
const COMMANDS: Readonly<Record<string, ImageTool>> = {
  curl: 'curl',
  wget: 'wget',
  bash: 'bash',
  git: 'git',
  python3: 'python3',
  make: 'make',
  gcc: 'gcc',
  tini: 'tini',
  npm: 'npm',
  npx: 'npm',
  yarn: 'yarn',
  corepack: 'corepack',
};

/**
 * Whether a tool can be called by its name (`curl`, `npx`, `sh`) where an instruction runs: by the base image, and by
 * what the instructions before install, copy and remove. What CMD, ENTRYPOINT and HEALTHCHECK call is looked for at the
 * end of the stage that is shipped. `unknown` wherever a script, a package or a copied tree might bring it.
 *
 * @param command the command of a RUN that calls it: what stands before it in its script is taken into account
 */
export function toolAt(
  name: string,
  instruction: Instruction,
  facts: Facts,
  command: Command | null = null,
): ToolPresence {
  const own = facts.stageOf(instruction);
  if (!own || instruction.onbuild) return 'unknown';
  const isRun = instruction.keyword === 'RUN';
  const { target } = facts;
  const stage = !isRun && own.isShipped && target ? target : own;
  // A mount may bring any program while the RUN lasts.
  if (
    instruction.keyword === 'RUN' &&
    instruction.mounts.some(({ type, options }) => type === 'bind' || options.has('from'))
  )
    return 'unknown';
  const tool = name === 'npx' ? 'npm' : name;
  const place = isRun ? (command ?? instruction).span.start : Number.POSITIVE_INFINITY;
  return settledBy(eventsOf(facts)(stage)(tool), place, startOf(facts)(tool)(stage));
}

/** Whether a command of a RUN finds no such tool for certain: as {@link toolAt} has it, with less to look at. */
export function isAbsentFor(name: string, command: Command, run: RunInstruction, facts: Facts): boolean {
  const stage = facts.stageOf(run);
  if (!stage || toolInImage(name, stage, facts) !== 'absent') return false;
  const tool = name === 'npx' ? 'npm' : name;
  const arrival = arrivalOf(facts)(tool);
  if (arrival(stage) <= command.span.start) return false;
  for (let one = stage.parent; one; one = one.parent) if (arrival(one) !== Number.POSITIVE_INFINITY) return false;
  return toolAt(name, run, facts, command) === 'absent';
}

const arrivalOf = memoise((facts: Facts) =>
  remember((tool: string) => remember((stage: StageFacts) => firstArrival(tool, stage, facts))),
);

/** Whether the base image of a stage has a tool, by the table; `unknown` where another image may be given for it. */
export function toolInImage(name: string, { image }: StageFacts, facts: Facts): ToolPresence {
  if (!image.known || image.windows || !isFixed(image) || isReplaced(image, facts)) return 'unknown';
  if (name === 'sh') return image.shellless === null ? 'unknown' : image.shellless ? 'absent' : 'present';
  const tool = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const has = tool ? image.has(tool) : image.scratch ? false : null;
  if (has === null) return 'unknown';
  return has ? 'present' : 'absent';
}

/** `node:$VERSION-slim` with a number for its default is such an image with any number; `$BASE` may be anything. */
function isFixed({ word, text }: ImageFacts): boolean {
  if (!word?.text.includes('$')) return true;
  const pattern = word.text
    .split(/\$(?:\{[^}]*\}|\w+)/)
    .map((part) => part.replace(/[^\w]/g, '\\$&'))
    .join('[\\d.]+');
  return text !== null && new RegExp(`^${pattern}$`).test(text);
}

/** A named context of that name takes the place of the image. */
function isReplaced({ reference, text }: ImageFacts, { context }: Facts): boolean {
  const names = context?.namedContexts;
  if (!names || names.size === 0 || !reference) return false;
  return [text ?? '', reference.familiarName, `${reference.familiarName}:${reference.tag}`].some((name) =>
    names.has(name),
  );
}

const eventsOf = memoise((facts: Facts) =>
  remember((stage: StageFacts) => remember((tool: string) => withoutRepetition(toolEvents(tool, stage, facts)))),
);

/** What holds where a stage begins, for each tool and stage. */
const startOf = memoise((facts: Facts) =>
  remember((tool: string) => {
    const known = new Map<StageFacts, ToolPresence>();
    return (stage: StageFacts): ToolPresence => {
      const open: StageFacts[] = [];
      let one = stage;
      // A loop, not calls from stage to stage: a file may stack more of them than there are stack frames.
      while (!known.has(one) && one.parent) {
        open.push(one);
        one = one.parent;
      }
      let presence = known.get(one) ?? toolInImage(tool, one, facts);
      known.set(one, presence);
      for (const next of open.toReversed()) {
        if (next.parent) presence = settledBy(eventsOf(facts)(next.parent)(tool), Number.POSITIVE_INFINITY, presence);
        known.set(next, presence);
      }
      return presence;
    };
  }),
);

/** Without those that change nothing, since one like them stands before. */
function withoutRepetition(events: readonly ToolEvent[]): readonly ToolEvent[] {
  // Those of nested commands are not in order.
  return events.toSorted((a, b) => a.at - b.at).filter(({ effect }, index, all) => effect !== all[index - 1]?.effect);
}

function settledBy(events: readonly ToolEvent[], before: number, start: ToolPresence): ToolPresence {
  let presence = start;
  for (const { at, effect } of events) {
    if (at > before) break;
    if (effect === 'brings') presence = 'present';
    else if (effect === 'may-bring' && presence === 'absent') presence = 'unknown';
    else if (effect === 'may-remove' && presence === 'present') presence = 'unknown';
  }
  return presence;
}
