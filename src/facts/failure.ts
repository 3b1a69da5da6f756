import type { Nesting } from '../shell/types.js';
import type { CommandUse, Facts } from './types.js';

const OPEN: ReadonlySet<Nesting> = new Set(['group', 'inner-script', 'subshell']);

/**
 * True where a command surely runs, and its failure surely is that of the whole instruction: no branch, nothing that
 * catches it, no later command whose status counts instead.
 */
export function stopsInstruction({ command, script, instruction }: CommandUse, facts: Facts): boolean {
  if (command.conditional || !command.nesting.every((one) => OPEN.has(one))) return false;
  if (command.next !== null && command.next !== '&&' && command.next !== ';') return false;
  if (!script) return command.next !== ';';
  if (script.errors.length > 0 || script.commands.some((one) => one.next === '||' || one.nesting.includes('function')))
    return false;
  if (isStrict(script.options) || facts.scriptsOf(instruction).some(({ shell }) => shell.options.has('errexit')))
    return true;
  const at = script.commands.indexOf(command);
  return script.commands.slice(at).every((one) => one.next === null || one.next === '&&');
}

function isStrict(options: NonNullable<CommandUse['script']>['options']): boolean {
  return (
    options.some(({ name, on }) => name === 'errexit' && on) && options.every((one) => one.on || one.name !== 'errexit')
  );
}
