import type { BuildContext } from '../../context/types.js';
import { mayBeSetByCompose } from '../../facts/compose-environment.js';
import { lineAbove } from '../../facts/insert-line.js';
import { serverOf } from '../../facts/known-servers.js';
import { moduleGraph } from '../../facts/module-graph.js';
import { lineage } from '../../facts/node.js';
import { DEVELOPMENT_SCRIPT } from '../../facts/node-start.js';
import type { Facts, NodeStart } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

/** express and many other packages keep development's habits unless NODE_ENV says production. */
export default defineRule({
  id: 'node/env-production',
  summary: 'Set NODE_ENV=production where node serves',
  category: 'runtime',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'suggestion',
  messages: {
    unset: ({ command }: { command: string }) => ({
      message: `\`${command}\` starts without NODE_ENV: express and others then run in development mode, slower and with stack traces in responses`,
      help: 'add ENV NODE_ENV=production after the install and the build',
    }),
  },
  check({ document, facts, report }) {
    const { start } = facts.node;
    const { target } = facts;
    if (!start || !target || target.isDevelopment || !isPlainImage(facts) || !serves(facts)) return;
    if (!startsNode(start) || setsNodeEnv(start, facts) || isSetElsewhere(facts) || dependsOnNothing(start)) return;
    const { instruction } = start.use;
    const own = instruction.stage === target.index && instruction.keyword === 'CMD';
    report('unset', {
      at: instruction.keywordSpan,
      data: {
        command: start.command.words
          .map((word) => word.text)
          .join(' ')
          .slice(0, 60),
      },
      fix: own
        ? {
            title: 'Set NODE_ENV=production',
            edits: [lineAbove(instruction, 'ENV NODE_ENV=production', document.source)],
          }
        : null,
    });
  },
});

/** Official images leave NODE_ENV alone; of any other it is not known. */
function isPlainImage({ target }: Facts): boolean {
  return target?.image.name === 'docker.io/library/node';
}

/** A command-line tool has no use for it; what opens a port is a server. */
function serves({ target, ports }: Facts): boolean {
  return (target?.exposes.length ?? 0) > 0 || ports.length > 0;
}

/** A plain `node FILE`; frameworks' own commands set NODE_ENV themselves, and the tools for development want none. */
function startsNode({ simple, command, script }: NodeStart): boolean {
  if (script && DEVELOPMENT_SCRIPT.test(script.name)) return false;
  return simple && (command.name === 'node' || command.name === 'nodejs') && command.operands.length > 0;
}

function setsNodeEnv(start: NodeStart, { target, context }: Facts): boolean {
  const { use, command, entry, entryInImage } = start;
  const names = [...command.assignments, ...use.command.assignments].map((one) => one.name);
  if (names.includes('NODE_ENV') || use.script?.assigned.has('NODE_ENV')) return true;
  if (target?.final.env.get('NODE_ENV')) return true;
  // `--env-file`, `-r dotenv/config`, a script that runs before: any of them may set it.
  if (
    command.words.some((word) => /env|watch|inspect/.test(word.value)) ||
    target?.entrypoint?.command.form === 'shell'
  )
    return true;
  if (target?.entrypoint && use.instruction !== target.entrypoint && !startsWithInit(target.entrypoint)) return true;
  if (entry !== null && context && setsItself(entry, context)) return true;
  const isBuilt = entryInImage !== null && FRAMEWORK_OUTPUT.test(entryInImage);
  return isBuilt || (target !== null && serverOf(start, target) !== null) || bringsSettings(target);
}

/** Files that are read to see whether the app sets NODE_ENV by itself. */
const MOST_FILES = 12;

function setsItself(entry: string, context: BuildContext): boolean {
  for (const { source } of moduleGraph(entry, context, MOST_FILES)) {
    if (
      /\bNODE_ENV['"]?\]?\s*(?:\?\?|\|\|)?=[^=]|['"](?:dotenv|dotenv-\w+|next|dotenvx|@dotenvx\/dotenvx|env-cmd)\b/.test(
        source.text,
      )
    )
      return true;
  }
  return false;
}

/** Compose gives it to the container, or may; or the image is there for work on the source. */
function isSetElsewhere(facts: Facts): boolean {
  if (mayBeSetByCompose('NODE_ENV', facts)) return true;
  return facts.context?.services.some((one) => one.mountsSource || one.overridesCommand) ?? false;
}

/** It is packages that ask for NODE_ENV: a server of node's own modules alone does not care. */
function dependsOnNothing({ project, entry }: NodeStart): boolean {
  const manifest = project?.manifest;
  return manifest !== undefined && entry !== null && manifest.dependencies.size === 0 && manifest.problems.length === 0;
}

/** The server that Next.js or Nitro has built sets NODE_ENV by itself. */
const FRAMEWORK_OUTPUT = /\/\.(?:output|next)\//;

/** `COPY --from=build /app/.next/standalone ./`, or `COPY .env .`: what starts then reads NODE_ENV from there, perhaps. */
function bringsSettings(target: Facts['target']): boolean {
  const sources = target ? lineage(target).flatMap((stage) => stage.copies.flatMap((copy) => copy.sources)) : [];
  return sources.some(({ path }) => /(?:^|\/)\.(?:next\/standalone(?:\/|$)|output(?:\/|$)|env[^/]*$)/.test(path ?? ''));
}

function startsWithInit({ command }: NonNullable<NonNullable<Facts['target']>['entrypoint']>): boolean {
  return (
    command.form === 'exec' && command.strings.every(({ value }) => /(?:^|\/)(?:tini|dumb-init|--|-g|-v)$/.test(value))
  );
}
