import type { Instruction, RunInstruction } from '../../dockerfile/ast.js';
import { firstOfEach, hadolintCommands } from '../../facts/hadolint.js';
import type { Facts, ScriptUse } from '../../facts/types.js';
import { resolveInImage } from '../../facts/variables.js';
import type { Command, Script, ShellWord } from '../../shell/types.js';
import { defineRule, type FixInput, type ReportInput, semantics } from '../define-rule.js';

/** Every RUN begins in WORKDIR again: a `cd` holds for its own script alone. */
export default defineRule({
  id: 'shell/cd',
  summary: 'Change the directory with WORKDIR',
  category: 'correctness',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3003'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  fix: 'suggestion',
  // `|| exit` is no use behind a cd that has no effect.
  supersedes: ['shellcheck/SC2164'],
  options: { semantics: semantics('hadolint') },
  messages: {
    lost: ({ directory }: { directory: string }) => ({
      message: 'this `cd` has no effect: the next instruction starts in the directory of WORKDIR again',
      help: `write \`WORKDIR ${directory}\` instead`,
    }),
    anywhere: (_: object) => ({
      message: 'this `cd` holds for its own RUN only: the next instruction starts in the directory of WORKDIR again',
      help: 'write WORKDIR above the RUN where the directory is meant for more than one step',
    }),
    already: ({ directory }: { directory: string }) => ({
      message: `this \`cd\` has no effect: the RUN starts in ${directory}`,
      help: 'leave it out',
    }),
    leading: ({ directory }: { directory: string }) => ({
      message: `all of this RUN works in ${directory}, but the next instruction starts elsewhere again`,
      help: `write \`WORKDIR ${directory}\` above; it holds for what follows, and COPY and CMD see it too`,
    }),
  },
  check({ facts, options, report }) {
    const told = new Set<Instruction>();
    for (const instruction of facts.instructions('RUN')) {
      const finding = instruction.onbuild ? null : findingOf(instruction, facts);
      if (!finding) continue;
      told.add(instruction);
      report(finding.message, finding);
    }
    if (options.semantics !== 'hadolint') return;
    for (const { command, instruction } of firstOfEach(hadolintCommands(facts, 'cd')))
      if (!told.has(instruction) && !instruction.onbuild) report('anywhere', { at: command.span, data: {} });
  },
});

interface Finding extends ReportInput<{ directory: string }> {
  readonly message: 'lost' | 'already' | 'leading';
}

function findingOf(instruction: RunInstruction, facts: Facts): Finding | null {
  const [use, more] = facts.scriptsOf(instruction);
  const cd = use?.script.commands[0];
  const path = cd?.operands[0];
  if (!use || more || !cd || !path || !isPlain(cd)) return null;
  const directory = directoryOf(path, instruction, use.script, facts);
  const at = cd.span;
  if (use.script.commands.length === 1) {
    const edits = [{ span: instruction.span, text: `WORKDIR ${path.value}` }];
    const fix = directory === null ? null : { title: 'Write WORKDIR', edits };
    return { message: 'lost', at, data: { directory: path.value }, severity: 'warning', fix };
  }
  if (directory === null || directory === '' || !holdsForAll(use, directory)) return null;
  const { workdir } = facts.stateAt(instruction);
  if (workdir?.value === directory) return { message: 'already', at, data: { directory }, fix: removal(use.script) };
  // Where WORKDIR says what the stage is about, one RUN elsewhere is an excursion.
  const isExcursion = !isPlaceToWork(directory) || Boolean(workdir?.by);
  return isExcursion ? null : { message: 'leading', at, data: { directory: path.value } };
}

function isPlain({ name, words, nesting, pipeline, wrappers, redirects, next }: Command): boolean {
  if (name !== 'cd' || words.length !== 2 || pipeline !== -1 || next === '||' || next === '&') return false;
  return nesting.length + wrappers.length + redirects.length === 0;
}

/** Absolute; null where it depends on what only the shell knows. */
function directoryOf(path: ShellWord, instruction: RunInstruction, script: Script, facts: Facts): string | null {
  const { env, args, workdir } = facts.stateAt(instruction);
  let isKnown = path.literal || path.variables.length > 0;
  const value = path.value.replace(/\$(?:(\w+)|\{(\w+)\})/g, (_, plain, braced) => {
    const name: string = plain ?? braced;
    const known = script.assigned.has(name) ? null : (env.get(name) ?? args.get(name))?.value;
    isKnown &&= typeof known === 'string';
    return known ?? '';
  });
  if (!isKnown || /[$`*?[~]/.test(value) || value === '-') return null;
  return resolveInImage(workdir ? workdir.value : (facts.stageOf(instruction)?.image.workdir ?? null), value);
}

/** The script goes nowhere else, and leaves the directory where it is. */
function holdsForAll({ script, from }: ScriptUse, directory: string): boolean {
  if (from === 'heredoc' || script.errors.length > 0) return false;
  return script.commands.slice(1).every(({ name, operands, previous }) => {
    if (name === 'cd' || name === 'pushd' || name === 'popd' || previous === '||') return false;
    if (name !== 'rm' && name !== 'rmdir' && name !== 'mv') return true;
    return !operands.some(({ value }) => {
      const removed = resolveInImage(directory, value);
      return removed !== null && (removed === directory || directory.startsWith(`${removed.replace(/\/\*$/, '')}/`));
    });
  });
}

/** WORKDIR in a directory of the system would only have to be taken back. */
function isPlaceToWork(directory: string): boolean {
  return !/^\/(?:$|(?:tmp|etc|bin|sbin|lib\w*|dev|proc|sys|run|boot|root)(?:\/|$)|var\/(?!www)|usr\/(?!(?:local\/)?src\/|app))/.test(
    directory,
  );
}

function removal({ commands: [cd, second] }: Script): FixInput | null {
  if (cd?.next !== '&&' || !second || second.nesting.length > 0) return null;
  return { title: 'Remove the cd', edits: [{ span: { start: cd.span.start, end: second.span.start }, text: '' }] };
}
