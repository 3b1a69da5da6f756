import type { Document, Instruction, Mount } from '../../dockerfile/ast.js';
import { APT_LISTS, type AptListUse, aptListUse, removesLists } from '../../facts/apt.js';
import { hadolintCommands, hasWord } from '../../facts/hadolint.js';
import { lazy } from '../../facts/lazy.js';
import { isKeptOutOfLayer } from '../../facts/mounts.js';
import { appendToChain } from '../../facts/run-chain.js';
import { listsUsedLater } from '../../facts/stale-lists.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { defineRule, type FixInput, semantics } from '../define-rule.js';

/** What a layer holds stays in the image, even where a later RUN removes it. */
export default defineRule({
  id: 'apt/clean-lists',
  summary: 'Remove the package lists in the RUN that fetches them',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3009'],
  like: { hadolint: { severity: 'info', options: { semantics: 'hadolint' } } },
  fix: 'suggestion',
  options: { semantics: semantics('hadolint') },
  messages: {
    left: ({ tool, late }: { tool: string; late: boolean }) => ({
      message: `the package lists that \`${tool} update\` fetches stay in the image: tens of megabytes, and soon outdated`,
      help: late
        ? 'move `rm -rf /var/lib/apt/lists/*` into this RUN: a later one hides the files but frees no space'
        : 'end this RUN with `rm -rf /var/lib/apt/lists/*`, or mount a cache on /var/lib/apt/lists',
    }),
  },
  check({ document, facts, options, report }) {
    if (options.semantics === 'hadolint') {
      for (const use of hadolintLeftovers(facts)) {
        const { name, nameWord, subcommandWord } = use.command;
        report('left', { at: (subcommandWord ?? nameWord ?? use.command).span, data: { tool: name, late: false } });
      }
      return;
    }
    if (facts.target?.isDevelopment || facts.commands('apt-get', 'apt', 'aptitude').length === 0) return;
    const instructions = facts.instructions('RUN').filter((run) => facts.stageOf(run)?.isShipped);
    const laterRemoval = lazy(() => removalsAfter(instructions, facts));
    for (const [index, instruction] of instructions.entries()) {
      const use = aptListUse(instruction, facts);
      const update = use?.updates.at(-1);
      if (!use || !update?.script || !update.command.subcommandWord) continue;
      if (removesLists({ script: update.script }, update.command.span.end)) continue;
      // Without them a later RUN would find no package: apt/update-with-install says what to do first.
      if (listsUsedLater(facts).has(update)) continue;
      const after = laterRemoval()[index] ?? null;
      report('left', {
        at: update.command.subcommandWord.span,
        data: { tool: update.command.name, late: after !== null },
        related: after ? [{ at: after.keywordSpan, message: 'removes them a layer too late' }] : [],
        fix: appended(use, facts, document),
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

function appended({ instruction, updates }: AptListUse, facts: Facts, document: Document): FixInput | null {
  const sudo = updates.some(({ command }) => command.wrappers.some(({ name }) => name === 'sudo')) ? 'sudo ' : '';
  const edit = appendToChain(instruction, `${sudo}rm -rf /var/lib/apt/lists/*`, facts, document);
  return edit && { title: 'Remove the lists in the same RUN', edits: [edit] };
}

/** Updates after which hadolint misses a clean-up, wherever in the RUN that stands; it counts any `rm -rf` as one. */
function hadolintLeftovers(facts: Facts): readonly CommandUse[] {
  return hadolintCommands(facts, 'apt-get', 'apt', 'aptitude').filter(({ command, script, instruction, stage }) => {
    if (!hasWord(command, 'update') || instruction.keyword !== 'RUN') return false;
    const isKept = (path: string) => isKeptOutOfLayer(instruction, path);
    if (instruction.mounts.some(isOnLists) || (isKept('/var/cache/apt') && isKept('/var/lib/apt'))) return false;
    if (stage && stage.index < facts.stages.length - 1 && !facts.stages.some(({ parent }) => parent === stage))
      return false;
    if (script && removesLists({ script }, 0)) return false;
    const all = facts.commandsOf(instruction).map((use) => use.command);
    return !all.some((one) => one.name === 'rm' && hasWord(one, '-rf'));
  });
}

/** A mount on the directory above is taken for one only together with one on the packages. */
function isOnLists({ type, options }: Mount): boolean {
  return (type === 'cache' || type === 'tmpfs') && options.get('target')?.replace(/\/+$/, '') === APT_LISTS;
}
