import { packageInstallOf } from '../../facts/packages.js';
import { NODE_COMMANDS, SYSTEM_MANAGERS } from '../../facts/plain-commands.js';
import type { CommandUse, Facts, StageFacts } from '../../facts/types.js';
import { listing } from '../../model/listing.js';
import { defineRule } from '../define-rule.js';

/** node-gyp needs a compiler once; in the shipped image it is weight, and a tool for whoever breaks in. */
export default defineRule({
  id: 'node/no-toolchain-in-final',
  summary: 'Compile native packages in an earlier stage than the one that is shipped',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    shipped: ({ names, one }: { names: string; one: boolean }) => ({
      message: `${names} ${one ? 'stays in the image and makes' : 'stay in the image and make'} it larger: only the install needs a compiler, for native packages`,
      help: 'install and compile in an earlier stage, and copy node_modules from there',
    }),
    hidden: ({ names }: { names: string }) => ({
      message: `removing them in a later RUN makes the image no smaller: this layer keeps ${names}`,
      help: 'install and compile in an earlier stage, and copy node_modules from there',
    }),
  },
  check({ facts, report }) {
    const { target } = facts;
    if (!target || target.isDevelopment) return;
    const installs = facts.node.installs.filter(({ stage, manager }) => stage.isShipped && manager !== 'bun');
    if (installs.length === 0 || !isNodeOnly(target, facts)) return;
    for (const use of facts.commands('apt-get', 'apt', 'apk')) {
      if (!use.stage?.isShipped || use.instruction.keyword !== 'RUN' || use.instruction.onbuild) continue;
      const install = packageInstallOf(use);
      const tools = install?.packages.filter(({ name }) => COMPILERS.test(name)) ?? [];
      const [first] = tools;
      if (!first || REMOVES.test(use.instruction.argumentsText)) continue;
      const removed = target.history.some(
        (one) =>
          one.keyword === 'RUN' &&
          one.span.start > use.instruction.span.start &&
          isRemoval(one.argumentsText, first.name, use),
      );
      const names = tools.slice(0, 3).map(({ name }) => name);
      report(removed ? 'hidden' : 'shipped', {
        at: first.word.span,
        data: { names: listing(names), one: names.length === 1 },
      });
      return;
    }
  },
});

/** Without Python, which an app may well run. */
const COMPILERS = /^(?:build-essential|build-base|g\+\+|gcc|make|alpine-sdk|node-gyp)$/;
const REMOVES = /\bapk\s+(?:-\S+\s+)*del\b|\b(?:purge|autoremove|remove)\b/;

function isRemoval(text: string, name: string, { command }: CommandUse): boolean {
  if (!REMOVES.test(text)) return false;
  const group = command.flags.find((flag) => flag.name === '--virtual' || flag.name === '-t')?.value;
  return text.includes(name) || (group ? text.includes(group) : false);
}

/** Nothing but Node.js is run or compiled in the image: what else there is has perhaps its own need of a compiler. */
function isNodeOnly(target: StageFacts, facts: Facts): boolean {
  const { start } = facts.node;
  if (target.image.family !== 'node' || !start) return false;
  if (!/^(?:node|nodejs|npm|yarn|pnpm|npx|next|nest|nodemon|pm2-runtime)$/.test(start.command.name)) return false;
  return target.history.every(
    (one) =>
      one.keyword !== 'RUN' ||
      facts
        .commandsOf(one)
        .every(({ command }) => NODE_COMMANDS.has(command.name) || SYSTEM_MANAGERS.has(command.name)),
  );
}
