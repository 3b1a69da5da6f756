import { moduleGraph } from '../../facts/module-graph.js';
import { NODE_COMMANDS } from '../../facts/plain-commands.js';
import type { Facts, StageFacts } from '../../facts/types.js';
import type { Command } from '../../shell/types.js';
import { defineRule, insertAfter } from '../define-rule.js';

/** The full image brings compilers, git and hundreds of libraries for building; a server that is built needs none. */
export default defineRule({
  id: 'node/prefer-slim-final',
  summary: 'Ship a server on the slim image of Node.js',
  category: 'size',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    full: ({ image, slim }: { image: string; slim: string }) => ({
      message: `\`${image}\` ships compilers, git and libraries for building, about 800 MB more than the slim image, and nothing here uses them`,
      help: `use \`${slim}\`, and keep the full image for stages that build`,
    }),
  },
  check({ facts, report }) {
    const { target } = facts;
    if (target?.image.name !== 'docker.io/library/node' || target.isDevelopment || target.image.windows) return;
    const { word, tag, reference } = target.image;
    if (!word || tag === null || !FULL.test(tag) || reference?.digest || word.text.includes('$')) return;
    if (!startsNode(target, facts) || !isPlain(target, facts) || usesPrograms(facts)) return;
    const slim = `${word.text}-slim`;
    report('full', {
      at: word.span,
      data: { image: word.text, slim },
      fix: target.parent ? null : { title: `Use ${slim}`, edits: [insertAfter(word, '-slim')] },
    });
  },
});

/** `22`, `22.3.0`, `lts`, `22-bookworm`: of each there is one with `-slim` behind it. */
const FULL =
  /^(?:(?:\d+(?:\.\d+){0,2}|lts|current|latest)(?:-(?:bullseye|bookworm|trixie))?|bullseye|bookworm|trixie|lts-(?:bullseye|bookworm|trixie))$/;

/** Only programs that the slim image has too run in its layers, and no package there is compiled by an install. */
function isPlain(target: StageFacts, facts: Facts): boolean {
  const runs = target.history.filter(({ keyword }) => keyword === 'RUN');
  const commands = runs.flatMap((run) => facts.commandsOf(run)).map(({ command }) => command);
  if (!commands.every((command) => NODE_COMMANDS.has(command.name) && !addsPackages(command))) return false;
  const checks = target.healthcheck ? facts.commandsOf(target.healthcheck) : [];
  if (!checks.every(({ command }) => /^(?:node|npm|exit)$/.test(command.name))) return false;
  return facts.node.installs
    .filter(({ stage }) => stage.isShipped)
    .every(({ project }) => {
      const lock = project?.lockfiles.find(({ name, sent }) => sent && name === 'package-lock.json');
      const text = lock && facts.context?.read(lock.path)?.text;
      // From version 2 on the file says which packages run a script when they are installed.
      return text ? /"lockfileVersion": [23]/.test(text) && !/"hasInstallScript": true|"git\+/.test(text) : false;
    });
}

/** What is added by name is in no lockfile that could be looked at. */
function addsPackages({ name, subcommand, operands }: Command): boolean {
  if (name === 'node' || (name === 'npm' && subcommand === 'run')) return true;
  return /^(?:npm|yarn|pnpm)$/.test(name) && operands.length > 0;
}

function startsNode({ entrypoint }: StageFacts, { node: { start } }: Facts): boolean {
  if (!start?.simple || !/^(?:node|nodejs)$/.test(start.command.name)) return false;
  return entrypoint === null || entrypoint === start.use.instruction;
}

const MOST_FILES = 60;

/** True unless all files of the server are seen, and none of them starts another program or needs a library of the image. */
function usesPrograms({ node: { start }, context }: Facts): boolean {
  if (!context || !start?.entry) return true;
  let files = 0;
  for (const { source } of moduleGraph(start.entry, context, MOST_FILES)) {
    const { text } = source;
    files++;
    if (
      text.trim() === '' ||
      /child_process|execa|shelljs|simple-git|prisma|puppeteer|playwright|canvas|\bspawn\b/.test(text)
    )
      return true;
  }
  return files === 0 || files >= MOST_FILES;
}
