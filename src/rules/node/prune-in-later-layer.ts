import { joinPath } from '../../context/paths.js';
import { memoise } from '../../facts/lazy.js';
import { isKeptOutOfLayer } from '../../facts/mounts.js';
import { lineage } from '../../facts/node.js';
import type { CommandUse, Facts, NodeInstall } from '../../facts/types.js';
import { resolveInImage } from '../../facts/variables.js';
import { directoryOf } from '../../facts/working-directory.js';
import type { Span } from '../../model/span.js';
import type { Command } from '../../shell/types.js';
import { defineRule, hasFlag } from '../define-rule.js';

/** A layer keeps what it has; a later RUN only hides it. */
export default defineRule({
  id: 'node/prune-in-later-layer',
  summary: 'Prune node_modules in the RUN that fills it, or in an earlier stage',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    hidden: ({ command }: { command: string }) => ({
      message: `\`${command}\` makes the image no smaller: the packages stay in the layer of the instruction that brought them`,
      help: 'do both in one RUN, or install and prune in an earlier stage and copy node_modules from that',
    }),
  },
  check({ facts, report }) {
    for (const use of facts.commands('npm', 'pnpm', 'rm')) {
      const { command, stage, instruction } = use;
      if (!stage?.isShipped || stage.isDevelopment || instruction.keyword !== 'RUN' || instruction.onbuild) continue;
      if (!mayPrune(command)) continue;
      const directory = directoryOf(use, facts);
      const modules = directory === null ? null : prunes(use, directory);
      if (modules === null || isKeptOutOfLayer(instruction, modules) || isCopiedFrom(use, facts)) continue;
      const filled = filledBy(modules, use, facts);
      if (!filled) continue;
      const text = command.name === 'rm' ? 'rm' : `${command.name} prune`;
      report('hidden', {
        at: (command.subcommandWord ?? command.nameWord ?? command).span,
        data: { command: text },
        related: [{ at: filled, message: 'brings them' }],
      });
    }
  },
});

/** A look that costs nothing, before the directory is sought in which the command runs. */
function mayPrune({ name, subcommand, operands }: Command): boolean {
  return name === 'rm' ? operands.some(({ value }) => value.includes('node_modules')) : subcommand === 'prune';
}

/** The node_modules that a command takes packages out of; null where it does none of that. */
function prunes({ command }: CommandUse, directory: string): string | null {
  if (command.name !== 'rm')
    return command.subcommand === 'prune' && !hasFlag(command, '--dry-run', '--help')
      ? joinPath(directory, 'node_modules')
      : null;
  const word = command.operands.find(({ literal, value }) => literal && /(?:^|\/)node_modules\/?$/.test(value));
  return word ? resolveInImage(directory, word.value.replace(/\/$/, '')) : null;
}

/** Another stage takes over what is left, without the layers. */
function isCopiedFrom({ stage }: CommandUse, { stages }: Facts): boolean {
  return stages.some((one) => one.copiesFrom.some((other) => stage !== null && lineage(other).includes(stage)));
}

/** The installs by the node_modules that they fill. */
const installsByModules = memoise(({ node }: Facts): ReadonlyMap<string, readonly NodeInstall[]> => {
  const found = new Map<string, NodeInstall[]>();
  for (const install of node.installs) {
    const modules = install.directory === null ? null : joinPath(install.directory, 'node_modules');
    if (modules === null) continue;
    const known = found.get(modules);
    if (known) known.push(install);
    else found.set(modules, [install]);
  }
  return found;
});

/** Where an earlier layer of the image was given the packages; null where it was not, or the same RUN did it anew. */
function filledBy(modules: string, { stage, instruction, command }: CommandUse, facts: Facts): Span | null {
  if (!stage) return null;
  const stages = lineage(stage);
  const installs = (installsByModules(facts).get(modules) ?? []).filter(
    (one) => stages.includes(one.stage) && one.use.command.span.start < command.span.start,
  );
  if (installs.some((one) => one.instruction === instruction)) return null;
  const last = installs.findLast((one) => !isKeptOutOfLayer(one.instruction, modules));
  if (last) return (last.use.command.subcommandWord ?? last.use.command).span;
  const copy = stages
    .flatMap(({ copies }) => copies)
    .find((one) => one.fromStage && one.destination === modules && one.instruction.span.start < command.span.start);
  return copy?.instruction.keywordSpan ?? null;
}
