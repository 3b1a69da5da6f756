import type { RunInstruction } from '../../dockerfile/ast.js';
import { readsOfLost } from '../../facts/lost-exports.js';
import type { Facts, ScriptUse } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { locate } from '../../model/source.js';
import type { Command } from '../../shell/types.js';
import { defineRule, type FixInput } from '../define-rule.js';

/** Each RUN is a shell of its own: what it changes of itself ends with it, only files stay. */
export default defineRule({
  id: 'shell/export-lost',
  summary: 'Set what later instructions need with ENV, not in the shell of a RUN',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    variable: ({ name }: { name: string }) => ({
      message: `\`${name}\` is lost: the shell that sets it ends here, and the next instruction has a new one`,
      help: `write \`ENV ${name}=...\`, which later instructions and the container see`,
    }),
    read: ({ name, line }: { name: string; line: number }) => ({
      message: `\`$${name}\` is empty here: the RUN on line ${line} that exports it had a shell of its own`,
      help: `write \`ENV ${name}=...\` there, or export it in this RUN`,
    }),
    unset: ({ text }: { text: string }) => ({
      message: `\`${text}\` has no effect: it changes only the shell of this RUN, which ends here`,
      help: 'put it in the RUN that must not see the variable; what ENV sets stays set for all that follows',
    }),
    state: ({ text }: { text: string }) => ({
      message: `\`${text}\` has no effect: it changes only the shell of this RUN, which ends here`,
      help: 'put it in the RUN that needs it, before what needs it; ENV and SHELL hold for later instructions',
    }),
  },
  check({ document, facts, report }) {
    const reported = new Set<Command>();
    for (const instruction of facts.instructions('RUN')) {
      const [use, more] = facts.scriptsOf(instruction);
      // Those of a `$(...)` stand behind the command that they belong to.
      const last = use?.script.commands.findLast(({ nesting }) => !nesting.some((one) => one.endsWith('substitution')));
      if (!use || more || !last || use.script.errors.length > 0 || !isPlain(last)) continue;
      const name = exported(last);
      if (name !== null) {
        reported.add(last);
        report('variable', { at: last.span, data: { name: shorten(name) }, fix: fixOf(instruction, use, last, facts) });
      } else if (changesShellAlone(last, use.script.commands.length)) {
        const text = shorten(last.words.map((word) => word.text).join(' '));
        report(last.name === 'unset' ? 'unset' : 'state', { at: last.span, data: { text } });
      }
    }
    for (const { name, span, command, exported: at } of readsOfLost(facts)) {
      if (reported.has(command)) continue;
      const { line } = locate(document.source, at.start);
      report('read', {
        at: span,
        data: { name: shorten(name), line },
        related: [{ at, message: 'holds to the end of its RUN' }],
      });
    }
  },
});

function isPlain({ nesting, wrappers, pipeline, redirects, next, previous }: Command): boolean {
  return (
    nesting.length + wrappers.length + redirects.length === 0 && pipeline === -1 && next === null && previous !== '||'
  );
}

/** The first name that an `export` or an assignment sets; null for anything else. */
function exported({ name, nameWord, operands, flags, assignments }: Command): string | null {
  if (nameWord === null) return assignments[0]?.name ?? null;
  if (name !== 'export' || flags.length > 0) return null;
  const [first] = operands;
  return /^([A-Za-z_]\w*)(?:=|$)/.exec(first?.value ?? '')?.[1] ?? null;
}

/** Files that set variables and functions, by their names; any other may do what stays. */
const SETTINGS =
  /(?:^|\/)(?:\.(?:bashrc|bash_profile|profile|zshrc|zprofile|env)|etc\/profile|activate|nvm\.sh|cargo\/env|setup\.(?:ba|z)?sh)$/;

function changesShellAlone({ name, words, operands }: Command, count: number): boolean {
  const [first, second] = words.slice(1).map(({ value }) => value);
  switch (name) {
    case 'alias':
      return operands.some(({ value }) => /^[\w-]+=/.test(value));
    case 'unset':
      // Behind other commands it tidies up, and nobody counts on more.
      return count === 1 && first !== undefined;
    case 'umask':
      return first !== undefined;
    case 'ulimit':
      return second !== undefined;
    case 'source':
    case '.':
      return words.length === 2 && SETTINGS.test(first ?? '');
    case 'nvm':
      return first === 'use';
    case 'conda':
    case 'mamba':
    case 'micromamba':
      return first === 'activate';
    default:
      return false;
  }
}

/** Where the RUN does nothing else, and ENV means the same by the same words. */
function fixOf(instruction: RunInstruction, { script, from }: ScriptUse, last: Command, facts: Facts): FixInput | null {
  if (
    script.commands.length > 1 ||
    last.operands.length === 0 ||
    from === 'heredoc' ||
    instruction.onbuild ||
    instruction.flags.length > 0
  )
    return null;
  const { env, args } = facts.stateAt(instruction);
  const isKnown = (name: string) => name === 'PATH' || env.get(name) !== undefined || args.get(name) !== undefined;
  const isSame = last.operands.every(
    ({ text, variables }) =>
      /^[A-Za-z_]\w*=/.test(text) && !/[`~*?[\\]|\$\(|\$\{[^}\w]|\$\{\w+[^\w}]/.test(text) && variables.every(isKnown),
  );
  if (!isSame) return null;
  const text = `ENV ${last.operands.map((word) => word.text).join(' ')}`;
  return { title: 'Write ENV', edits: [{ span: instruction.span, text }] };
}
