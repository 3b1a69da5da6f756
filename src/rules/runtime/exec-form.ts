import type { CmdInstruction, Document, EntrypointInstruction, Instruction } from '../../dockerfile/ast.js';
import { writeJsonForm } from '../../dockerfile/json-form.js';
import { shellFormsToBuildkit } from '../../facts/buildkit.js';
import { type EntrypointRole, entrypointRole, isOnItsOwn } from '../../facts/entrypoint-role.js';
import { execAdvice } from '../../facts/exec-advice.js';
import { shellFormsToHadolint } from '../../facts/hadolint.js';
import {
  endsAtOnce,
  hasNoShell,
  type ShellStart,
  type StartFate,
  shellStart,
  startFate,
} from '../../facts/shell-form.js';
import type { StageFacts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { contains } from '../../model/span.js';
import { defineRule, type FixInput, semantics } from '../define-rule.js';

interface Data {
  readonly program: string;
  /** What is named by an ENTRYPOINT in exec form before it; empty for none. */
  readonly entrypoint: string;
  readonly advice: string;
}

/** A shell in front of the program takes its signals, and most shells keep them to themselves. */
export default defineRule({
  id: 'runtime/exec-form',
  summary: 'Start the program itself, not a shell in front of it',
  category: 'runtime',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3025', 'JSONArgsRecommended'],
  like: {
    hadolint: { severity: 'warning', options: { semantics: 'hadolint' } },
    buildkit: { severity: 'warning', options: { semantics: 'buildkit' } },
  },
  fix: 'safe',
  options: { semantics: semantics('hadolint', 'buildkit') },
  messages: {
    stays: ({ program, advice }: Data) => ({
      message: `no signal reaches \`${program}\`: /bin/sh runs it and passes none on, so \`docker stop\` waits 10 seconds and kills it`,
      help: advice,
    }),
    mayStay: ({ program, advice }: Data) => ({
      message: `a shell runs \`${program}\` and may keep signals from it; then \`docker stop\` waits 10 seconds and kills it`,
      help: advice,
    }),
    handsOver: ({ program, advice }: Data) => ({
      message: `signals reach \`${program}\` only because /bin/sh of this image is bash, which replaces itself with a single command`,
      help: advice,
    }),
    behindInit: ({ program, entrypoint, advice }: Data) => ({
      message: `\`${entrypoint}\` stops the shell, not \`${program}\`: the container ends before \`${program}\` can shut down in order`,
      help: advice,
    }),
    argument: ({ entrypoint, advice }: Data) => ({
      message: `\`${entrypoint}\` gets three arguments, \`/bin/sh\`, \`-c\` and this text, not the words that are written here`,
      help: advice,
    }),
    plain: ({ keyword }: { keyword: string }) => ({
      message: `\`/bin/sh -c\` runs this: the image has to bring a shell, ${keyword === 'HEALTHCHECK' ? 'and each check starts one' : 'which may keep signals from the program'}`,
      help: `write the words as a JSON array: ${keyword === 'HEALTHCHECK' ? 'HEALTHCHECK CMD' : keyword} ["program", "argument"]`,
    }),
    noShell: ({ program, advice }: Data) => ({
      message: `the shell form needs /bin/sh to start \`${program}\`, and the base image brings none`,
      help: advice,
    }),
  },
  check({ document, facts, options, report }) {
    const { target } = facts;
    const { entrypoint = null, cmd = null } = target ?? {};
    const told = new Set<Instruction>();
    // Behind an ENTRYPOINT in shell form, CMD counts for nothing.
    const isHeard = entrypoint === null || entrypoint.command.form === 'exec';
    for (const instruction of [entrypoint, isHeard ? cmd : null]) {
      const start = instruction && shellStart(instruction, facts);
      if (!target || !instruction || !start) continue;
      const role = instruction === cmd && entrypoint ? entrypointRole(entrypoint, facts) : null;
      const hasNone = hasNoShell(instruction, target, facts);
      if (role?.kind !== 'program' && endsAtOnce(start) && !hasNone) continue;
      const message = startFate(start, role, hasNone, facts);
      told.add(instruction);
      report(message, {
        at: instruction.command.span,
        data: {
          program: shorten(start.last.nameWord?.text ?? ''),
          entrypoint: shorten(role?.name ?? ''),
          advice: execAdvice(start, instruction.keyword),
        },
        severity: severityOf(message, target),
        related: relatedTo(instruction, role, target),
        fix: message === 'noShell' && !start.argv ? null : fixOf(start, instruction, target, document),
      });
    }
    const bluntly = { plimsoll: () => [], hadolint: shellFormsToHadolint, buildkit: shellFormsToBuildkit };
    for (const { instruction, span } of bluntly[options.semantics](facts))
      if (!told.has(instruction)) report('plain', { at: span, data: { keyword: instruction.keyword } });
  },
});

function relatedTo(instruction: Instruction, role: EntrypointRole | null, { entrypoint, cmd }: StageFacts) {
  if (role && entrypoint) return [{ at: entrypoint.command.span, message: 'gets the shell as its arguments' }];
  if (instruction !== entrypoint || !cmd) return [];
  return [{ at: cmd.keywordSpan, message: 'dropped, since the shell takes it for its own arguments' }];
}

/** What cannot start is as wrong during development; to wait for a container to stop is not. */
function severityOf(message: StartFate, { isDevelopment }: StageFacts): 'warning' | 'info' {
  if (message === 'argument' || message === 'noShell') return 'warning';
  return isDevelopment || message === 'handsOver' || message === 'behindInit' ? 'info' : 'warning';
}

function fixOf(
  start: ShellStart,
  instruction: CmdInstruction | EntrypointInstruction,
  target: StageFacts,
  document: Document,
): FixInput | null {
  const { argv, execAt, inner, isSimple, withExec } = start;
  const { span } = instruction.command;
  const json = argv ?? (isSimple && !inner && withExec !== null ? ['sh', '-c', withExec] : null);
  if (json === null) {
    if (inner) return null;
    return {
      kind: 'suggestion',
      title: 'Put exec before the last command',
      edits: [{ span: { start: execAt, end: execAt }, text: 'exec ' }],
    };
  }
  if (document.comments.some((comment) => comment.inside && contains(span, comment.span))) return null;
  return {
    kind: argv && !isScript(argv[0] ?? '') && isOnItsOwn(instruction, target) ? 'safe' : 'suggestion',
    title: 'Write it as a JSON array',
    edits: [{ span, text: writeJsonForm(json) }],
  };
}

/** A script without a `#!` line runs only by way of a shell; a program of the search path is seldom one. */
function isScript(program: string): boolean {
  return program.includes('/') || /\.\w*sh$/.test(program);
}
