import type { Instruction, ShellInstruction } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';
import type { Facts, ScriptUse } from './types.js';

/** A pipe whose shell hadolint does not see to have pipefail. */
export interface UnguardedPipe {
  readonly pipe: Span;
  readonly instruction: Instruction;
}

/**
 * The first pipe of each RUN as hadolint judges it: any `|` counts, whatever is on its sides, unless the last SHELL of
 * the same stage sets pipefail for a shell that has it. `set -o pipefail` in the RUN does not count.
 */
export function hadolintPipes(facts: Facts): readonly UnguardedPipe[] {
  let guarded = false;
  const found: UnguardedPipe[] = [];
  for (const instruction of facts.instructions('FROM', 'SHELL', 'RUN')) {
    if (instruction.keyword !== 'RUN') guarded = instruction.keyword === 'SHELL' && guards(instruction);
    else if (!guarded) {
      const [pipe] = facts.scriptsOf(instruction).flatMap((use) => firstPipe(use) ?? []);
      if (pipe) found.push({ pipe, instruction });
    }
  }
  return found;
}

/** PowerShell has no pipefail to ask for; among the others only these are taken to have it. */
function guards({ command }: ShellInstruction): boolean {
  const [program = '', ...words] = command?.strings.map(({ value }) => value) ?? [];
  if (/pwsh|powershell/i.test(program)) return true;
  const isAble = /^(?:bash|zsh|ash)$/.test(program.slice(program.lastIndexOf('/') + 1));
  return isAble && words.includes('pipefail') && words.some((word) => /^-\w*o/.test(word));
}

/** Scripts that are handed to another shell (`sh -c '...'`) are text to hadolint. */
function firstPipe({ script }: ScriptUse): Span | undefined {
  return script.pipelines.find(({ members }) =>
    members.every((member) => !script.commands[member]?.nesting.includes('inner-script')),
  )?.pipes[0];
}
