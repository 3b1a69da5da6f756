import type { Instruction } from '../dockerfile/ast.js';
import type { ShellWord } from '../shell/types.js';
import { hadolintOperands, hasWord } from './hadolint.js';
import type { CommandUse, Facts } from './types.js';

/** How hadolint tells which words of a command install something that may be any version. */
export interface HadolintInstall {
  readonly commands: readonly string[];
  /** The words that make a command an install, wherever they stand. */
  readonly verbs: readonly string[];
  /** Names of flags whose value is the next word. */
  readonly takesValue: readonly string[];
  /** Whether a word, with the variables put in that are known, holds a version or needs none. */
  readonly isPinned: (text: string) => boolean;
  /** A word with which the command as a whole counts as pinned. */
  readonly exempt?: RegExp;
  /** True where only the first word that is no flag names what is installed. */
  readonly onlyFirst?: boolean;
}

/** Words of a command that hadolint takes for packages without a version. */
export function hadolintUnpinned(use: CommandUse, facts: Facts, install: HadolintInstall): readonly ShellWord[] {
  const { verbs, takesValue, isPinned, exempt, onlyFirst } = install;
  const { command } = use;
  if (!hasWord(command, ...verbs) || hasWord(command, 'group')) return [];
  if (exempt && command.words.some(({ value }) => exempt.test(value))) return [];
  const isModule = hasWord(command, 'module');
  const operands = hadolintOperands(command, ...takesValue).filter(
    ({ value }) => !verbs.includes(value) && value !== 'module',
  );
  return (onlyFirst ? operands.slice(0, 1) : operands).filter((word) =>
    isModule ? !word.value.includes(':') : !isPinned(expanded(word, use, facts)),
  );
}

/** It puts in what ENV and ARG say; an ARG counts in every stage behind it, and neither needs a FROM. */
function expanded({ value, variables }: ShellWord, { instruction }: CommandUse, facts: Facts): string {
  if (variables.length === 0) return value;
  const { env, args } = facts.stateAt(instruction);
  return value.replace(/\$(?:(\w+)|\{(\w+)\})/g, (text, bare?: string, braced?: string) => {
    const name = bare ?? braced ?? '';
    return (env.get(name) ?? args.get(name))?.value ?? declared(name, instruction, facts) ?? text;
  });
}

function declared(name: string, { stage }: Instruction, facts: Facts): string | null {
  const all = facts
    .instructions('ARG', 'ENV')
    .filter(({ keyword, stage: other }) => keyword === 'ARG' || other === stage)
    .flatMap(({ pairs }) => pairs);
  return all.find(({ key }) => key.text === name)?.value?.text ?? null;
}
