import type { CmdInstruction, EntrypointInstruction } from '../../dockerfile/ast.js';
import { writeJsonForm } from '../../dockerfile/json-form.js';
import { shellStart } from '../../facts/shell-form.js';
import type { Facts, StageFacts } from '../../facts/types.js';
import { textAt } from '../../model/source.js';
import { dialectOf } from '../../shell/shells.js';
import { defineRule } from '../define-rule.js';

/** In shell form ENTRYPOINT is `/bin/sh -c "..."`: the words of CMD are arguments of that shell, which the text never names. */
export default defineRule({
  id: 'runtime/entrypoint-drops-cmd',
  summary: 'Write ENTRYPOINT as an array where CMD holds its arguments',
  category: 'runtime',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    dropped: ({ sample, isArray }: { sample: string | null; isArray: boolean }) => ({
      message: 'this CMD never takes effect: the ENTRYPOINT is a text for a shell, which hands none of these words on',
      help:
        sample ??
        (isArray
          ? 'end the text with "$@" and add a string for $0 behind it: ["sh", "-c", "exec app \\"$@\\"", "sh"]'
          : 'write ENTRYPOINT as a JSON array, or use "$@" in its text'),
    }),
  },
  check({ facts, report }) {
    if (facts.instructions('CMD').length === 0) return;
    const starts = new Map<StageFacts, Start>();
    for (const stage of facts.stages) {
      const inherited = stage.parent && starts.get(stage.parent);
      const own = ownStart(stage);
      // An ENTRYPOINT resets the CMD of the stage below.
      const start = own.entrypoint ? own : { cmd: own.cmd ?? inherited?.cmd, entrypoint: inherited?.entrypoint };
      starts.set(stage, start);
      const { cmd, entrypoint } = start;
      if (!cmd || !entrypoint || !(own.cmd || own.entrypoint)) continue;
      if (cmd.command.form === 'exec' && cmd.command.strings.length === 0) continue;
      if (!dropsWords(entrypoint, facts)) continue;
      const argv = shellStart(entrypoint, facts)?.argv ?? null;
      const array = argv && writeJsonForm(argv);
      report('dropped', {
        at: cmd.keywordSpan,
        data: {
          sample: array && array.length < 120 ? `write ENTRYPOINT ${array}` : null,
          isArray: entrypoint.command.form === 'exec',
        },
        related: [{ at: entrypoint.command.span, message: 'runs as the text of `sh -c`' }],
        fix:
          array && cmd.command.form === 'exec'
            ? { title: 'Write ENTRYPOINT as an array', edits: [{ span: entrypoint.command.span, text: array }] }
            : null,
      });
    }
  },
});

interface Start {
  readonly cmd: CmdInstruction | undefined;
  readonly entrypoint: EntrypointInstruction | undefined;
}

function ownStart({ stage }: StageFacts): Start {
  return {
    cmd: stage.instructions.findLast((one) => one.keyword === 'CMD'),
    entrypoint: stage.instructions.findLast((one) => one.keyword === 'ENTRYPOINT'),
  };
}

/** `$@`, `$*`, `$0`, `${1:-x}`: the text does look at its arguments. */
const ARGUMENTS = /\$(?:[@*#\d]|\{[@*#!\d])|\bshift\b/;

function dropsWords(entrypoint: EntrypointInstruction, facts: Facts): boolean {
  const { command } = entrypoint;
  if (command.form === 'exec') return endsInScript(command.strings.map(({ value }) => value));
  if (command.failedJson || command.span.start === command.span.end) return false;
  const use = facts.scriptsOf(entrypoint)[0];
  // cmd.exe takes all that follows /C.
  if (!use || use.shell.foreign || facts.document.escape === '`') return false;
  if (facts.stageOf(entrypoint)?.image.windows) return false;
  const shell = facts.stateAt(entrypoint).shell?.value ?? facts.stageOf(entrypoint)?.image.shell;
  if (shell && !TAKES_TEXT.test(shell.at(-1) ?? '')) return false;
  return !ARGUMENTS.test(textAt(facts.document.source, command.span));
}

const TAKES_TEXT = /^-\w*c$/;

/** `["sh", "-c", "..."]` with nothing behind the text, an init before it or not. */
function endsInScript(words: readonly string[]): boolean {
  const [shell = '', flag = '', text = ''] = words.slice(-3);
  const isShell = dialectOf(shell.slice(shell.lastIndexOf('/') + 1)) !== null;
  return words.length > 2 && isShell && TAKES_TEXT.test(flag) && !ARGUMENTS.test(text);
}
