import type { CmdInstruction, EntrypointInstruction, Instruction, RunInstruction } from '../../dockerfile/ast.js';
import { callsOf } from '../../facts/called-tools.js';
import { entrypointRole, isOnItsOwn } from '../../facts/entrypoint-role.js';
import { installCommand } from '../../facts/install-advice.js';
import { isAbsentFor, toolAt } from '../../facts/tools-inside.js';
import type { Facts, StageFacts } from '../../facts/types.js';
import type { Span } from '../../model/span.js';
import { defineRule } from '../define-rule.js';

/** What the table of base images speaks of, but for what comes with some versions of Node.js only. */
const TABLE_TOOLS = ['curl', 'wget', 'bash', 'git', 'python3', 'make', 'gcc', 'tini', 'npm'] as const;
const TOOLS: ReadonlySet<string> = new Set([...TABLE_TOOLS, 'npx']);

interface Data {
  readonly image: string;
  readonly tool: string;
  readonly advice: string;
}

/** Neither the base image has it nor anything before installs it: `curl: not found`. */
export default defineRule({
  id: 'shell/missing-tool',
  summary: 'Call only tools that the image has',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  supersedes: ['node/entry-exists'],
  messages: {
    build: ({ image, tool, advice }: Data) => ({
      message: `\`${image}\` has no \`${tool}\` and nothing above installs it, so the build stops here`,
      help: advice,
    }),
    goesOn: ({ image, tool, advice }: Data) => ({
      message: `\`${image}\` has no \`${tool}\` and nothing above installs it: the command fails, and the build goes on`,
      help: advice,
    }),
    start: ({ image, tool, advice }: Data) => ({
      message: `\`${image}\` has no \`${tool}\` and nothing installs it, so the container ends as soon as it starts`,
      help: advice,
    }),
    shell: ({ image, tool, advice }: Data) => ({
      message: `\`${image}\` has no \`${tool}\` and nothing above installs it: the next RUN stops the build`,
      help: advice,
    }),
    noShell: ({ image }: { image: string }) => ({
      message: `\`${image}\` has no /bin/sh that could run this, so the build stops here`,
      help: 'run it in an earlier stage that has a shell, and copy the result from there',
    }),
  },
  check({ document, facts, report }) {
    const told = new Set<string>();
    const keyOf = (tool: string, { index }: StageFacts): string => `${index} ${tool}`;
    const isNew = (tool: string, stage: StageFacts): boolean => told.size < told.add(keyOf(tool, stage)).size;
    const tell = (message: 'build' | 'goesOn' | 'start' | 'shell', tool: string, at: Span, stage: StageFacts): void => {
      const { image } = stage;
      if (!isNew(tool, stage)) return;
      report(message, {
        at,
        data: { image: image.text ?? '', tool, advice: advice(tool, message, stage) },
        related: image.word ? [{ at: image.word.span, message: 'the base image' }] : [],
        ...(message === 'goesOn' ? { severity: 'warning' } : {}),
      });
    };
    const calling = new Set<Instruction>();
    for (const tool of TOOLS) for (const { instruction } of facts.commands(tool)) calling.add(instruction);
    const mentionsBash = document.source.text.includes('bash');
    const setsShell = facts.instructions('SHELL').length > 0;
    for (const run of facts.instructions('RUN')) {
      const stage = facts.stageOf(run);
      if (!stage?.image.known || stage.role === 'unreachable') continue;
      const shell = setsShell || stage.image.shellless ? missingShell(run, stage, facts) : null;
      if (shell) {
        if (shell.name !== 'sh') tell('shell', shell.name, shell.span, stage);
        else if (isNew('sh', stage)) report('noShell', { at: shell.span, data: { image: stage.image.text ?? '' } });
      } else if (calling.has(run) || (mentionsBash && run.argumentsText.includes('bash'))) {
        if (!mayLack(run, stage, facts)) continue;
        for (const { name, span, command, outcome } of callsOf(run, facts)) {
          if (!TOOLS.has(name) || told.has(keyOf(name, stage))) continue;
          if (!isAbsentFor(name, command, run, facts)) continue;
          tell(outcome === 'fails' ? 'build' : 'goesOn', name, span, stage);
        }
      }
    }
    const { target } = facts;
    for (const start of target?.image.known ? [target.entrypoint, target.cmd] : []) {
      if (!target || !start || !startsItself(start, target, facts)) continue;
      const first = callsOf(start, facts)[0];
      if (!first || !TOOLS.has(first.name) || first.outcome !== 'fails') continue;
      // What runs before it may bring it.
      if (first.command !== facts.commandsOf(start)[0]?.command) continue;
      if (toolAt(first.name, start, facts) === 'absent') tell('start', first.name, first.span, target);
    }
  },
});

/**
 * False where the base image has, or may have, every tool that a RUN calls, or where its name stands above already, most
 * likely among packages: that spares the closer look.
 */
function mayLack(run: RunInstruction, stage: StageFacts, facts: Facts): boolean {
  const { image } = stage;
  if (image.has('bash') === false && run.argumentsText.includes('bash')) return true;
  return facts.commandsOf(run).some(({ command: { name, span } }) => {
    const tool = TOOLS.has(name) ? TABLE_TOOLS.find((one) => one === (name === 'npx' ? 'npm' : name)) : undefined;
    return tool !== undefined && image.has(tool) === false && !isNamedBefore(tool, span.start, stage, facts);
  });
}

function isNamedBefore(tool: string, offset: number, stage: StageFacts, { document: { source } }: Facts): boolean {
  const at = source.text.indexOf(tool, stage.stage.span.start);
  return at >= 0 && at < offset && !stage.parent;
}

/** The shell that would run a RUN in shell form, where the image has none of that name, and where that is written. */
function missingShell(run: RunInstruction, { image }: StageFacts, facts: Facts): { name: string; span: Span } | null {
  if (run.command.form !== 'shell' || run.heredocs.length > 0) return null;
  const by = facts.stateAt(run).shell?.by;
  if (!by) {
    const isMissing = image.shellless && image.shell === null && toolAt('sh', run, facts) === 'absent';
    return isMissing ? { name: 'sh', span: run.keywordSpan } : null;
  }
  const first = by.keyword === 'SHELL' ? by.command?.strings[0] : undefined;
  const isBash = first && /^(?:\/(?:usr\/(?:local\/)?)?bin\/)?bash$/.test(first.value);
  return isBash && toolAt('bash', run, facts) === 'absent' ? { name: 'bash', span: first.span } : null;
}

/** Whether the words of CMD or ENTRYPOINT are the program that the container starts, whatever stands before them. */
function startsItself(start: CmdInstruction | EntrypointInstruction, target: StageFacts, facts: Facts): boolean {
  if (start.keyword === 'ENTRYPOINT' || isOnItsOwn(start, target)) return true;
  const role = target.entrypoint && entrypointRole(target.entrypoint, facts);
  if (role) return role.kind === 'init' || role.kind === 'replaced';
  // node would look for a file of that name.
  return !target.entrypoint && /(?:^|\/)node$/.test(target.image.entrypoint?.[0] ?? '');
}

function advice(tool: string, message: string, stage: StageFacts): string {
  const install = installCommand(tool, stage);
  if (message === 'start' && (tool === 'npm' || tool === 'npx')) {
    return 'start the file that the script of package.json names, or choose a base image with npm';
  }
  if (install === null)
    return `choose a base image that has \`${tool}\`, or do this in another stage and copy the result`;
  return `install it first: \`RUN ${install}\`${tool === 'bash' ? ', or do without it' : ''}`;
}
