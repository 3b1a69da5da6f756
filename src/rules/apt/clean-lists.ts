import type { Instruction } from '../../dockerfile/ast.js';
import { type AptListUse, aptListUse, removesLists } from '../../facts/apt.js';
import { lazy } from '../../facts/lazy.js';
import type { Facts } from '../../facts/types.js';
import type { SourceFile } from '../../model/source.js';
import { defineRule, type FixInput } from '../define-rule.js';

/** What a layer holds stays in the image, even where a later RUN removes it. */
export default defineRule({
  id: 'apt/clean-lists',
  summary: 'Remove the package lists in the RUN that fetches them',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3009'],
  like: { hadolint: { severity: 'info' } },
  fix: 'suggestion',
  messages: {
    left: ({ tool, late }: { tool: string; late: boolean }) => ({
      message: `the package lists that \`${tool} update\` fetches stay in the image: tens of megabytes, and soon outdated`,
      help: late
        ? 'move `rm -rf /var/lib/apt/lists/*` into this RUN: a later one hides the files but frees no space'
        : 'end this RUN with `rm -rf /var/lib/apt/lists/*`, or mount a cache on /var/lib/apt/lists',
    }),
  },
  check({ document, facts, report }) {
    if (facts.target?.isDevelopment || facts.commands('apt-get', 'apt', 'aptitude').length === 0) return;
    const instructions = facts.instructions('RUN').filter((run) => facts.stageOf(run)?.isShipped);
    const laterRemoval = lazy(() => removalsAfter(instructions, facts));
    for (const [index, instruction] of instructions.entries()) {
      const use = aptListUse(instruction, facts);
      const update = use?.updates.at(-1);
      if (!use || !update?.script || !update.command.subcommandWord) continue;
      if (removesLists({ script: update.script }, update.command.span.end)) continue;
      const after = laterRemoval()[index] ?? null;
      report('left', {
        at: update.command.subcommandWord.span,
        data: { tool: update.command.name, late: after !== null },
        related: after ? [{ at: after.keywordSpan, message: 'removes them a layer too late' }] : [],
        fix: appended(use, facts, document.source, document.escape),
      });
    }
  },
});

/** For each instruction the next one below it that removes the lists. */
function removalsAfter(instructions: readonly Instruction[], facts: Facts): readonly (Instruction | null)[] {
  const next: (Instruction | null)[] = [];
  let late: Instruction | null = null;
  for (const instruction of instructions.toReversed()) {
    next.push(late);
    if (removes(instruction, facts)) late = instruction;
  }
  return next.reverse();
}

function removes(instruction: Instruction, facts: Facts): boolean {
  return instruction.keyword === 'RUN' && facts.scriptsOf(instruction).some((use) => removesLists(use, 0));
}

/** Only a plain chain of `&&` can be carried on without a look at what its last command means. */
function appended(
  { instruction, updates }: AptListUse,
  facts: Facts,
  source: SourceFile,
  escapeCharacter: string,
): FixInput | null {
  const [only, more] = facts.scriptsOf(instruction);
  if (!only || more || only.from !== 'instruction' || instruction.heredocs.length > 0) return null;
  const { commands, errors } = only.script;
  const isChain = commands.every(({ next, nesting }) => (next === '&&' || next === null) && nesting.length === 0);
  if (!isChain || errors.length > 0 || commands.some(({ conditional }) => conditional)) return null;
  const { end } = instruction.command.span;
  const text = source.text.slice(instruction.span.start, end);
  const sudo = updates.some(({ command }) => command.wrappers.some(({ name }) => name === 'sudo')) ? 'sudo ' : '';
  const removal = `${sudo}rm -rf /var/lib/apt/lists/*`;
  return {
    title: 'Remove the lists in the same RUN',
    edits: [{ span: { start: end, end }, text: joined(text, removal, escapeCharacter, source.eol) }],
  };
}

/** In the manner of the lines before: `&&` at their end, at their beginning, or all on one line. */
function joined(text: string, removal: string, escapeCharacter: string, eol: string): string {
  const last = text.slice(text.lastIndexOf('\n') + 1);
  if (last === text) return ` && ${removal}`;
  const indent = /^\s*/.exec(last)?.[0] ?? '';
  if (/&&[ \t]*\S\r?\n/.test(text)) return ` && ${escapeCharacter}${eol}${indent}${removal}`;
  return ` ${escapeCharacter}${eol}${/^\s*&&/.test(last) ? indent : '    '}&& ${removal}`;
}
