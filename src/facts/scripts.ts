import type { CommandForm, Document, Heredoc, Instruction, ShellForm } from '../dockerfile/ast.js';
import { shellText } from '../dockerfile/mask.js';
import { parseExec } from '../shell/exec.js';
import { parseScript } from '../shell/parse.js';
import { detectShebang, detectShell } from '../shell/shells.js';
import type { Dialect } from '../shell/types.js';
import { memoise } from './lazy.js';
import type { CommandUse, ScriptUse, ShellFacts, StageFacts, StageState } from './types.js';

export interface ScriptNeighbours {
  stageOf(instruction: Instruction): StageFacts | null;
  stateAt(instruction: Instruction): StageState;
  /** Shell that a comment sets for an instruction, as `# hadolint shell=` does; null: none. */
  shellOverride(instruction: Instruction): readonly string[] | null;
}

/** The shell that runs the shell forms of an instruction. */
function shellOf(document: Document, instruction: Instruction, neighbours: ScriptNeighbours): ShellFacts {
  const override = neighbours.shellOverride(instruction);
  if (override) return { ...detectShell(override), explicit: true };
  const own = neighbours.stateAt(instruction).shell;
  if (own) return namedShell(own.value);
  const image = neighbours.stageOf(instruction)?.image;
  if (image?.shell) return namedShell(image.shell);
  // Nobody but Windows needs the backslash for paths.
  const isWindows = image?.windows || (document.escape === '`' && image?.dialect === null);
  if (isWindows) return { dialect: null, foreign: 'cmd', explicit: false, options: new Set() };
  return { ...UNKNOWN_SHELL, dialect: image?.dialect ?? null };
}

const UNKNOWN_SHELL: ShellFacts = { dialect: null, foreign: null, explicit: false, options: new Set() };

/** Hundreds of RUN may share one SHELL. */
const namedShell = memoise((words: readonly string[]): ShellFacts => ({ ...detectShell(words), explicit: true }));

/** Reads the shell form of an instruction and the heredoc bodies that it runs. Nothing for a shell we cannot read. */
export function readScripts(
  document: Document,
  instruction: Instruction,
  neighbours: ScriptNeighbours,
): readonly ScriptUse[] {
  const command = commandForm(instruction);
  if (command?.form !== 'shell' || command.span.start === command.span.end) return [];
  const shell = shellOf(document, instruction, neighbours);
  const body = scriptBody(document, command, instruction.heredocs);
  if (body) return heredocScript(document, body, shell);
  if (shell.foreign) return [];
  const end = instruction.heredocs.at(-1);
  const span = { start: command.span.start, end: end ? (end.terminator ?? end.body).end : command.span.end };
  const text = shellText(document.source, span, document.escape, instruction.heredocs);
  const script = parseScript({ text, offset: span.start }, shell.dialect ?? 'sh', { joined: true });
  return [{ script, shell, from: 'instruction' }];
}

/** The commands that an instruction runs, whichever its form. */
export function readCommands(
  instruction: Instruction,
  scripts: readonly ScriptUse[],
  stage: StageFacts | null,
): readonly CommandUse[] {
  const form = commandForm(instruction);
  if (form?.form === 'exec') {
    return parseExec(form.strings).map((command) => ({ command, script: null, instruction, stage }));
  }
  return scripts.flatMap(({ script }) => script.commands.map((command) => ({ command, script, instruction, stage })));
}

/** The command of RUN, CMD, ENTRYPOINT and HEALTHCHECK CMD. */
function commandForm(instruction: Instruction): CommandForm | null {
  switch (instruction.keyword) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
      return instruction.command;
    default:
      return null;
  }
}

/** `RUN <<EOF` with nothing else on its line runs the body; anything more makes the body an input. */
function scriptBody(document: Document, command: ShellForm, heredocs: readonly Heredoc[]): Heredoc | null {
  const [only, more] = heredocs;
  if (!only || more) return null;
  const before = document.source.text.slice(command.span.start, only.marker.start);
  const after = document.source.text.slice(only.marker.end, command.span.end);
  return before.trim() === '' && after.trim() === '' ? only : null;
}

function heredocScript(document: Document, heredoc: Heredoc, shell: ShellFacts): readonly ScriptUse[] {
  const firstLine = heredoc.content.slice(0, heredoc.content.search(/\r?\n|$/));
  const shebang = firstLine.startsWith('#!') ? detectShebang(firstLine) : null;
  const used: ShellFacts = shebang ? { ...shebang, explicit: true } : shell;
  if (used.foreign) return [];
  const text = shellText(document.source, heredoc.body, document.escape, [heredoc]);
  const dialect: Dialect = used.dialect ?? 'sh';
  const script = parseScript({ text, offset: heredoc.body.start }, dialect, { joined: false });
  return [{ script, shell: used, from: 'heredoc' }];
}
