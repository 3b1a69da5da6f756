import type { Script } from '../shell/types.js';
import { memoise } from './lazy.js';
import type { CommandUse, Facts } from './types.js';

/**
 * True where a variable among the words of a command may hold an argument that `pattern` finds: its value does, or is not
 * known. Only words that begin with a variable count, as in `apt-get $OPTIONS install`.
 */
export function mayPass(pattern: RegExp, use: CommandUse, facts: Facts): boolean {
  const words = use.command.words.filter(({ literal, value }) => !literal && /^\$\{?\w/.test(value));
  return words.some(({ text, variables }) => {
    if (pattern.test(text)) return true;
    return variables.some((name) => {
      const values = valuesOf(name, use, facts);
      return values.length === 0 || values.some((value) => pattern.test(value));
    });
  });
}

/** The texts that a variable may have in a script; empty where they are not known. */
function valuesOf(name: string, { script, instruction }: CommandUse, facts: Facts): readonly string[] {
  if (script?.assigned.has(name)) return assignedTexts(script).get(name) ?? [];
  const { env, args } = facts.stateAt(instruction);
  return (env.get(name) ?? args.get(name))?.value?.split('\n') ?? [];
}

const assignedTexts = memoise((script: Script): ReadonlyMap<string, readonly string[]> => {
  const texts = new Map<string, string[]>();
  const add = (name: string, text: string) => texts.set(name, [...(texts.get(name) ?? []).slice(-20), text]);
  for (const { nameWord, words, assignments } of script.commands) {
    if (!nameWord) for (const { name, value } of assignments) add(name, value?.text ?? '');
    for (const { text } of words) {
      const exported = /^(\w+)=/.exec(text)?.[1];
      if (exported) add(exported, text.slice(exported.length + 1));
    }
  }
  return texts;
});
